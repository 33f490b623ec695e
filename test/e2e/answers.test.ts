import * as path from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { readSecret } from "../../src/core/secrets.ts";
import { commitmentOf, joinAsClient, type ClientAnswer } from "../support/answers.ts";
import { testClient, type Client } from "../support/client.ts";
import { FAKE_MODEL, fakeRuntime, type FakeBehaviour } from "../support/fake_runtime.ts";
import { BROKEN, type Script, WHOLE } from "../support/scripts.ts";
import { COMPLETION_PRICE_WEI, pause, PROMPT_PRICE_WEI } from "../support/system.ts";
import { priceOf, testSystem } from "../support/e2e.ts";

/** Other people's runtimes behind a real agent and a real gateway (docs/design/chat.md, Answer). */
const fake = await fakeRuntime();
const usual = fake.behaviour;
afterAll(() => fake.close());
const system = await testSystem({ agents: [{ runtime_url: fake.url }] });
const agent = system.agents[0]!;
const local = testClient(agent.url, { authorization: `Bearer ${agent.key}` });
const owner = testClient(agent.url, {
  "x-b3iq-setup-token": readSecret(path.join(agent.home, "secrets"), "setup-token")!,
});
const LONGEST_MS = 15_000;

beforeEach(() => {
  fake.behaviour = { ...usual };
});

const body = (stream: boolean) => ({
  model: FAKE_MODEL,
  messages: [{ role: "user", content: "hello" }],
  tools: [{ type: "function", function: { name: "f", parameters: { type: "object" } } }],
  max_tokens: 64,
  ...(stream ? { stream, stream_options: { include_usage: true } } : {}),
});

async function streamed(client: Client, script: Script["script"]) {
  fake.behaviour = { ...usual, script };
  const started = performance.now();
  const { status, events } = await client.events("/v1/chat/completions", { body: body(true) });
  expect(status).toBe(200);
  expect(performance.now() - started).toBeLessThan(LONGEST_MS);
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- events that were checked against the document
  const frames: any[] = events.filter((data) => data !== "[DONE]").map((data) => JSON.parse(data));
  return { is_done: events.at(-1) === "[DONE]", frames, joined: joinAsClient(frames.filter(({ choices }) => choices)) };
}

/** The receipt of an answer, as whoever may see it reads it. */
async function receiptOf(receipt_hash: string, where: "hosted" | "local") {
  if (where === "hosted") return (await system.anyone.ask("GET", `/v1/receipts/${receipt_hash}`)).json.receipt;
  const { json } = await owner.ask("GET", "/v1/receipts?limit=1");
  expect(json.data[0].receipt_hash).toBe(receipt_hash);
  return json.data[0].receipt;
}

function expectAnswer(
  joined: ClientAnswer,
  { content = "one two three four", finish = "stop", tool_calls = [] }: Script,
) {
  expect(joined.content).toBe(content);
  expect(joined.finish_reasons).toEqual([finish]);
  expect(joined.tool_calls.map((call) => [call.id, call.function.name, call.function.arguments])).toEqual(tool_calls);
}

describe("a stream is whole and charged for what it says in spite of", () => {
  test.each(WHOLE)("$name", async (script) => {
    const customer = await system.customer();
    const { is_done, frames, joined } = await streamed(customer.client, script.script);
    expectAnswer(joined, script);
    expect(is_done).toBe(true);
    const [finish, usage] = frames.slice(-2);
    expect(finish.choices[0].finish_reason).toBe(script.finish ?? "stop");
    expect(usage).toMatchObject({ choices: [], usage: { prompt_tokens: expect.any(Number) as number } });
    const receipt = await receiptOf(finish.b3iq.receipt_hash, "hosted");
    expect(receipt.response_commitment).toBe(commitmentOf(finish.b3iq.commitment_salt, joined));
    const spent = 10n ** 18n - (await customer.balance());
    expect(spent).toBe(priceOf(usage.usage, PROMPT_PRICE_WEI, COMPLETION_PRICE_WEI));
    expect(finish.b3iq.charged_wei).toBe(`${spent}`);
    expect(await customer.reserved()).toBe(0n);
  });
});

