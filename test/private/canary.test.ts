/**
 * Markers in every secret of many private jobs, done and failed; then a search through all that the gateway has
 * written.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { testClient, type Client } from "../support/client.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { FAKE_MODEL, fakeRuntime, type FakeRuntime } from "../support/fake_runtime.ts";
import { startSystem, type System, type TestCustomer } from "../support/system.ts";
import { newJobId, open, seal, transportKeyOf, waitFor } from "./support.ts";

const JOBS = 60;
const PROMPT = "CANARYprompt5e1c";
const OUTPUT = "CANARYoutput9d7b";
const FIELD = "CANARYfield2a4f";

let db: TestDatabase;
let system: System;
let runtime: FakeRuntime;
let payer: TestCustomer;
let customer: Client;

beforeAll(async () => {
  db = await testDatabase();
  runtime = await fakeRuntime({ tokens: [OUTPUT, " and more"] });
  system = await startSystem({
    database_url: db.url,
    gateway_env: { B3IQ_LOG_LEVEL: "debug" },
    agents: [{ runtime_url: runtime.url, env: { B3IQ_LOG_LEVEL: "debug" } }],
  });
  payer = await system.customer();
  customer = testClient(system.url, {
    "x-b3iq-customer-id": payer.customer_id,
    "x-b3iq-customer-token": payer.customer_token,
  });
}, 120_000);
afterAll(async () => {
  await system?.stop();
  await runtime?.close();
  await db?.drop();
});

test("no prompt, no output, no key is in database files, logs, tiles, metrics or errors", async () => {
  const { node_id } = system.agents[0]!;
  const key = await transportKeyOf(system.anyone, node_id);
  const answers: string[] = [];
  let completed = 0;
  const secrets: string[] = [];
  await Promise.all(
    Array.from({ length: JOBS }, async (_, i) => {
      const good = { messages: [{ role: "user", content: `${PROMPT}${i}` }] };
      // Of four: two are done, one is no chat, one names a parameter that nothing knows.
      const body = i % 4 < 2 ? good : i % 4 === 2 ? { [FIELD]: `${PROMPT}${i}` } : { ...good, [FIELD]: PROMPT };
      const job_id = newJobId();
      const sealed = seal(key, { node_id, model_id: FAKE_MODEL, job_id, body });
      secrets.push(Buffer.from(sealed.session.client_private).toString("base64url"));
      const queued = await customer.ask("POST", "/v1/private-inference/jobs", { body: sealed.body });
      expect(queued.status).toBe(202);
      const job = await waitFor(customer, job_id);
      const billed = await customer.ask("GET", `/v1/billing/jobs/${job_id}`);
      answers.push(queued.text, JSON.stringify(job), billed.text);
      if (i % 4 >= 2) return expect([job.status, billed.json.reason]).toEqual(["failed", "request_refused"]);
      expect(open(job, sealed.session).choices[0].message.content).toBe(`${OUTPUT} and more`);
      completed += 1;
    }),
  );
  expect(completed).toBe(JOBS / 2);
  expect(await payer.reserved()).toBe(0n);
  await db.pool.query("checkpoint");

  const found = new Map<string, string[]>();
  for (const file of [inject("postgres_home"), system.home, system.agents[0]!.home].flatMap(filesBelow)) {
    const content = contentOf(file);
    for (const marker of [PROMPT, OUTPUT, FIELD, payer.customer_id, ...secrets])
      if (content.includes(marker)) found.set(marker, [...(found.get(marker) ?? []), file]);
  }
  // The search finds what is there: the customer's id is known to the database, and to nothing else.
  expect([...found.keys()]).toEqual([payer.customer_id]);
  const said = [system.logs(), ...answers, await (await fetch(`${system.url}/v1/log/checkpoint`)).text()].join("\n");
  for (const marker of [PROMPT, OUTPUT, FIELD, payer.customer_token]) expect(said).not.toContain(marker);
  expect(runtime.requests.some(({ body }) => JSON.stringify(body).includes(PROMPT))).toBe(true);
}, 120_000);

function filesBelow(folder: string): string[] {
  return fs
    .readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** Files of other tests' databases go while this one looks. */
function contentOf(file: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}
