import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { verifyLedger } from "../../src/core/gateway/billing/verify.ts";
import { testClient } from "../support/client.ts";
import { FAKE_MODEL, fakeRuntime } from "../support/fake_runtime.ts";
import { freePort, startProgram, temporaryHome } from "../support/processes.ts";
import { COMPLETION_PRICE_WEI, eventually, pause, PROMPT_PRICE_WEI, type TestCustomer } from "../support/system.ts";
import { testSystem } from "../support/e2e.ts";

/** A gateway is killed amid streams, and another one takes over their holds (R5). */

const PROMPT_TOKENS = 9;
const TOKENS = Array.from({ length: 2_000 }, (_, at) => ` t${at}`);
const fake = await fakeRuntime({ tokens: TOKENS, prompt_tokens: PROMPT_TOKENS, delay_ms: 20 });
const system = await testSystem({
  agents: [{ runtime_url: fake.url, env: { B3IQ_RUNTIME_SLOTS: "8" } }],
});
afterAll(() => fake.close());

/** A second gateway on the same database, which reaches the node through the first one. */
async function secondGateway() {
  const home = temporaryHome();
  const program = startProgram(["gateway", "serve"], {
    env: {
      B3IQ_HOME: home,
      B3IQ_SECRETS_DIR: system.secrets_dir,
      B3IQ_DATABASE_URL: system.db.url,
      B3IQ_GATEWAY_LISTEN: `127.0.0.1:${await freePort()}`,
      B3IQ_METRICS_LISTEN: "127.0.0.1:0",
      B3IQ_GATEWAY_PEER_LISTEN: "127.0.0.1:0",
      B3IQ_PUBLIC_URL: system.url,
      B3IQ_LOG_DIR: path.join(home, "log"),
    },
  });
  onTestFinished(async () => {
    await program.stop("SIGKILL");
    fs.rmSync(home, { recursive: true, force: true });
  });
  const [, url] = await program.line(/serves (http\S+),/);
  return { program, url: url! };
}

const body = { model: FAKE_MODEL, messages: [{ role: "user", content: "hello" }], max_tokens: 2_000, stream: true };

/** A streamed chat at a gateway; what of it has reached the client so far, until its connection breaks. */
function streamed(url: string, customer: TestCustomer, key: string) {
  const seen = { content_bytes: 0, events: 0 };
  const headers = { authorization: `Bearer ${customer.key}`, "idempotency-key": key };
  const broken = (async () => {
    const response = await testClient(url, headers).send("POST", "/v1/chat/completions", { body });
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of response.body!) {
      const frames = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split("\n\n");
      rest = frames.pop()!;
      for (const frame of frames) {
        const content = frame.startsWith("data: {") ? JSON.parse(frame.slice(6)).choices[0]?.delta.content : "";
        if (!content) continue;
        seen.content_bytes += Buffer.byteLength(content);
        seen.events += 1;
      }
    }
  })().catch(() => {});
  return { seen, broken };
}

async function jobOf(customer: TestCustomer): Promise<string> {
  return (await eventually(async () => (await customer.usage()).find(({ kind }) => kind === "reserve")))
    .job_id as string;
}

test(
  "what had not begun is free, what had run for seconds costs at most what was delivered, and repeats run or say so",
  { timeout: 120_000 },
  async () => {
    const victim = await secondGateway();
    const [waits, runs, begins] = await Promise.all([system.customer(), system.customer(), system.customer()]);
    await eventually(async () => {
      const probe = await testClient(victim.url, { authorization: `Bearer ${runs.key}` }).ask("GET", "/v1/models");
      return probe.json?.data?.some(({ id }: { id: string }) => id === FAKE_MODEL);
    }, 20_000);

    const running = streamed(victim.url, runs, "runs");
    await eventually(() => running.seen.events > 0, 20_000);
    await pause(4_000);
    const asked = fake.requests.length;
    fake.behaviour.first_delay_ms = 60_000;
    const waiting = streamed(victim.url, waits, "waits");
    await eventually(() => fake.requests.length > asked);
    fake.behaviour.first_delay_ms = 0;
    const beginning = streamed(victim.url, begins, "begins");
    await eventually(() => beginning.seen.events > 0);
    await victim.program.stop("SIGKILL");
    await Promise.all([running.broken, waiting.broken, beginning.broken]);
    expect(waiting.seen.events, "the node had begun, and nothing had left").toBe(0);

    const closed = async (customer: TestCustomer) => {
      const job_id = await jobOf(customer);
      return eventually(async () => {
        const job = (await customer.client.ask("GET", `/v1/billing/jobs/${job_id}`)).json;
        return job.billing_status !== "reserved" && job;
      }, 60_000);
    };
    const [not_begun, ran, begun] = await Promise.all([closed(waits), closed(runs), closed(begins)]);
    const free = { billing_status: "released", reason: "not_delivered", charged_wei: null };
    expect(not_begun).toMatchObject(free);
    expect(begun, "killed before its first note").toMatchObject(free);
    expect(await waits.balance()).toBe(10n ** 18n);
    expect(await begins.balance()).toBe(10n ** 18n);

    expect(ran).toMatchObject({ billing_status: "settled", prompt_tokens: PROMPT_TOKENS });
    const { rows } = await system.db.pool.query<{ noted: { content_bytes: number; events: number } }>(
      "select noted from holds where job_id = $1",
      [ran.job_id],
    );
    const { noted } = rows[0]!;
    expect(noted.events).toBeGreaterThan(20);
    expect(noted.events).toBeLessThanOrEqual(running.seen.events);
    expect(noted.content_bytes).toBeLessThanOrEqual(running.seen.content_bytes);
    expect(ran.completion_tokens).toBeGreaterThan(0);
    expect(ran.completion_tokens).toBeLessThanOrEqual(noted.content_bytes + noted.events);
    const charged_wei = BigInt(PROMPT_TOKENS) * PROMPT_PRICE_WEI + BigInt(ran.completion_tokens) * COMPLETION_PRICE_WEI;
    expect(BigInt(ran.charged_wei)).toBe(charged_wei);
    expect(await runs.balance()).toBe(10n ** 18n - charged_wei);

    Object.assign(fake.behaviour, { tokens: ["done"] });
    const repeat = (customer: TestCustomer, key: string) =>
      customer.client.ask("POST", "/v1/chat/completions", { body, headers: { "idempotency-key": key } });
    expect((await repeat(waits, "waits")).status).toBe(200);
    expect((await repeat(begins, "begins")).status).toBe(200);
    expect((await repeat(runs, "runs")).json.error).toMatchObject({
      code: "idempotency_completed",
      b3iq: { charged_wei: String(charged_wei) },
    });
    expect((await verifyLedger(system.db)).violations).toEqual([]);
  },
);

test("a stream that ends within a second writes no note, and a longer one does", { timeout: 60_000 }, async () => {
  const customer = await system.customer();
  const notedAfter = async (tokens: string[], delay_ms: number) => {
    Object.assign(fake.behaviour, { tokens, delay_ms });
    const answer = await customer.client.ask("POST", "/v1/chat/completions", { body });
    expect(answer.text).toContain("[DONE]");
    const { rows } = await system.db.pool.query<{ noted: unknown }>(
      "select noted from holds order by created_at desc limit 1",
    );
    return rows[0]!.noted;
  };
  expect(await notedAfter(["Hello", " there"], 20)).toBeNull();
  expect(await notedAfter(["a", "b", "c", "d"], 500)).toEqual({
    content_bytes: expect.any(Number),
    events: expect.any(Number),
  });
});