describe("a stream of the agent's own port is whole in spite of", () => {
  test.each(WHOLE)("$name", async (script) => {
    const { is_done, frames, joined } = await streamed(local, script.script);
    expectAnswer(joined, script);
    expect(is_done).toBe(true);
    const [finish, usage] = frames.slice(-2);
    expect(usage).toMatchObject({ choices: [], usage: { prompt_tokens: expect.any(Number) as number } });
    const receipt = await receiptOf(finish.b3iq.receipt_hash, "local");
    expect(receipt.response_commitment).toBe(commitmentOf(finish.b3iq.commitment_salt, joined));
  });
});

const MESSAGE = { role: "assistant", content: "one two" };
const completion = (message: object, finish_reason: unknown): FakeBehaviour["completion"] => ({
  id: "chatcmpl-plain",
  object: "chat.completion",
  created: 1,
  model: FAKE_MODEL,
  choices: [{ index: 0, message, finish_reason }],
  usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 },
});
const called = (...calls: object[]) => ({ role: "assistant", content: null, tool_calls: calls });
const CALL = { index: 1e9, id: "a", type: "function", function: { name: "f", arguments: { x: 1 } } };

describe("a plain answer is whole, hosted and local, with", () => {
  test.each([
    ["eos_token", completion(MESSAGE, "eos_token"), "stop"],
    ["MAX_TOKENS", completion(MESSAGE, "MAX_TOKENS"), "length"],
    ["an unknown finish reason", completion(MESSAGE, "repetition"), "stop"],
    ["content as parts", completion({ ...MESSAGE, content: [{ type: "text", text: "one two" }] }, "stop"), "stop"],
    ["half a character", completion({ ...MESSAGE, content: "one \ud83d" }, "stop"), "stop"],
    ["a call's foreign index and arguments that are no text", completion(called(CALL), "tool_calls"), "tool_calls"],
  ])("%s", async (_name, answer, finish_reason) => {
    const customer = await system.customer();
    for (const [client, where] of [
      [customer.client, "hosted"],
      [local, "local"],
    ] as const) {
      fake.behaviour = { ...usual, completion: answer! };
      const { status, json, text } = await client.ask("POST", "/v1/chat/completions", { body: body(false) });
      expect(status, text).toBe(200);
      const [{ message, ...choice }] = json.choices;
      expect(choice.finish_reason).toBe(finish_reason);
      if (finish_reason === "tool_calls")
        expect(message.tool_calls).toEqual([
          { id: "a", type: "function", function: { name: "f", arguments: '{"x":1}' } },
        ]);
      else expect(message.content).toMatch(/^one (two|\ufffd)$/);
      const joined = {
        content: message.content ?? "",
        reasoning: "",
        tool_calls: message.tool_calls ?? [],
        finish_reasons: [finish_reason],
      };
      const receipt = await receiptOf(json.b3iq.receipt_hash, where);
      expect(receipt.response_commitment).toBe(commitmentOf(json.b3iq.commitment_salt, joined));
    }
  });
});

describe("a stream is broken, and charged for no more than was delivered, by", () => {
  test.each(BROKEN)("$name", async (script) => {
    const customer = await system.customer();
    for (const client of [customer.client, local]) {
      const { is_done, frames, joined } = await streamed(client, script.script);
      expect(joined).toMatchObject({ content: "one two three four", finish_reasons: [] });
      expect(is_done).toBe(false);
      expect(frames.at(-1).error.code).toMatch(/^(router_dispatch_failed|runtime_failed)$/);
    }
    const [{ job_id }] = (await customer.usage()).filter(({ kind }) => kind === "reserve");
    const job = await customer.closed(job_id);
    expect(job.completion_tokens ?? 0).toBeLessThanOrEqual(4);
    expect(10n ** 18n - (await customer.balance())).toBe(BigInt(job.charged_wei ?? 0));
  });
});

test.each(["abort", "error", "", null])(
  "a plain answer that ended with %j is no answer and not charged",
  async (reason) => {
    const customer = await system.customer();
    for (const client of [customer.client, local]) {
      fake.behaviour = { ...usual, completion: completion(MESSAGE, reason)! };
      const { status } = await client.ask("POST", "/v1/chat/completions", { body: body(false) });
      expect(status).toBe(502);
    }
    await pause(500);
    expect((await customer.usage()).filter(({ kind }) => kind === "debit")).toEqual([]);
    expect(await customer.balance()).toBe(10n ** 18n);
  },
);
