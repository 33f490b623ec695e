/**
 * Markers in every secret of many private and many hosted jobs, done and failed; then a search through all that was
 * written: database files with the write-ahead log, every row, logs, metrics, answers, tiles, checkpoints, and the
 * agent's folder. B3IQ_TEST_CANARY_JOBS: jobs of each kind (`make canary N=1000`).
 */
import { randomBytes } from "node:crypto";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { testClient, type Client } from "../../support/client.ts";
import { testDatabase, type TestDatabase } from "../../support/database.ts";
import { FAKE_MODEL, fakeRuntime, type FakeBehaviour, type FakeRuntime } from "../../support/fake_runtime.ts";
import { eventually, pause, startSystem, type System, type TestCustomer } from "../../support/system.ts";
import { databaseText, encodingsOf, searchFiles } from "../../support/canary_search.ts";
import { open, seal, transportKeyOf, waitFor } from "../../support/private_jobs/path.ts";

const JOBS = Number(process.env["B3IQ_TEST_CANARY_JOBS"] ?? 48);
const AT_ONCE = 24;
const TIMEOUT_MS = 120_000 + JOBS * 600;
const RUN = randomBytes(4).toString("hex");
/** Each marker begins so, and ends with the number of its job. */
const PROMPT = `CANARY${RUN}prompt`;
const OUTPUT = `CANARY${RUN}output`;
const FIELD = `CANARY${RUN}field`;
const REPEAT = `CANARY${RUN}repeat`;
const WRONG_KEY = `CANARY${RUN}wrongkey`;
/** A customer's own name for a job: kept for that customer, and nowhere but in the database. */
const REFERENCE = `CANARY${RUN}job`;
const SECRET = [PROMPT, OUTPUT, FIELD, REPEAT, WRONG_KEY];

let db: TestDatabase;
let system: System;
let runtime: FakeRuntime;
let payer: TestCustomer;
let customer: Client;
/** Keys of customers and of sealed envelopes. */
const keys: string[] = [];
/** Every answer that is not content of a chat. */
const answers: string[] = [];
let completed = 0;
let failed = 0;

/** The runtime answers with the marker of the job that asks, and fails with it, too. */
function answerOf(body: Record<string, unknown>): Partial<FakeBehaviour> {
  const [, number, fault] = new RegExp(`${PROMPT}([ph]\\d+)x([a-z]*)`).exec(JSON.stringify(body)) ?? [];
  if (number === undefined) return {};
  const tokens = [`${OUTPUT}${number}x`, " and more"];
  const error = {
    error: { message: `${OUTPUT}${number}x`, type: "x", code: `${FIELD}${number}x`, param: `${PROMPT}` },
  };
  if (fault === "refuse") return { status: 400, error };
  if (fault === "fail") return { status: 500, error };
  if (fault === "cut") return { tokens, cut_after: 1 };
  return { tokens, reasoning: [`${OUTPUT}${number}xthought`] };
}

beforeAll(async () => {
  db = await testDatabase();
  runtime = await fakeRuntime();
  runtime.behaviour_of = answerOf;
  system = await startSystem({
    database_url: db.url,
    gateway_env: { B3IQ_LOG_LEVEL: "debug", B3IQ_LOG_INTERVAL_MS: "200" },
    agents: [{ runtime_url: runtime.url, env: { B3IQ_LOG_LEVEL: "debug" } }],
  });
  payer = await system.customer();
  customer = testClient(system.url, {
    "x-b3iq-customer-id": payer.customer_id,
    "x-b3iq-customer-token": payer.customer_token,
  });
  keys.push(payer.customer_token, payer.key);
}, 120_000);
afterAll(async () => {
  await system?.stop();
  await runtime?.close();
  await db?.drop();
});

async function each(work: (at: number) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (next < JOBS) await work(next++);
    }),
  );
}

/** Of five: two are done, one is no chat, one names a parameter that nothing knows, one dies in the runtime. */
async function privateJob(at: number): Promise<void> {
  const kind = at % 5;
  const content = `${PROMPT}p${at}x${kind === 4 ? "refuse" : ""}`;
  const good = { messages: [{ role: "user", content }] };
  const body =
    kind === 2 ? { [`${FIELD}${at}`]: content } : kind === 3 ? { ...good, [`${FIELD}${at}`]: content } : good;
  const { node_id } = system.agents[0]!;
  const job_id = `${REFERENCE}p${at}-${randomBytes(6).toString("hex")}`;
  const sealed = seal(await transportKeyOf(system.anyone, node_id), { node_id, model_id: FAKE_MODEL, job_id, body });
  keys.push(Buffer.from(sealed.session.client_private).toString("base64url"));
  const queued = await customer.ask("POST", "/v1/private-inference/jobs", { body: sealed.body });
  expect(queued.status, queued.text).toBe(202);
  const job = await waitFor(customer, job_id, undefined, 60_000);
  const billed = await customer.ask("GET", `/v1/billing/jobs/${job_id}`);
  answers.push(queued.text, JSON.stringify(job), billed.text);
  if (kind < 2) {
    expect(open(job, sealed.session).choices[0].message.content).toBe(`${OUTPUT}p${at}x and more`);
    completed += 1;
  } else {
    expect(job.status, content).toBe("failed");
    failed += 1;
  }
}

