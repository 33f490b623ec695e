import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { FAKE_MODEL, fakeRuntime } from "../support/fake_runtime.ts";
import { COMPLETION_PRICE_WEI, PROMPT_PRICE_WEI } from "../support/system.ts";
import { lacking, tool } from "../support/tools.ts";
import { itUnless } from "../support/unless.ts";
import { priceOf, testSystem } from "../support/e2e.ts";

const execute = promisify(execFile);
const fake = await fakeRuntime();
afterAll(() => fake.close());
const system = await testSystem({ agents: [{ runtime_url: fake.url }, {}] });
const models = ["b3iq-tiny.gguf", FAKE_MODEL];
const messages = [{ role: "user", content: "What does it cost? ".repeat(20) }];

/** The answer's own figures, whichever way it came. */
async function chat(customer: Awaited<ReturnType<typeof system.customer>>, model: string, stream: boolean) {
  const body = {
    model,
    messages,
    max_tokens: 24,
    ...(stream ? { stream, stream_options: { include_usage: true } } : {}),
  };
  if (!stream) {
    const { status, json, headers } = await customer.client.ask("POST", "/v1/chat/completions", { body });
    expect(status).toBe(200);
    expect(headers.get("x-b3iq-receipt-hash")).toBe(json.b3iq.receipt_hash);
    expect(json.b3iq).toMatchObject({
      latency_ms: expect.any(Number) as unknown,
      ttft_ms: expect.any(Number) as unknown,
    });
    return { usage: json.usage, b3iq: json.b3iq };
  }
  const { status, events } = await customer.client.events("/v1/chat/completions", { body });
  expect(status).toBe(200);
  expect(events.at(-1)).toBe("[DONE]");
  const chunks = events.slice(0, -1).map((event) => JSON.parse(event));
  return { usage: chunks.at(-1).usage, b3iq: chunks.find((chunk) => chunk.b3iq !== undefined).b3iq };
}

/** The Python verifier's word on a receipt and the public page of its node. */
async function verify(found: object, node: object): Promise<{ ok: boolean; said: string }> {
  const [receipt_file, node_file] = [path.join(system.home, "receipt.json"), path.join(system.home, "node.json")];
  fs.writeFileSync(receipt_file, JSON.stringify(found));
  fs.writeFileSync(node_file, JSON.stringify(node));
  return execute(tool("python3")!, [path.join(import.meta.dirname, "verify_receipt.py"), receipt_file, node_file]).then(
    ({ stdout }) => ({ ok: true, said: stdout }),
    (error: { stdout?: string; message: string }) => ({ ok: false, said: error.stdout ?? error.message }),
  );
}

test.each(
  models.flatMap(
    (model) =>
      [
        [model, false],
        [model, true],
      ] as const,
  ),
)(
  "%s, stream %s: balance before minus after = the debit of the export = price times the receipt's usage",
  async (model, stream) => {
    const customer = await system.customer();
    const before = await customer.balance();
    const { usage, b3iq } = await chat(customer, model, stream);
    const spent = before - (await customer.balance());
    const debits = (await customer.usage()).filter(({ kind }) => kind === "debit");
    expect(debits).toHaveLength(1);
    const found = (await system.anyone.ask("GET", `/v1/receipts/${b3iq.receipt_hash}`)).json;
    expect(spent).toBeGreaterThan(0n);
    expect([debits[0].amount_wei, b3iq.charged_wei, found.settled.charged_wei]).toEqual([
      `${spent}`,
      `${spent}`,
      `${spent}`,
    ]);
    expect(priceOf(found.receipt, PROMPT_PRICE_WEI, COMPLETION_PRICE_WEI)).toBe(spent);
    expect(found.signed).toMatchObject({
      prompt_tokens: usage.prompt_tokens,
      completion_tokens: usage.completion_tokens,
    });
    expect(debits[0]).toMatchObject({
      receipt_hash: b3iq.receipt_hash,
      job_id: b3iq.job_id,
      prompt_tokens: usage.prompt_tokens,
      completion_tokens: usage.completion_tokens,
    });
    expect(await customer.reserved()).toBe(0n);
    const job = (await customer.client.ask("GET", `/v1/billing/jobs/${b3iq.job_id}`)).json;
    expect(job).toMatchObject({ billing_status: "settled", charged_wei: `${spent}`, receipt_hash: b3iq.receipt_hash });
  },
);

