import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { generateIdentity, sign } from "../../../src/core/protocol/bytes/ed25519.ts";
import { formatVerifierKey } from "../../../src/core/protocol/log/note.ts";
import { PAYOUT_DOMAIN, payoutCommitmentText, payoutTree } from "../../../src/core/protocol/receipt/payout.ts";
import { temporaryFolder, testLog, LOG_KEY } from "../../support/log.ts";
import { testDatabase } from "../../support/database.ts";
import type { TestDatabase } from "../../support/database.ts";
import { startWitness } from "../../support/witness.ts";
import type { TestWitness } from "../../support/witness.ts";
import { ANSWER, MESSAGES, evidenceOf, makeReceipt, randomHash, recordReceipts } from "../../support/verify/fixtures.ts";

const FILE = path.resolve(import.meta.dirname, "../../../web/verify/verify.mjs");
const verifier = (await import(FILE)) as {
  verifyReceipt(evidence: unknown, options?: object): Promise<Report>;
  verifyChat(receipt: unknown, copy: object): Promise<Report>;
  verifyPayoutLine(line: unknown, options?: object): Promise<Report>;
  verifyBatch(detail: unknown, options?: object): Promise<Report>;
  verifyFiles(
    files: { name: string; text: string }[],
    options?: object,
  ): Promise<{ ok: boolean; reports: (Report & { subject: string })[] }>;
};
type Report = { ok: boolean; steps: { name: string; ok: boolean | null; detail: string }[] };
const failed = ({ steps }: Report) => steps.filter(({ ok }) => ok === false).map(({ name }) => name);

let db: TestDatabase;
let log: ReturnType<typeof testLog>;
let witness: TestWitness;
const made = Array.from({ length: 300 }, () => makeReceipt());
const { signed, salt, identity } = made[123]!;
let evidence: ReturnType<typeof evidenceOf>;
let options: { proof: string; log_key: string; witnesses: string[]; witnesses_min: number };

beforeAll(async () => {
  db = await testDatabase();
  witness = await startWitness(temporaryFolder(), [testLog(db).key]);
  log = testLog(db, { witnesses: [witness] });
  await recordReceipts(
    db,
    made.map((row) => row.signed),
  );
  await log.round();
  evidence = evidenceOf(signed, identity, await log.receiptLeaf(signed.receipt_hash));
  options = {
    proof: await log.receiptProof(signed.receipt_hash),
    log_key: log.describe().vkey,
    witnesses: log.describe().witnesses,
    witnesses_min: 1,
  };
});
afterAll(async () => {
  await log.stop();
  await witness.close();
  await db.drop();
});

test("a receipt, its proof, the log's key and a witness: each step passes", async () => {
  const report = await verifier.verifyReceipt(evidence, options);
  expect(report.steps.filter(({ ok }) => ok !== true)).toEqual([]);
  expect(report.steps.map(({ name }) => name)).toEqual([
    "The hash is that of the receipt",
    "The node's id follows from its key",
    "The node signed the receipt",
    "The key was the node's at that time",
    "The counts of tokens add up",
    "Not more was charged than was signed",
    "Fee and payout are those of the signed rate",
    "The log contains the receipt",
    "The log signed the checkpoint",
    "Witnesses saw the same log",
  ]);
  expect(report.ok).toBe(true);
});

test("without proof, key or witnesses it says what it did not check", async () => {
  const report = await verifier.verifyReceipt(evidence);
  expect(report).toMatchObject({ ok: true });
  expect(report.steps.filter(({ ok }) => ok === null).map(({ name }) => name)).toEqual([
    "The log contains the receipt",
  ]);
  const { receipt, receipt_hash, signature_ed25519 } = signed;
  expect(
    (await verifier.verifyReceipt({ receipt, receipt_hash, signature_ed25519 })).steps.filter(({ ok }) => ok === null),
  ).toHaveLength(3);
});

