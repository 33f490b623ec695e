import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { fakeRuntime } from "../support/fake_runtime.ts";
import { realModel } from "../support/real_model.ts";
import { runningHost } from "../support/running_host.ts";
import { describeUnless } from "../support/unless.ts";
import { COMPLETION_PRICE_WEI, PROMPT_PRICE_WEI } from "../support/system.ts";
import { priceOf, testSystem } from "../support/e2e.ts";

const { path: model_path, missing } = await realModel();

describeUnless(missing)("a real instruct model by B3IQ_MODEL_PATH", async () => {
  const env = { B3IQ_MODEL_PATH: model_path!, B3IQ_CONTEXT_LENGTH: "2048" };
  // The tests are listed where they are left out too, so nothing is started for them there.
  const system = (missing === null ? await testSystem({ agents: [{ env }] }) : undefined)!;
  const model = missing === null ? system.agents[0]!.model : "";
  const customer = (missing === null ? await system.customer() : undefined)!;
  const question = [{ role: "user", content: "What is the capital of France? Answer in one short sentence." }];

  test("answers sensibly, with exact accounting, plain and streamed", { timeout: 120_000 }, async () => {
    const before = await customer.balance();
    const plain = (
      await customer.client.ask("POST", "/v1/chat/completions", {
        body: { model, messages: question, temperature: 0, max_tokens: 40 },
      })
    ).json;
    expect(plain.choices[0].message.content).toMatch(/\w+ \w+/);
    expect(["stop", "length"]).toContain(plain.choices[0].finish_reason);
    expect(plain.usage.prompt_tokens).toBeGreaterThan(10);
    expect(before - (await customer.balance())).toBe(priceOf(plain.usage, PROMPT_PRICE_WEI, COMPLETION_PRICE_WEI));
    expect(plain.b3iq.charged_wei).toBe(`${priceOf(plain.usage, PROMPT_PRICE_WEI, COMPLETION_PRICE_WEI)}`);

    const body = {
      model,
      messages: question,
      temperature: 0,
      max_tokens: 40,
      stream: true,
      stream_options: { include_usage: true },
    };
    const { events } = await customer.client.events("/v1/chat/completions", { body });
    const chunks = events.slice(0, -1).map((event) => JSON.parse(event));
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe(
      plain.choices[0].message.content,
    );
    expect(chunks.at(-1).usage).toMatchObject({
      prompt_tokens: plain.usage.prompt_tokens,
      completion_tokens: plain.usage.completion_tokens,
    });
  });

  test("max_tokens, stop sequences and JSON by schema hold", { timeout: 120_000 }, async () => {
    const ask = async (more: object) =>
      (
        await customer.client.ask("POST", "/v1/chat/completions", {
          body: { model, messages: question, temperature: 0, ...more },
        })
      ).json;
    const cut = await ask({ max_tokens: 3 });
    expect(cut.choices[0].finish_reason).toBe("length");
    expect(cut.usage.completion_tokens).toBe(3);
    const whole: string = (await ask({ max_tokens: 40 })).choices[0].message.content;
    const stop = whole.slice(whole.length / 2, whole.length / 2 + 4);
    expect((await ask({ max_tokens: 40, stop: [stop] })).choices[0].message.content).not.toContain(stop);
    const schema = {
      type: "object",
      properties: { capital: { type: "string", maxLength: 20 } },
      required: ["capital"],
      additionalProperties: false,
    };
    const shaped = await ask({
      max_tokens: 60,
      response_format: { type: "json_schema", json_schema: { name: "capital", schema } },
    });
    expect(JSON.parse(shaped.choices[0].message.content)).toEqual({ capital: expect.any(String) as unknown });
  });
});

describe("an OpenAI-compatible server by B3IQ_RUNTIME_URL", async () => {
  const fake = await fakeRuntime();
  const inner = await runningHost({ B3IQ_RUNTIME_URL: fake.url });
  const key_file = path.join(inner.home, "key");
  fs.writeFileSync(key_file, inner.key, { mode: 0o600 });
  const system = await testSystem({
    agents: [{ runtime_url: `${inner.url}/v1`, env: { B3IQ_RUNTIME_KEY_FILE: key_file } }],
  });
  afterAll(async () => {
    await inner.close();
    await fake.close();
  });

  test("another host agent's local surface is one: a chat goes through both, and each signs its own receipt", async () => {
    const customer = await system.customer();
    const { model } = system.agents[0]!;
    for (const stream of [false, true]) {
      const answer = await customer.client.ask("POST", "/v1/chat/completions", {
        body: { model, messages: [{ role: "user", content: "hello" }], stream },
      });
      expect(answer.status, answer.text).toBe(200);
      expect(stream ? answer.text : answer.json.choices[0].message.content).toContain(
        stream ? "[DONE]" : "Hello from the fake.",
      );
      // What the inner agent says of its own receipt is not the customer's.
      expect(answer.text.match(/receipt_hash/g)).toHaveLength(1);
    }
    const debits = (await customer.usage()).filter(({ kind }) => kind === "debit");
    expect(debits.map(({ prompt_tokens, completion_tokens }) => [prompt_tokens, completion_tokens])).toEqual([
      [9, 5],
      [9, 5],
    ]);
    const local = await inner.owner.ask("GET", "/v1/receipts");
    expect(local.json.data.length).toBeGreaterThanOrEqual(2);
  });
});