itUnless(lacking("python3"))(
  "a receipt is verified by Python's standard library, and what was changed in it is not",
  async () => {
    const customer = await system.customer();
    for (const [model, stream] of models.flatMap((one) => [[one, false] as const, [one, true] as const])) {
      const { b3iq } = await chat(customer, model, stream);
      const { charged_wei } = b3iq;
      const found = (await system.anyone.ask("GET", `/v1/receipts/${b3iq.receipt_hash}`)).json;
      const node = (await system.anyone.ask("GET", `/v1/public/nodes/${found.node_id}`)).json;
      const { ok, said } = await verify(found, node);
      expect(said).toContain(`"charged_wei": "${charged_wei}"`);
      expect(ok).toBe(true);
      const tampered: [string, object, object][] = [
        [
          "the hash is not",
          { ...found, receipt: { ...found.receipt, completion_tokens: found.receipt.completion_tokens + 1 } },
          node,
        ],
        [
          "the signature is not",
          found,
          {
            ...node,
            keys: [{ ...node.keys[0], ed25519_public_key: Buffer.alloc(32, 0x58).fill(0x66, 1).toString("base64url") }],
          },
        ],
        [
          "price times usage",
          { ...found, settled: { ...found.settled, charged_wei: `${BigInt(charged_wei) + 1n}` } },
          node,
        ],
      ];
      for (const [reason, receipt, page] of tampered) {
        const refused = await verify(receipt, page);
        expect(refused.ok).toBe(false);
        expect(refused.said).toContain(reason);
      }
    }
  },
);

test("the commitments are over what the customer sent and got", async () => {
  const customer = await system.customer();
  const { json } = await customer.client.ask("POST", "/v1/chat/completions", { body: { model: FAKE_MODEL, messages } });
  const { receipt } = (await system.anyone.ask("GET", `/v1/receipts/${json.b3iq.receipt_hash}`)).json;
  const { createHash } = await import("node:crypto");
  const commitment = (text: string) =>
    createHash("sha256").update(Buffer.from(json.b3iq.commitment_salt, "base64url")).update(text).digest("hex");
  expect(receipt.request_commitment).toBe(
    commitment(`[{"content":${JSON.stringify(messages[0]!.content)},"role":"user"}]`),
  );
  expect(receipt.response_commitment).toBe(
    commitment('{"content":"Hello from the fake.","finish_reason":"stop","reasoning":null,"tool_calls":null}'),
  );
});

test("the export adds up: credits minus debits are the balance, as JSON, CSV and NDJSON alike", async () => {
  const customer = await system.customer();
  for (let chats = 0; chats < 5; chats++) await chat(customer, FAKE_MODEL, chats % 2 === 0);
  const entries = await customer.usage();
  const sum = (kind: string) =>
    entries.filter((entry) => entry.kind === kind).reduce((total, { amount_wei }) => total + BigInt(amount_wei), 0n);
  expect(sum("credit") - sum("debit")).toBe(await customer.balance());
  expect(entries.filter(({ kind }) => kind === "reserve")).toHaveLength(5);
  const csv = await customer.client.ask("GET", "/v1/billing/usage", { headers: { accept: "text/csv" } });
  expect(csv.text.trim().split("\r\n")).toHaveLength(1 + entries.length);
  const ndjson = await customer.client.ask("GET", "/v1/billing/usage", { headers: { accept: "application/x-ndjson" } });
  expect(
    ndjson.text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual(entries);
});
