/** A private job through real processes: gateway, agent with the built-in model, customer. */
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { requestCommitment, responseCommitment } from "../../../../src/core/protocol/receipt/commitments.ts";
import { generateIdentity } from "../../../../src/core/protocol/bytes/ed25519.ts";
import { signTransportKey } from "../../../../src/core/protocol/envelope/transport_key.ts";
import { generateTransportPair } from "../../../../src/core/protocol/bytes/x25519.ts";
import { testClient, type Client } from "../../../support/client.ts";
import { contractFetch } from "../../../support/contract_client.ts";
import { testDatabase, type TestDatabase } from "../../../support/database.ts";
import { startCommand, temporaryHome, type Program } from "../../../support/processes.ts";
import {
  COMPLETION_PRICE_WEI,
  PROMPT_PRICE_WEI,
  startSystem,
  type System,
  type TestCustomer,
} from "../../../support/system.ts";
import { newJobId, open, seal, transportKeyOf, waitFor } from "../../../support/private_jobs/path.ts";

let db: TestDatabase;
let system: System;
let payer: TestCustomer;
let customer: Client;
let fetcher: typeof fetch;

beforeAll(async () => {
  db = await testDatabase();
  system = await startSystem({ database_url: db.url, agents: [{}] });
  payer = await system.customer();
  fetcher = await contractFetch(
    JSON.parse(fs.readFileSync(new URL("../../../../generated/hosted.json", import.meta.url), "utf8")) as unknown,
  );
  customer = testClient(
    system.url,
    { "x-b3iq-customer-id": payer.customer_id, "x-b3iq-customer-token": payer.customer_token },
    fetcher,
  );
}, 120_000);
afterAll(async () => {
  await system?.stop();
  await db?.drop();
});

test("is sealed, queued, run, sealed again, settled by its receipt, read, and verified by its customer", async () => {
  const { node_id, model } = system.agents[0]!;
  const key = await transportKeyOf(system.anyone, node_id);
  const job_id = newJobId();
  const messages = [{ role: "user", content: "MARKERprompt7f3a private words" }];
  const sealed = seal(key, {
    node_id,
    model_id: model,
    job_id,
    max_price_wei: "10000000000000000000",
    body: { messages, max_tokens: 12 },
  });
  const before = await payer.balance();
  const queued = await customer.ask("POST", "/v1/private-inference/jobs", { body: sealed.body });
  expect(queued.status).toBe(202);
  const bytes = Buffer.byteLength(sealed.body.encrypted_request.ciphertext, "base64url");
  expect(queued.json).toMatchObject({
    status: "queued",
    job_id,
    node_id,
    billing: { customer_id: payer.customer_id, status: "reserved", payout_price_wei: "0" },
  });
  expect(BigInt(queued.json.billing.quoted_price_wei as string) > BigInt(bytes) * PROMPT_PRICE_WEI).toBe(true);
  expect((await customer.ask("POST", "/v1/private-inference/jobs", { body: sealed.body })).json).toEqual(queued.json);

  const job = await waitFor(customer, job_id);
  const why = system
    .logs()
    .split("\n")
    .filter((line) => line.includes("command_failed"))
    .join("\n");
  expect((await customer.ask("GET", `/v1/billing/jobs/${job_id}`)).json.reason, why).toBeNull();
  expect(job).toMatchObject({
    job_id,
    node_id,
    model_id: model,
    status: "completed",
    encrypted_request: null,
    billing: { status: "settled" },
  });
  const answer = open(job, sealed.session);
  expect(answer.choices[0].message.role).toBe("assistant");
  expect(answer.usage.completion_tokens).toBeLessThanOrEqual(12);

  const { json: evidence } = await system.anyone.ask("GET", `/v1/receipts/${job.receipt_hash}`);
  const { receipt } = evidence;
  expect(receipt).toMatchObject({
    dispatch_mode: "private_job",
    node_id,
    prompt_tokens: answer.usage.prompt_tokens,
    completion_tokens: answer.usage.completion_tokens,
  });
  const { commitment_salt } = answer.b3iq;
  expect(requestCommitment(commitment_salt, messages)).toBe(receipt.request_commitment);
  const { message, finish_reason } = answer.choices[0];
  expect(responseCommitment(commitment_salt, { ...message, finish_reason })).toBe(receipt.response_commitment);
  const cost =
    BigInt(receipt.prompt_tokens as number) * PROMPT_PRICE_WEI +
    BigInt(receipt.completion_tokens as number) * COMPLETION_PRICE_WEI;
  expect(before - (await payer.balance())).toBe(cost);
  expect(await payer.reserved()).toBe(0n);

  const { json: billed } = await customer.ask("GET", `/v1/billing/jobs/${job_id}`);
  expect(billed).toMatchObject({
    mode: "private",
    client_job_id: job_id,
    charged_wei: cost.toString(),
    receipt_hash: job.receipt_hash,
  });
  const [entry] = await payer.usage();
  expect(entry).toMatchObject({ private_job_id: job_id, job_id: billed.job_id });
  expect((await customer.ask("GET", `/v1/private-inference/jobs/${billed.job_id}`)).json).toMatchObject({
    job_id,
    status: "completed",
  });
  expect(await system.violations()).toEqual([]);
}, 60_000);

