/** Gateways and agents that are killed around private jobs: each job ends in one charge or in a release. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { verifyLedger } from "../../../../src/core/gateway/billing/verify.ts";
import { testClient, type Client } from "../../../support/client.ts";
import { testDatabase, type TestDatabase } from "../../../support/database.ts";
import { FAKE_MODEL, fakeRuntime, type FakeRuntime } from "../../../support/fake_runtime.ts";
import { startProgram, type Program } from "../../../support/processes.ts";
import { eventually, pause, startSystem, type System, type TestCustomer } from "../../../support/system.ts";
import { newJobId, open, seal, transportKeyOf, waitFor } from "../../../support/private_jobs/path.ts";

let db: TestDatabase;
let system: System;
let runtime: FakeRuntime;
let payer: TestCustomer;
let customer: Client;
let gateway: Program;

beforeAll(async () => {
  db = await testDatabase();
  runtime = await fakeRuntime();
  system = await startSystem({ database_url: db.url, agents: [{ runtime_url: runtime.url }] });
  gateway = system.gateway;
  payer = await system.customer();
  const headers = { "x-b3iq-customer-id": payer.customer_id, "x-b3iq-customer-token": payer.customer_token };
  customer = testClient(system.url, headers);
}, 120_000);
afterAll(async () => {
  await gateway?.stop();
  await system?.stop();
  await runtime?.close();
  await db?.drop();
});

const killGateway = () => gateway.stop("SIGKILL");

/** Another one in its place. */
async function startGateway(): Promise<void> {
  gateway = startProgram(["gateway", "serve"], {
    env: {
      B3IQ_HOME: system.home,
      B3IQ_DATABASE_URL: db.url,
      B3IQ_GATEWAY_LISTEN: new URL(system.url).host,
      B3IQ_METRICS_LISTEN: "127.0.0.1:0",
      B3IQ_GATEWAY_PEER_LISTEN: "127.0.0.1:0",
    },
  });
  await gateway.line(/serves (http\S+)/);
}

const debits = async () => (await payer.usage()).filter(({ kind }) => kind === "debit");

test("queued and running jobs outlive their gateway", async () => {
  const { node_id } = system.agents[0]!;
  const key = await transportKeyOf(system.anyone, node_id);
  runtime.behaviour.first_delay_ms = 4_000;
  const body = { messages: [{ role: "user", content: "hi" }] };
  const jobs = Array.from({ length: 6 }, () => seal(key, { node_id, model_id: FAKE_MODEL, job_id: newJobId(), body }));
  const before = await payer.balance();
  for (const job of jobs) {
    expect((await customer.ask("POST", "/v1/private-inference/jobs", { body: job.body })).status).toBe(202);
  }
  await waitFor(customer, jobs[0]!.body.job_id!, ["claimed"]);
  await killGateway();
  await startGateway();
  for (const job of jobs) {
    const ended = await waitFor(customer, job.body.job_id!, ["completed", "failed", "expired"], 60_000);
    expect(ended.status).toBe("completed");
    expect(open(ended, job.session).choices[0].message.content).toBe("Hello from the fake.");
  }
  expect(await payer.reserved()).toBe(0n);
  expect(await debits()).toHaveLength(jobs.length);
  expect(before - (await payer.balance())).toBe(
    (await debits()).reduce((sum, { amount_wei }) => sum + BigInt(amount_wei), 0n),
  );
}, 120_000);

test("a gateway killed between hold and command leaves no money behind", async () => {
  const { node_id } = system.agents[0]!;
  const key = await eventually(() => transportKeyOf(system.anyone, node_id).catch(() => undefined), 30_000);
  runtime.behaviour.first_delay_ms = 0;
  const body = { messages: [{ role: "user", content: "hi" }] };
  const jobs = [1, 2].map(() => seal(key, { node_id, model_id: FAKE_MODEL, job_id: newJobId(), body }));
  const charged = (await debits()).length;
  // Holds are taken, and the statement that queues their jobs waits.
  const lock = await db.pool.connect();
  await lock.query("begin");
  await lock.query("lock table private_jobs in share mode");
  for (const job of jobs) customer.ask("POST", "/v1/private-inference/jobs", { body: job.body }).catch(() => {});
  const waiting = await eventually(async () => {
    const { rows } = await db.pool.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
         and query like '%insert into private_jobs%'`,
    );
    return rows.length === jobs.length && rows.map(({ pid }) => pid);
  });
  const ids = jobs.map((job) => job.body.job_id!);
  const held = await db.pool.query("select 1 from holds where client_job_id = any($1) and state = 'held'", [ids]);
  expect(held.rowCount).toBe(jobs.length);
  await killGateway();
  // Of one, the database learns that its gateway is gone; the statement of the other goes through all the same.
  await db.pool.query("select pg_terminate_backend($1)", [waiting[0]]);
  await eventually(
    async () => (await db.pool.query("select 1 from pg_stat_activity where pid = $1", [waiting[0]])).rowCount === 0,
  );
  await lock.query("rollback");
  lock.release();
  await startGateway();
  const ended = await eventually(async () => {
    const billed = await Promise.all(ids.map((id) => customer.ask("GET", `/v1/billing/jobs/${id}`)));
    const all = billed.map(({ json }) => [json?.billing_status, json?.reason]);
    return all.every(([status]) => status === "settled" || status === "released") && all;
  }, 80_000);
  expect(ended.sort()).toEqual([
    ["released", expect.any(String)],
    ["settled", null],
  ]);
  expect(await payer.reserved()).toBe(0n);
  expect((await debits()).length).toBe(charged + 1);
  // The one that was given back may be sent again, as it was.
  for (const job of jobs) {
    expect((await customer.ask("POST", "/v1/private-inference/jobs", { body: job.body })).status).toBe(202);
    expect((await waitFor(customer, job.body.job_id!)).status).toBe("completed");
  }
  expect((await debits()).length).toBe(charged + 2);
}, 180_000);

test("an agent killed amid jobs gets them again, and each is charged once", async () => {
  const agent = system.agents[0]!;
  const key = await eventually(() => transportKeyOf(system.anyone, agent.node_id).catch(() => undefined), 30_000);
  const body = { messages: [{ role: "user", content: "hi" }] };
  const charged = (await debits()).length;
  const ids: string[] = [];
  runtime.behaviour.first_delay_ms = 300;
  for (const after_ms of [0, 200, 320, 450]) {
    const job = seal(key, { node_id: agent.node_id, model_id: FAKE_MODEL, job_id: newJobId(), body });
    ids.push(job.body.job_id!);
    expect((await customer.ask("POST", "/v1/private-inference/jobs", { body: job.body })).status).toBe(202);
    await waitFor(customer, job.body.job_id!, ["claimed", "completed"]);
    await pause(after_ms);
    await agent.program.stop("SIGKILL");
    // The lease's minute passes.
    await db.pool.query("update commands set lease_until = clock_timestamp() where state = 'leased'");
    await agent.start();
    const ended = await waitFor(customer, job.body.job_id!, undefined, 60_000);
    expect(ended.status).toBe("completed");
    expect(open(ended, job.session).choices[0].message.content).toBe("Hello from the fake.");
  }
  expect(await payer.reserved()).toBe(0n);
  expect((await debits()).length).toBe(charged + ids.length);
  expect((await verifyLedger(db)).violations).toEqual([]);
}, 180_000);
