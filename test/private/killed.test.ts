/** A gateway that is killed while jobs wait and run: another one ends them all, and each is charged once. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { testClient, type Client } from "../support/client.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { FAKE_MODEL, fakeRuntime, type FakeRuntime } from "../support/fake_runtime.ts";
import { startProgram, type Program } from "../support/processes.ts";
import { startSystem, type System, type TestCustomer } from "../support/system.ts";
import { newJobId, open, seal, transportKeyOf, waitFor } from "./support.ts";

let db: TestDatabase;
let system: System;
let runtime: FakeRuntime;
let payer: TestCustomer;
let customer: Client;
let second: Program | undefined;

beforeAll(async () => {
  db = await testDatabase();
  runtime = await fakeRuntime();
  system = await startSystem({ database_url: db.url, agents: [{ runtime_url: runtime.url }] });
  payer = await system.customer();
  const headers = { "x-b3iq-customer-id": payer.customer_id, "x-b3iq-customer-token": payer.customer_token };
  customer = testClient(system.url, headers);
}, 120_000);
afterAll(async () => {
  await second?.stop();
  await system?.stop();
  await runtime?.close();
  await db?.drop();
});

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
  await system.gateway.stop("SIGKILL");
  second = startProgram(["gateway", "serve"], {
    env: {
      B3IQ_HOME: system.home,
      B3IQ_DATABASE_URL: db.url,
      B3IQ_GATEWAY_LISTEN: new URL(system.url).host,
      B3IQ_METRICS_LISTEN: "127.0.0.1:0",
      B3IQ_GATEWAY_PEER_LISTEN: "127.0.0.1:0",
    },
  });
  await second.line(/serves (http\S+)/);
  for (const job of jobs) {
    const ended = await waitFor(customer, job.body.job_id!, ["completed", "failed", "expired"], 60_000);
    expect(ended.status).toBe("completed");
    expect(open(ended, job.session).choices[0].message.content).toBe("Hello from the fake.");
  }
  expect(await payer.reserved()).toBe(0n);
  const debits = (await payer.usage()).filter(({ kind }) => kind === "debit");
  expect(debits).toHaveLength(jobs.length);
  expect(before - (await payer.balance())).toBe(debits.reduce((sum, { amount_wei }) => sum + BigInt(amount_wei), 0n));
}, 120_000);
