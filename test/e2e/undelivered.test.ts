import { afterAll, beforeEach, expect, test } from "vitest";
import { verifyLedger } from "../../src/core/gateway/billing/verify.ts";
import { databaseWire } from "../support/database_wire.ts";
import { testDatabase } from "../support/database.ts";
import { FAKE_MODEL, fakeRuntime } from "../support/fake_runtime.ts";
import { eventually, pause, type TestCustomer } from "../support/system.ts";
import { testSystem } from "../support/e2e.ts";

/**
 * The database goes away at the end of an answer for longer than the gateway waits (R1, R12): a plain answer is free,
 * and its repeat pays once; a stream is charged later, for what was delivered.
 */

const SETTLE_WAIT_MS = 2_000;
const TOKENS = ["Hello", " from", " the", " fake", "."];
const fake = await fakeRuntime({ tokens: TOKENS, prompt_tokens: 9 });
const db = await testDatabase();
const wire = await databaseWire(db);
afterAll(async () => {
  await wire.close();
  await db.drop();
});
const system = await testSystem({
  database_url: wire.url,
  gateway_env: { B3IQ_SETTLE_WAIT_MS: String(SETTLE_WAIT_MS) },
  agents: [{ runtime_url: fake.url }],
});
afterAll(async () => {
  wire.thaw();
  await fake.close();
});
afterAll(async () => {
  expect((await verifyLedger(db)).violations).toEqual([]);
});
beforeEach(() => {
  wire.thaw();
  delete fake.onChat;
});

const CREDIT_WEI = 10n ** 18n;
const body = { model: FAKE_MODEL, messages: [{ role: "user", content: "hello" }], max_tokens: 500 };
const chat = (customer: TestCustomer, more: object = {}, headers: Record<string, string> = {}) =>
  customer.client.ask("POST", "/v1/chat/completions", { body: { ...body, ...more }, headers });

/** Before the gateway has the answer, so that its settlement is never sent. */
function awayBefore(): void {
  fake.onChat = () => {
    delete fake.onChat;
    wire.freeze();
  };
}

/** The statement that closes the hold goes through with its commit, the answer does not come. */
function awayBehind(): void {
  fake.onChat = () => {
    delete fake.onChat;
    void wire.freezeBehind("ledger_store_closed");
  };
}

async function kindsOf(job_id: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ kind: string }>(
    "select kind from entries join holds using (hold_id) where job_id = $1 order by entries.seq",
    [job_id],
  );
  return rows.map(({ kind }) => kind);
}

const CASES = [
  ["before the settlement is sent", awayBefore, wire.thaw, ["reserve", "release"]],
  ["before the settlement is sent, and its connections break", awayBefore, wire.cut, ["reserve", "release"]],
  ["behind the commit, which is confirmed late", awayBehind, wire.thaw, ["reserve", "debit", "refund"]],
  ["behind the commit, and its connections break", awayBehind, wire.cut, ["reserve", "debit", "refund"]],
] as const;

test.each(CASES)(
  "the database goes away %s: a plain answer is not delivered and free, and the repeat pays once",
  { timeout: 120_000 },
  async (_when, away, back, kinds) => {
    for (const headers of [{ "idempotency-key": "the-same-again" }, {}, {}] as Record<string, string>[]) {
      const customer = await system.customer();
      away();
      const lost = await chat(customer, {}, headers);
      expect(lost.status, lost.text).toBe(503);
      expect(lost.json.error).toMatchObject({ code: "settlement_unavailable", b3iq: { status: 503 } });
      expect(lost.headers.get("x-should-retry")).toBe("true");
      expect(Number(lost.headers.get("retry-after"))).toBeGreaterThan(0);
      const { job_id } = lost.json.error.b3iq;
      expect(job_id).toMatch(/^job_/);
      back();
      const retried = await eventually(async () => {
        const answer = await chat(customer, {}, headers);
        return [409, 503].includes(answer.status) ? false : answer;
      }, 30_000);
      expect(retried.status, retried.text).toBe(200);
      await eventually(async () => (await customer.reserved()) === 0n, 20_000);
      await eventually(async () => (await kindsOf(job_id)).length === kinds.length, 20_000);
      expect(await kindsOf(job_id)).toEqual(kinds);
      await pause(500); // an outbox that submits the receipt of the lost answer changes nothing
      expect(CREDIT_WEI - (await customer.balance()), "one answer delivered, one answer paid").toBe(
        BigInt(retried.json.b3iq.charged_wei),
      );
      expect(BigInt(retried.json.b3iq.charged_wei)).toBeGreaterThan(0n);
    }
  },
);

test(
  "a client that leaves while its plain answer waits for the database pays nothing",
  { timeout: 60_000 },
  async () => {
    const customer = await system.customer();
    const patience = new AbortController();
    const behind = new Promise<void>((resolve) => {
      fake.onChat = () => {
        delete fake.onChat;
        void wire.freezeBehind("ledger_store_closed").then(resolve);
      };
    });
    const asked = customer.client
      .send("POST", "/v1/chat/completions", { body, signal: patience.signal })
      .catch(() => undefined);
    await behind;
    await pause(200);
    patience.abort();
    await asked;
    await pause(1_000); // less than the gateway itself would wait
    wire.thaw();
    await eventually(async () => (await customer.usage()).some(({ kind }) => kind === "refund"), 20_000);
    expect(await customer.balance()).toBe(CREDIT_WEI);
    expect(await customer.reserved()).toBe(0n);
  },
);

test("a stream says the same code, and is charged later for what was delivered", { timeout: 60_000 }, async () => {
  const customer = await system.customer();
  awayBefore();
  const answer = await chat(customer, { stream: true });
  const frames = answer.text.split("\n\n").flatMap((frame) => (frame.startsWith("data: ") ? [frame.slice(6)] : []));
  expect(frames).not.toContain("[DONE]");
  const failure = JSON.parse(frames.at(-1)!).error;
  expect(failure).toMatchObject({ code: "settlement_unavailable", b3iq: { job_id: expect.stringMatching(/^job_/) } });
  expect(failure.message).toContain("charged later");
  wire.thaw();
  const job = await customer.closed(failure.b3iq.job_id);
  expect(job).toMatchObject({ billing_status: "settled", completion_tokens: TOKENS.length });
  expect(CREDIT_WEI - (await customer.balance())).toBe(BigInt(job.charged_wei));
});