const other = makeReceipt(generateIdentity());
test.each<[string, (value: ReturnType<typeof evidenceOf>) => unknown, string]>([
  [
    "a field",
    (value) => ({ ...value, receipt: { ...value.receipt, completion_tokens: 7, total_tokens: 21 } }),
    "The hash is that of the receipt",
  ],
  [
    "an added field",
    (value) => ({ ...value, receipt: { ...value.receipt, note: "x" } }),
    "The hash is that of the receipt",
  ],
  ["the hash", (value) => ({ ...value, receipt_hash: randomHash() }), "The hash is that of the receipt"],
  [
    "the signature",
    (value) => ({ ...value, signature_ed25519: other.signed.signature_ed25519 }),
    "The node signed the receipt",
  ],
  [
    "the key",
    (value) => ({ ...value, node_key: { ...value.node_key, ed25519_public_key: other.identity.public_key } }),
    "The node's id follows from its key",
  ],
  [
    "a weak key",
    (value) => ({
      ...value,
      node_key: {
        ...value.node_key,
        ed25519_public_key: Buffer.concat([Buffer.of(1), Buffer.alloc(31)]).toString("base64url"),
      },
    }),
    "The node signed the receipt",
  ],
  [
    "the key's period",
    (value) => ({ ...value, node_key: { ...value.node_key, to: "2026-11-21T10:00:00.000Z" } }),
    "The key was the node's at that time",
  ],
  [
    "what was charged",
    (value) => ({
      ...value,
      settled: { ...value.settled, charged_wei: String(BigInt(value.settled.charged_wei) + 1n) },
    }),
    "Not more was charged than was signed",
  ],
  [
    "the fee",
    (value) => ({ ...value, settled: { ...value.settled, fee_wei: "0" } }),
    "Fee and payout are those of the signed rate",
  ],
  ["the leaf", (value) => ({ ...value, leaf_index: 5 }), "The log contains the receipt"],
])("with another %s it fails there", async (_what, change, step) => {
  const report = await verifier.verifyReceipt(change(evidence), options);
  expect(report.ok).toBe(false);
  expect(failed(report)).toContain(step);
});

test("a proof of another leaf, another log's key and a missing witness fail", async () => {
  const elsewhere = await log.receiptProof(made[7]!.signed.receipt_hash);
  expect(failed(await verifier.verifyReceipt(evidence, { ...options, proof: elsewhere }))).toEqual([
    "The log contains the receipt",
  ]);
  const stranger = formatVerifierKey({ ...log.key, public_key: generateIdentity().public_key });
  expect(failed(await verifier.verifyReceipt(evidence, { ...options, log_key: stranger }))).toEqual([
    "The log signed the checkpoint",
  ]);
  expect(
    failed(await verifier.verifyReceipt(evidence, { ...options, log_key: options.log_key.replace("+", "+0") })),
  ).toEqual(["The log signed the checkpoint"]);
  const unknown = formatVerifierKey({ ...witness.key, public_key: generateIdentity().public_key });
  expect(failed(await verifier.verifyReceipt(evidence, { ...options, witnesses: [unknown] }))).toEqual([
    "Witnesses saw the same log",
  ]);
});

test("no character of a proof file can be changed", async () => {
  for (let at = 0; at < options.proof.length; at += 1) {
    const proof = options.proof.slice(0, at) + (options.proof[at] === "7" ? "8" : "7") + options.proof.slice(at + 1);
    const report = await verifier.verifyReceipt(evidence, { ...options, proof });
    expect(report.ok, `character ${at}`).toBe(false);
  }
});

test("an own copy of a chat is checked against what the node signed", async () => {
  const { receipt } = signed;
  expect(
    await verifier.verifyChat(receipt, { messages: MESSAGES, answer: ANSWER, commitment_salt: salt }),
  ).toMatchObject({ ok: true });
  expect(
    failed(await verifier.verifyChat(receipt, { messages: [MESSAGES[1]], answer: ANSWER, commitment_salt: salt })),
  ).toEqual(["The receipt is of these messages"]);
  expect(
    failed(
      await verifier.verifyChat(receipt, {
        messages: MESSAGES,
        answer: { ...ANSWER, content: "Five." },
        commitment_salt: salt,
      }),
    ),
  ).toEqual(["The receipt is of this answer"]);
  expect(
    failed(await verifier.verifyChat(receipt, { messages: MESSAGES, answer: ANSWER, commitment_salt: "x" })),
  ).toHaveLength(2);
});

