import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureLocalKey, waitForModel } from "../../src/cli/run_setup.ts";
import { hostConfig, prepareHome } from "../../src/config.ts";
import type { LlamaCppRuntime } from "../../src/core/host/runtimes/llama_cpp.ts";
import { startHost, type RunningHost } from "../../src/host.ts";
import { FAKE_MODEL, fakeRuntime } from "../support/fake_runtime.ts";
import { temporaryHome } from "../support/processes.ts";
import { COMPLETION_PRICE_WEI, eventually, pause, PROMPT_PRICE_WEI } from "../support/system.ts";
import { priceOf, testSystem } from "../support/e2e.ts";

const fake = await fakeRuntime({ tokens: Array.from({ length: 2000 }, (_, at) => ` t${at}`) });
const system = await testSystem({ agents: [{ runtime_url: fake.url }] });
const TINY = "b3iq-tiny.gguf";
const messages = [{ role: "user", content: "hello" }];
const home = temporaryHome();
let host: RunningHost;

/** The agent with llama.cpp runs in this process, so that the runtime child's own counters can be asked. */
beforeAll(async () => {
  // Two threads are slow for a model this small: some 10 ms a token, so that there is a middle of a stream.
  const config = hostConfig({
    B3IQ_HOME: home,
    B3IQ_LOCAL_LISTEN: "127.0.0.1:0",
    B3IQ_LOG_LEVEL: "silent",
    B3IQ_GATEWAY_URL: system.url,
    B3IQ_RUNTIME_THREADS: "2",
  });
  prepareHome(config);
  host = await startHost(config);
  await ensureLocalKey(host.url, path.join(home, "secrets"));
  await system.price(TINY, PROMPT_PRICE_WEI, COMPLETION_PRICE_WEI);
  await waitForModel(system.url, system.secrets_dir, host.node_id, () => {});
});
afterAll(async () => {
  await host.stop();
  fs.rmSync(home, { recursive: true });
  await fake.close();
});

/** Reads `events` events of a stream, then hangs up. Answers what was read. */
async function readAndLeave(
  client: Awaited<ReturnType<typeof system.customer>>["client"],
  body: object,
  events: number,
): Promise<string> {
  const controller = new AbortController();
  const response = await client.send("POST", "/v1/chat/completions", {
    body: { ...body, stream: true },
    signal: controller.signal,
  });
  expect(response.status).toBe(200);
  let text = "";
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.split("\n\n").length > events) break;
  }
  controller.abort();
  return text;
}

const debits = async (customer: Awaited<ReturnType<typeof system.customer>>) =>
  (await customer.usage()).filter(({ kind }) => kind === "debit");

test("in the middle of a stream: llama.cpp's own counter stands still a second later; the signed part is charged and in the export", async () => {
  const customer = await system.customer();
  const schema = { type: "array", items: { type: "string", minLength: 900 }, minItems: 4 };
  const body = {
    model: TINY,
    messages,
    max_tokens: 4000,
    response_format: { type: "json_schema", json_schema: { name: "long", schema } },
  };
  const counters = () => (host.runtime as LlamaCppRuntime).counters();
  const before = await counters();
  await readAndLeave(customer.client, body, 20);
  await pause(1_000);
  const still = await counters();
  await pause(1_000);
  expect(await counters()).toEqual(still);
  expect(still.running).toBe(0);
  const generated = still.generated_tokens - before.generated_tokens;
  expect(generated).toBeGreaterThan(15);
  expect(generated).toBeLessThan(3_000);

  const [debit] = await eventually(async () => (await debits(customer)).length > 0 && debits(customer));
  const { receipt, settled } = (await system.anyone.ask("GET", `/v1/receipts/${debit.receipt_hash}`)).json;
  expect(receipt.outcome).toBe("cancelled");
  // Counted by the child, signed by the agent, settled by the gateway: within the token that was under way.
  expect(Math.abs(receipt.completion_tokens - generated)).toBeLessThanOrEqual(1);
  expect(debit.completion_tokens).toBe(settled.completion_tokens);
  expect(BigInt(debit.amount_wei)).toBe(priceOf(settled, PROMPT_PRICE_WEI, COMPLETION_PRICE_WEI));
  expect(10n ** 18n - (await customer.balance())).toBe(BigInt(debit.amount_wei));
  expect(await customer.reserved()).toBe(0n);
});

test("in the middle of a stream of a server by URL: its connection is closed within a second, the part is charged", async () => {
  fake.behaviour.delay_ms = 5;
  const customer = await system.customer();
  await readAndLeave(customer.client, { model: FAKE_MODEL, messages, max_tokens: 2000 }, 10);
  await pause(1_000);
  const sent = fake.tokens_sent;
  expect(fake.open).toBe(0);
  await pause(500);
  expect(fake.tokens_sent).toBe(sent);
  expect(sent).toBeLessThan(1_000);
  const [debit] = await eventually(async () => (await debits(customer)).length > 0 && debits(customer));
  expect(debit.completion_tokens).toBeGreaterThanOrEqual(9);
  expect(BigInt(debit.amount_wei)).toBe(priceOf(debit, PROMPT_PRICE_WEI, COMPLETION_PRICE_WEI));
});

test("before the first byte of a stream, and of a plain answer: the node is told, nothing is charged, and it is not the node's fault", async () => {
  const customer = await system.customer();
  for (const stream of [true, false, true, false]) {
    Object.assign(
      fake.behaviour,
      stream ? { first_delay_ms: 20_000, delay_ms: 0 } : { first_delay_ms: 0, delay_ms: 20 },
    );
    const seen = fake.requests.length;
    const left = new AbortController();
    const asked = customer.client.send("POST", "/v1/chat/completions", {
      body: { model: FAKE_MODEL, messages, max_tokens: 2000, stream },
      signal: left.signal,
    });
    asked.catch(() => {});
    await eventually(() =>
      fake.requests.slice(seen).some(({ path: asked_path }) => asked_path === "/v1/chat/completions"),
    );
    expect(await customer.reserved()).toBeGreaterThan(0n);
    left.abort();
    await expect(asked).rejects.toThrow();
    await eventually(() => fake.open === 0, 1_500);
    await eventually(async () => (await customer.reserved()) === 0n, 5_000);
  }
  expect(await debits(customer)).toEqual([]);
  expect(await customer.balance()).toBe(10n ** 18n);
  const explained = (await system.admin.ask("POST", "/v1/admin/routing/explain", { body: { model: FAKE_MODEL } })).json;
  expect(explained.candidates[0]).toMatchObject({ rank: 1 });
  // What the agent signed for them comes by its outbox, and is kept unpaid.
  await eventually(
    async () => (await system.db.pool.query("select 1 from receipts where reason = 'hold_closed'")).rowCount === 4,
    15_000,
  );
});