const FAULTS = ["", "", "refuse", "fail", "cut", "bad_value", "unknown_model", "wrong_key"] as const;

/** A chat, plain or streamed, of which two in eight end well. */
async function hostedJob(at: number): Promise<void> {
  // More wrong keys than these only wait, since their address has a limit.
  const fault = FAULTS[at % (at < 400 ? FAULTS.length : FAULTS.length - 1)]!;
  const content = `${PROMPT}h${at}x${fault}`;
  const stream = at % 16 < 8 === (at % 2 === 0);
  const body = {
    model: fault === "unknown_model" ? `${FIELD}${at}` : FAKE_MODEL,
    messages: [
      { role: "system", content: `${PROMPT}h${at}x` },
      { role: "user", content },
    ],
    user: `${FIELD}${at}`,
    metadata: { note: `${FIELD}${at}` },
    stop: [`${FIELD}${at}`],
    stream,
    b3iq: { job_id: `${REFERENCE}h${at}` },
    ...(fault === "bad_value" ? { temperature: `${FIELD}${at}` } : {}),
  };
  const key = fault === "wrong_key" ? `${WRONG_KEY}${at}` : payer.key;
  const client = testClient(system.url, { authorization: `Bearer ${key}` });
  const asked = { body, headers: { "idempotency-key": `${REPEAT}${at}` } };
  let answer = await client.ask("POST", "/v1/chat/completions", asked);
  // So many wrong keys from one address make it wait, and a busy machine may have no node for a moment.
  for (let again = 0; again < 20 && [429, 503].includes(answer.status); again++) {
    answers.push(answer.text);
    await pause(answer.json.error.b3iq.retry_after_ms as number);
    answer = await client.ask("POST", "/v1/chat/completions", asked);
  }
  if (fault === "") {
    expect(answer.text).toContain(`${OUTPUT}h${at}x`);
    // The same again brings nothing back; it says what the first one cost.
    answers.push((await payer.client.ask("POST", "/v1/chat/completions", asked)).text);
    completed += 1;
    return;
  }
  failed += 1;
  if (answer.status !== 200) answers.push(answer.text);
  answers.push(...answer.text.split("\n").filter((line) => line.startsWith('data: {"error"')));
}

test(
  `no secret of ${JOBS} private and ${JOBS} hosted jobs is in anything that was written`,
  async () => {
    await each(privateJob);
    expect(completed).toBe(Math.ceil(JOBS / 5) + Math.ceil((JOBS - 1) / 5));
    await each(hostedJob);
    expect(completed + failed).toBe(2 * JOBS);
    await eventually(async () => (await payer.reserved().catch(() => -1n)) === 0n, 60_000);
    await db.pool.query("checkpoint");

    const said = [system.logs(), ...answers];
    said.push(await (await fetch(/metrics (\S+)/.exec(system.gateway.output())![1]!)).text());
    for (const address of ["/v1/log/checkpoint", "/v1/log/tile/0/000.p/1", "/v1/log/tile/entries/000.p/1"])
      said.push(Buffer.from(await (await fetch(`${system.url}${address}`)).arrayBuffer()).toString("latin1"));
    const rows = await databaseText(db);
    const hidden = [...SECRET.flatMap(encodingsOf), ...keys];
    for (const text of [...said, rows]) expect(hidden.filter((needle) => text.includes(needle))).toEqual([]);
    // What a customer calls a job stands in the answers about it, and in no log or metric.
    expect(system.logs() + said.at(-4)!).not.toContain(REFERENCE);

    const folders = [inject("postgres_home"), system.home, system.agents[0]!.home];
    const list = path.join(os.tmpdir(), `b3iq-canary-${RUN}`);
    expect(searchFiles(folders, hidden, list)).toEqual([]);
    // The search finds what is there: customer and references are known to the database, and to nothing else.
    const known = searchFiles(folders, [payer.customer_id, REFERENCE], list);
    for (const needle of [payer.customer_id, REFERENCE]) {
      const places = known.filter((place) => place.startsWith(needle));
      expect(places.some((place) => place.includes("/pg_wal/"))).toBe(true);
      expect(places.filter((place) => !place.includes(inject("postgres_home")))).toEqual([]);
      expect(rows).toContain(needle);
    }
    // And the runtime was really asked with them.
    const asked = JSON.stringify(runtime.requests.map(({ body }) => body));
    for (const number of ["p0x", "p1x", "h0x", "h1x"]) expect(asked).toContain(`${PROMPT}${number}`);
  },
  TIMEOUT_MS,
);