test("files are told apart and checked together: receipt, proof, key, request and stream", async () => {
  const frames = [
    { choices: [{ index: 0, delta: { role: "assistant", content: "Fo" }, finish_reason: null }] },
    { choices: [{ index: 0, delta: { content: "ur." }, finish_reason: null }] },
    {
      choices: [
        {
          index: 0,
          delta: {
            tool_calls: [{ index: 0, id: "call_1", type: "function", function: { name: "add", arguments: '{"a"' } }],
          },
          finish_reason: null,
        },
      ],
    },
    {
      choices: [
        { index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: ":2}" } }] }, finish_reason: null },
      ],
    },
    {
      choices: [{ index: 0, delta: {}, finish_reason: "stop" }],
      b3iq: { commitment_salt: salt, receipt_hash: signed.receipt_hash },
    },
  ];
  const stream = `${frames.map((frame) => `data: ${JSON.stringify(frame)}\n\n`).join("")}data: [DONE]\n\n`;
  const texts = [
    JSON.stringify(evidence),
    options.proof,
    JSON.stringify(log.describe()),
    JSON.stringify({ model: "m", messages: MESSAGES }),
    stream,
  ];
  const result = await verifier.verifyFiles(texts.map((text, at) => ({ name: `file ${at}`, text })));
  expect(result.reports.map(({ subject, ok }) => [subject, ok])).toEqual([
    [`Receipt ${signed.receipt_hash}`, true],
    ["Your copy of the chat", true],
  ]);
  expect(await verifier.verifyFiles([{ name: "x", text: "nonsense" }])).toMatchObject({ ok: false });
  expect(await verifier.verifyFiles([])).toMatchObject({ ok: false });
});

function batchOf(count: number) {
  const lines = Array.from({ length: count }, (_, index) => ({
    index,
    node_id: `node_${String(index).padStart(26, "0")}`,
    amount_wei: String(10n ** 20n + BigInt(index)),
    receipt_count: index + 1,
  }));
  const tree = payoutTree(lines);
  const commitment = {
    batch_id: "pay_3q5w7e9r1t2y4u6i8o0p1a3s5d",
    merkle_root: tree.root.toString("hex"),
    payout_count: count,
    tree_size: 300,
    period_end: "2026-11-20T08:00:00.000Z",
    total_amount_wei: String(lines.reduce((sum, line) => sum + BigInt(line.amount_wei), 0n)),
  };
  const commitment_signature = sign(PAYOUT_DOMAIN, payoutCommitmentText(commitment), LOG_KEY.toString("base64url"));
  return { batch: { ...commitment, commitment_signature, status: "created" }, lines, tree };
}

test.each([1, 2, 3, 7, 64, 101])("a payout batch of %i lines, and each of its lines", async (count) => {
  const { batch, lines, tree } = batchOf(count);
  expect(await verifier.verifyBatch({ batch, lines }, options)).toMatchObject({ ok: true });
  expect(failed(await verifier.verifyBatch({ batch: { ...batch, total_amount_wei: "1" }, lines }, options))).toEqual([
    "Count and total are those of the lines",
    "The log's key signed the batch",
  ]);
  expect(
    failed(await verifier.verifyBatch({ batch, lines: lines.with(0, { ...lines[0]!, amount_wei: "1" }) }, options)),
  ).toContain("The lines give the root");
  for (const line of lines) {
    const own = { ...line, ...batch, proof: tree.proof(line.index).map((hash) => hash.toString("hex")) };
    expect(await verifier.verifyPayoutLine(own, options)).toMatchObject({ ok: true });
    expect(failed(await verifier.verifyPayoutLine({ ...own, amount_wei: "1" }, options))).toEqual([
      "The line is in the batch",
    ]);
    expect(
      failed(await verifier.verifyPayoutLine({ ...own, payout_count: count + 1 }, options)).length,
    ).toBeGreaterThan(0);
  }
});

test("on the command line: passes with 0, fails with 1, says each step", async () => {
  const folder = temporaryFolder();
  const write = (name: string, text: string) => {
    fs.writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  fs.copyFileSync(FILE, path.join(folder, "verify.mjs")); // alone, as an auditor has it
  const run = (...words: string[]) =>
    promisify(execFile)(process.execPath, [path.join(folder, "verify.mjs"), ...words]);
  const files = [write("receipt.json", JSON.stringify(evidence)), write("proof.txt", options.proof)];
  const { stdout } = await run("--log-key", options.log_key, "--witness", options.witnesses[0]!, ...files);
  expect(stdout.match(/^ {2}pass {2}/gm)).toHaveLength(10);
  expect(stdout).toContain("Everything that was checked holds.");
  const bad = write("bad.json", JSON.stringify({ ...evidence, receipt: { ...evidence.receipt, fence: 2 } }));
  await expect(run(bad)).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining("FAIL  The hash is that of the receipt") as string,
  });
  await expect(run()).rejects.toMatchObject({ code: 2 });
});