test("another customer finds no job, and what is not a job is 404", async () => {
  const other = await system.customer();
  const stranger = testClient(
    system.url,
    { "x-b3iq-customer-id": other.customer_id, "x-b3iq-customer-token": other.customer_token },
    fetcher,
  );
  const { json: page } = await customer.ask("GET", "/v1/billing/usage");
  const job_id = page.entries.find((entry: { private_job_id: string | null }) => entry.private_job_id !== null)
    .private_job_id as string;
  expect((await stranger.ask("GET", `/v1/private-inference/jobs/${job_id}`)).status).toBe(404);
  expect((await customer.ask("GET", "/v1/private-inference/jobs/job-that-is-none")).status).toBe(404);
});

test("a malformed envelope is told as such by the document's own check too; unknown fields are refused", async () => {
  const { node_id, model } = system.agents[0]!;
  const { body } = seal(await transportKeyOf(system.anyone, node_id), {
    node_id,
    model_id: model,
    body: { messages: [] },
  });
  const envelope = body.encrypted_request as Record<string, unknown>;
  const entries = (await payer.usage()).length;
  const { ciphertext: _, ...cut } = envelope;
  for (const encrypted_request of [
    null,
    "text",
    {},
    cut,
    { ...envelope, plaintext: "hello" },
    { ...envelope, nonce: 1 },
    { ...envelope, version: "v2" },
    { ...envelope, aad_hash: "f".repeat(64) },
  ]) {
    const refused = await customer.ask("POST", "/v1/private-inference/jobs", { body: { ...body, encrypted_request } });
    expect([refused.status, refused.json.error.code], JSON.stringify(encrypted_request)).toEqual([
      400,
      "invalid_encrypted_request",
    ]);
    expect(refused.json.error.param).toMatch(/^encrypted_request/);
  }
  const riding = await customer.ask("POST", "/v1/private-inference/jobs", { body: { ...body, prompt: "hello" } });
  expect([riding.status, riding.json.error.code]).toEqual([400, "invalid_request"]);
  expect((await payer.usage()).length).toBe(entries);
});

test("a customer runs a job from a shell; a key that the node did not sign is refused", async () => {
  const { node_id, model } = system.agents[0]!;
  const folder = temporaryHome();
  const file = (name: string) => path.join(folder, name);
  fs.writeFileSync(file("token"), payer.customer_token, { mode: 0o600 });
  const job = (words: string, input = "", url = system.url) => {
    const text = `printf %s '${input}' | sh bin/launch.sh gateway job ${words}`;
    return startCommand("sh", ["-c", text], {
      env: { B3IQ_GATEWAY_BASE_URL: url, B3IQ_CUSTOMER_ID: payer.customer_id, B3IQ_CUSTOMER_TOKEN_FILE: file("token") },
    });
  };
  const done = async (program: Program) => ({ ...(await program.ended), output: program.output() });
  const succeed = async (words: string, input?: string) => {
    const { code, output } = await done(job(words, input));
    expect(code, output).toBe(0);
    return output;
  };
  const sealing = `seal --node ${node_id} --model ${model} --text --job-id job-from-a-shell`;
  await succeed(`${sealing} --output ${file("request")} --session ${file("session")}`, "hello there");
  expect(fs.statSync(file("session")).mode & 0o077).toBe(0);
  expect(await succeed(`submit --request ${file("request")}`)).toContain("job-from-a-shell");
  expect(await succeed(`submit --request ${file("request")}`)).toContain("job-from-a-shell");
  await succeed(`wait job-from-a-shell --output ${file("job")}`);
  expect(JSON.parse(await succeed(`open --job ${file("job")} --session ${file("session")}`))).toMatchObject({
    object: "chat.completion",
    model,
  });
  expect(fs.existsSync(file("session"))).toBe(false);

  const key = await transportKeyOf(system.anyone, node_id);
  const forged = generateTransportPair().public_key;
  const other = generateIdentity();
  const lies = [
    { ...key, x25519_public_key: forged },
    {
      ...key,
      ...signed({ ...key, x25519: forged }, other.private_key),
      x25519_public_key: forged,
      ed25519_public_key: other.public_key,
    },
  ];
  for (const lie of lies) {
    const liar = http.createServer((_request, response) =>
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(lie)),
    );
    await new Promise<void>((resolve) => liar.listen(0, "127.0.0.1", resolve));
    const refused = await done(
      job(
        `${sealing} --output ${file("never")} --session ${file("none")}`,
        "hello",
        `http://127.0.0.1:${(liar.address() as AddressInfo).port}`,
      ),
    );
    liar.close();
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining("nothing was sealed") });
  }
  expect(fs.existsSync(file("never"))).toBe(false);
  fs.rmSync(folder, { recursive: true });
}, 90_000);

function signed(key: { key_id: string; x25519: string; not_before: string; not_after: string }, private_key: string) {
  const { signature_ed25519 } = signTransportKey(
    { key_id: key.key_id, x25519: key.x25519, not_before: key.not_before, not_after: key.not_after },
    private_key,
  );
  return { signature_ed25519 };
}
