import { afterAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { generateIdentity } from "../../src/core/protocol/bytes/ed25519.ts";
import { FAKE_MODEL, fakeRuntime, type FakeRuntime } from "../support/fake_runtime.ts";
import { freePort } from "../support/processes.ts";
import { eventually, pause, type RunningAgent, type TestCustomer } from "../support/system.ts";
import { forwarder } from "../support/tunnel_pair.ts";
import { testSystem } from "../support/e2e.ts";

const PLAIN = { tokens: ["Hello", " from", " the", " fake", "."], prompt_tokens: 9 };
const fakes: [FakeRuntime, FakeRuntime] = [await fakeRuntime(PLAIN), await fakeRuntime(PLAIN)];
const port = await freePort();
const network = await forwarder(port);
const gateway_url = `http://127.0.0.1:${network.port}`;
const system = await testSystem({
  gateway_env: {
    B3IQ_GATEWAY_LISTEN: `127.0.0.1:${port}`,
    B3IQ_PUBLIC_URL: gateway_url,
    B3IQ_FIRST_TOKEN_TIMEOUT_MS: "2000",
    B3IQ_BETWEEN_TOKENS_TIMEOUT_MS: "1500",
    B3IQ_CANDIDATE_ACCEPT_TIMEOUT_MS: "1500",
    B3IQ_STATUS_HOLD_MS: "1000",
    B3IQ_KEEP_ALIVE_MS: "1000",
    B3IQ_CLIENT_PROGRESS_TIMEOUT_MS: "4000",
  },
  agents: fakes.map(({ url: runtime_url }) => ({ runtime_url, gateway_url })),
});
const agents = system.agents as [RunningAgent, RunningAgent];
agents.sort(
  (one, other) =>
    fakes.findIndex(({ url }) => url === one.runtime_url) - fakes.findIndex(({ url }) => url === other.runtime_url),
);
afterAll(async () => {
  await network.close();
  await Promise.all(fakes.map((fake) => fake.close()));
});
beforeEach(() => {
  for (const fake of fakes) fake.behaviour = { ...PLAIN };
});

const body = { model: FAKE_MODEL, messages: [{ role: "user", content: "hello" }], max_tokens: 500 };
const chats = (fake: FakeRuntime) => fake.requests.filter(({ path }) => path === "/v1/chat/completions").length;

async function chat(customer: TestCustomer, more: object = {}, headers: Record<string, string> = {}) {
  const answer = await customer.client.ask("POST", "/v1/chat/completions", { body: { ...body, ...more }, headers });
  const frames =
    answer.json === undefined
      ? answer.text
          .split("\n\n")
          .filter((frame) => frame.startsWith("data: "))
          .map((frame) => frame.slice(6))
      : [];
  return { ...answer, frames };
}

/** Only this node takes work until the returned function is called. */
async function only(kept: RunningAgent): Promise<() => Promise<void>> {
  const other = agents.find((agent) => agent !== kept)!;
  const set = async (status: string) => {
    const answer = await system.admin.ask("PATCH", `/v1/admin/nodes/${other.node_id}`, {
      body: { status, reason: "test" },
    });
    expect(answer.status, answer.text).toBe(200);
  };
  await set("suspended");
  await pause(1_000); // in force everywhere within a second
  return async () => {
    await set("active");
    await pause(1_000);
  };
}

/** Whichever node is tried first has this fault, once. */
function firstFails(fault: object): void {
  for (const fake of fakes) {
    fake.onChat = () => {
      fake.behaviour = { ...PLAIN, ...fault };
      for (const one of fakes) delete one.onChat;
    };
  }
}

async function onlyOpen(customer: TestCustomer): Promise<string> {
  return eventually(
    async () => (await customer.usage()).find(({ kind }) => kind === "reserve")?.job_id as string | undefined,
  );
}

describe("before the first byte, another node is tried under the same hold", () => {
  test.each([
    ["answers 500", { status: 500 }],
    ["is busy", { status: 503 }],
    ["breaks off before its first token", { cut_after: 0 }],
    ["answers too late", { first_delay_ms: 3_000 }],
  ])("the first node %s", { timeout: 60_000 }, async (_how, fault) => {
    for (const stream of "cut_after" in fault ? [true] : [false, true]) {
      const before = fakes.map(chats);
      firstFails(fault);
      const customer = await system.customer();
      const answer = await chat(customer, { stream });
      for (const fake of fakes) fake.behaviour = { ...PLAIN };
      expect(answer.status, answer.text).toBe(200);
      if (stream) expect(answer.frames.at(-1)).toBe("[DONE]");
      expect(fakes.map(chats)).toEqual(before.map((count) => count + 1));
      const entries = await customer.usage();
      expect(entries.map(({ kind }) => kind)).toEqual(["debit", "reserve", "credit"]);
      // A cut or late node signs what it did; that comes by its outbox, and is kept unpaid: the hold has another fence.
      if ("first_delay_ms" in fault) {
        const reason = await eventually(
          async () =>
            (
              await system.db.pool.query<{ reason: string }>(
                "select reason from receipts r where payload::jsonb->>'job_id' = $1 and reason is not null",
                [entries[0].job_id],
              )
            ).rows[0]?.reason,
          15_000,
        );
        expect(["superseded", "hold_closed"]).toContain(reason);
      }
    }
  });

  test(
    "all fail: router_dispatch_failed; all late: router_timeout; all busy or paused: no_healthy_candidates with blockers; nothing is charged",
    { timeout: 60_000 },
    async () => {
      const customer = await system.customer();
      for (const [fault, status, code] of [
        [{ status: 500 }, 502, "router_dispatch_failed"],
        [{ first_delay_ms: 5_000 }, 504, "router_timeout"],
        [{ status: 503 }, 503, "no_healthy_candidates"],
      ] as const) {
        for (const fake of fakes) fake.behaviour = { ...PLAIN, ...fault };
        const answer = await chat(customer);
        expect(answer.status, answer.text).toBe(status);
        expect(answer.json.error.code).toBe(code);
        expect(answer.headers.get("x-request-id")).toMatch(/^req_/);
      }
      for (const fake of fakes) fake.behaviour = { ...PLAIN };
      const incident = (
        await system.admin.ask("POST", "/v1/admin/incidents", {
          body: { scope: "model", target: FAKE_MODEL, reason: "test" },
        })
      ).json;
      await pause(1_000);
      const paused = await chat(customer);
      expect(paused.status).toBe(503);
      expect(paused.json.error).toMatchObject({
        code: "no_healthy_candidates",
        b3iq: { blockers: { incident_paused: 2 } },
      });
      const cleared = await system.admin.ask("POST", `/v1/admin/incidents/${incident.incident_id}/clear`, {
        body: { reason: "test" },
      });
      expect(cleared.status, cleared.text).toBe(200);
      await eventually(async () => (await chat(customer)).status === 200);
      expect((await customer.usage()).filter(({ kind }) => kind === "debit")).toHaveLength(1);
      expect(await customer.reserved()).toBe(0n);
    },
  );

  test("a stream that waits longer than the status is held gets its 200, comments, and an error frame without [DONE]", async () => {
    for (const fake of fakes) fake.behaviour = { ...PLAIN, first_delay_ms: 6_000 };
    const customer = await system.customer();
    const answer = await chat(customer, { stream: true });
    expect(answer.status).toBe(200);
    expect(answer.text).toMatch(/^: keep-alive$/m);
    expect(answer.frames).toHaveLength(1);
    expect(JSON.parse(answer.frames[0]!).error).toMatchObject({ code: "router_timeout" });
    await eventually(async () => (await customer.reserved()) === 0n);
  });
});

describe("after the first byte, a failure is never silent", () => {
  const slow = { tokens: Array.from({ length: 400 }, (_, at) => ` t${at}`), delay_ms: 20 };

  test.each([
    ["breaks off", { cut_after: 5 }],
    ["sends an error event", { error_after: 5 }],
  ])("the runtime %s: an error frame, and the signed part is charged", async (_how, fault) => {
    for (const fake of fakes) Object.assign(fake.behaviour, { tokens: slow.tokens.slice(0, 20), delay_ms: 10 }, fault);
    const customer = await system.customer();
    const answer = await chat(customer, { stream: true });
    expect(answer.frames.length).toBeGreaterThan(4);
    expect(answer.frames).not.toContain("[DONE]");
    expect(JSON.parse(answer.frames.at(-1)!).error).toMatchObject({ code: "router_dispatch_failed" });
    const [debit] = await eventually(async () => {
      const found = (await customer.usage()).filter(({ kind }) => kind === "debit");
      return found.length > 0 && found;
    });
    expect(debit.completion_tokens).toBe(5);
    expect(answer.text).toContain("charged at the node's signed usage");
  });

  test("the runtime stalls: router_timeout, the part is charged", async () => {
    for (const fake of fakes) Object.assign(fake.behaviour, { tokens: ["a", "b", "c"], delay_ms: 4_000 });
    const customer = await system.customer();
    const answer = await chat(customer, { stream: true });
    expect(JSON.parse(answer.frames.at(-1)!).error).toMatchObject({ code: "router_timeout" });
    await eventually(async () =>
      (await customer.usage()).some(({ kind, completion_tokens }) => kind === "debit" && completion_tokens === 1),
    );
  });

  test(
    "the tunnel is cut: an error frame; the node's receipt comes by its outbox and is settled at what was seen",
    { timeout: 60_000 },
    async () => {
      for (const fake of fakes) Object.assign(fake.behaviour, slow);
      const customer = await system.customer();
      const asked = chat(customer, { stream: true });
      await pause(800);
      network.cut();
      const answer = await asked;
      expect(answer.frames).not.toContain("[DONE]");
      expect(JSON.parse(answer.frames.at(-1)!).error).toMatchObject({ code: "router_dispatch_failed" });
      const job = await customer.closed(await onlyOpen(customer));
      expect(job.billing_status).toBe("settled");
      const seen = answer.frames.length - 1;
      expect(job.completion_tokens).toBeLessThanOrEqual(2 * answer.text.length);
      expect(job.completion_tokens).toBeGreaterThanOrEqual(seen - 2);
      expect(BigInt(job.charged_wei)).toBe(10n ** 18n - (await customer.balance()));
      for (const agent of agents)
        await eventually(
          async () =>
            (
              await system.anyone.ask(
                "GET",
                `/v1/public/nodes/${agent.node_id}/route-readiness?model=${encodeURIComponent(FAKE_MODEL)}`,
              )
            ).json.route_ready === true,
          20_000,
        );
    },
  );

  test(
    "the node is killed: an error frame; the hold waits for its receipt, and is released when the node, back again, knows of none",
    { timeout: 60_000 },
    async () => {
      const release = await only(agents[0]);
      onTestFinished(release);
      Object.assign(fakes[0].behaviour, slow);
      const customer = await system.customer();
      const asked = chat(customer, { stream: true });
      await pause(800);
      await agents[0].program.stop("SIGKILL");
      const answer = await asked;
      expect(answer.frames).not.toContain("[DONE]");
      const failure = JSON.parse(answer.frames.at(-1)!).error;
      expect(failure).toMatchObject({ code: "router_dispatch_failed" });
      expect(failure.message).toContain("charged only if");
      expect(await customer.reserved()).toBeGreaterThan(0n);
      const said = (await system.admin.ask("POST", "/v1/admin/reservations/recover", { body: { dry_run: true } })).json;
      const job_id = await onlyOpen(customer);
      expect(said.items.find((item: { job_id: string }) => item.job_id === job_id)).toMatchObject({
        action: "leave",
        done: false,
      });
      await agents[0].start();
      await eventually(async () => {
        await system.admin.ask("POST", "/v1/admin/reservations/recover", { body: { dry_run: false } });
        return (await customer.reserved()) === 0n;
      }, 15_000);
      const job = await customer.closed(job_id);
      expect(job).toMatchObject({ billing_status: "released", charged_wei: null, reason: "node_says_unknown" });
      expect(await customer.balance()).toBe(10n ** 18n);
    },
  );
});

test("a receipt that is not payable: the answer is delivered, nothing is charged, no hash is given", async () => {
  // The gateway now knows other keys for the nodes: what they sign does not verify.
  const keys = (
    await system.db.pool.query<{ node_id: string; ed25519_public_key: string }>(
      "select node_id, ed25519_public_key from node_keys",
    )
  ).rows;
  const setKey = (node_id: string, ed25519_public_key: string) =>
    system.db.pool.query(
      `with keys as (update node_keys set ed25519_public_key = $2 where node_id = $1 returning node_id)
     update nodes set changed_xid = pg_current_xact_id() where node_id in (select node_id from keys)`,
      [node_id, ed25519_public_key],
    );
  for (const { node_id } of keys) await setKey(node_id, generateIdentity().public_key);
  onTestFinished(async () => {
    for (const { node_id, ed25519_public_key } of keys) await setKey(node_id, ed25519_public_key);
    await pause(1_500);
  });
  await pause(1_500);
  const customer = await system.customer();
  const plain = await chat(customer);
  expect(plain.status).toBe(200);
  expect(plain.json.choices[0].message.content).toBe("Hello from the fake.");
  expect(plain.json.b3iq).toMatchObject({ charged_wei: "0" });
  expect(plain.json.b3iq).not.toHaveProperty("receipt_hash");
  expect(plain.headers.get("x-b3iq-receipt-hash")).toBeNull();
  const stream = await chat(customer, { stream: true });
  expect(stream.frames.at(-1)).toBe("[DONE]");
  const finish = stream.frames
    .slice(0, -1)
    .map((frame) => JSON.parse(frame))
    .find((frame) => frame.b3iq !== undefined);
  expect(finish.b3iq).toMatchObject({ charged_wei: "0" });
  expect(finish.b3iq).not.toHaveProperty("receipt_hash");
  expect((await customer.usage()).map(({ kind }) => kind).sort()).toEqual([
    "credit",
    "release",
    "release",
    "reserve",
    "reserve",
  ]);
  expect(await customer.balance()).toBe(10n ** 18n);
});

describe("a client that reads slowly", () => {
  test(
    "holds the runtime back; one that reads nothing for its time-out counts as gone, and the part is charged",
    { timeout: 60_000 },
    async () => {
      const tokens = Array.from({ length: 4_000 }, (_, at) => `${at} `.padStart(10_000, "x"));
      for (const fake of fakes) Object.assign(fake.behaviour, { tokens });
      const customer = await system.customer();
      const before = fakes[0].tokens_sent + fakes[1].tokens_sent;
      const response = await customer.client.send("POST", "/v1/chat/completions", {
        body: { ...body, max_tokens: 4_000, stream: true },
      });
      const reader = response.body!.getReader();
      await reader.read();
      const sent = () => fakes[0].tokens_sent + fakes[1].tokens_sent - before;
      // Stands still while the stream is open: 4,000 tokens of 10 kB are 40 MB, more than all sockets and windows
      // between them hold.
      await eventually(async () => {
        const held = sent();
        await pause(400);
        return held > 0 && sent() === held && fakes.some(({ open }) => open === 1);
      }, 6_000);
      expect(sent()).toBeLessThan(4_000);
      await eventually(() => fakes.every(({ open }) => open === 0), 12_000);
      const job = await customer.closed(await onlyOpen(customer));
      expect(job.billing_status).toBe("settled");
      expect(job.completion_tokens).toBeLessThan(4_000);
      await reader.cancel().catch(() => {});
    },
  );
});

describe("the same Idempotency-Key twice", () => {
  test("in flight, completed, with another body, and after a failure", async () => {
    const customer = await system.customer();
    const key = { "idempotency-key": "once-and-only-once" };
    for (const fake of fakes) Object.assign(fake.behaviour, { delay_ms: 200 });
    const first = chat(customer, {}, key);
    await eventually(async () => (await customer.reserved()) > 0n);
    const flying = await chat(customer, {}, key);
    expect(flying.status).toBe(409);
    expect(flying.json.error.code).toBe("idempotency_in_flight");
    expect(flying.headers.get("retry-after")).not.toBeNull();
    const other = await chat(customer, { max_tokens: 499 }, key);
    expect([other.status, other.json.error.code]).toEqual([409, "idempotency_key_reused"]);
    const answered = await first;
    expect(answered.status).toBe(200);
    const again = await chat(customer, {}, key);
    expect([again.status, again.json.error.code]).toEqual([409, "idempotency_completed"]);
    expect(again.headers.get("x-should-retry")).toBe("false");
    expect(again.json.error.b3iq).toMatchObject({
      receipt_hash: answered.json.b3iq.receipt_hash,
      charged_wei: answered.json.b3iq.charged_wei,
    });
    expect((await customer.usage()).filter(({ kind }) => kind === "debit")).toHaveLength(1);

    const failing = { "idempotency-key": "fails-first" };
    for (const fake of fakes) fake.behaviour = { ...PLAIN, status: 500 };
    expect((await chat(customer, {}, failing)).status).toBe(502);
    for (const fake of fakes) fake.behaviour = { ...PLAIN };
    expect((await chat(customer, {}, failing)).status).toBe(200);
  });
});
