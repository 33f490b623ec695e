import { randomBytes } from "node:crypto";
import { mintSalt, requestCommitment, responseCommitment } from "../../../src/core/protocol/receipt/commitments.ts";
import { generateIdentity } from "../../../src/core/protocol/bytes/ed25519.ts";
import type { Identity } from "../../../src/core/protocol/bytes/ed25519.ts";
import { mintId, nodeIdOf } from "../../../src/core/protocol/bytes/ids.ts";
import { signReceipt } from "../../../src/core/protocol/receipt/receipt.ts";
import type { ReceiptPayload, SignedReceipt } from "../../../src/core/protocol/receipt/receipt.ts";
import { canonicalize } from "../../../src/core/protocol/bytes/canonical.ts";
import type { Database } from "../../../src/store/postgres/database.ts";

export const MESSAGES = [
  { role: "system", content: "Antworte knapp. \u2028\u00e9" },
  { role: "user", content: "What is 2 + 2? \ud83d\ude42" },
];
export const ANSWER = {
  content: "Four.",
  reasoning: "",
  tool_calls: [{ id: "call_1", type: "function", function: { name: "add", arguments: '{"a":2}' } }],
  finish_reason: "stop",
};

let node_seq = 0;

/** A receipt as a node signs it, over the chat above. */
export function makeReceipt(
  identity: Identity = generateIdentity(),
  change: Partial<ReceiptPayload> = {},
): { signed: SignedReceipt; salt: string; identity: Identity } {
  const salt = mintSalt();
  const payload: ReceiptPayload = {
    type: "b3iq.receipt.v1",
    node_id: nodeIdOf(identity.public_key),
    node_epoch: 1,
    node_seq: ++node_seq,
    job_id: mintId("job"),
    fence: 1,
    dispatch_mode: "pooled_sync",
    model_id: "b3iq-tiny.gguf \u00fc",
    model_profile_id: "profile",
    runtime_kind: "llama_cpp",
    outcome: "ok",
    prompt_tokens: 14,
    completion_tokens: 6,
    total_tokens: 20,
    prompt_price_wei: "1000003",
    completion_price_wei: "2000029",
    fee_bps: 500,
    request_commitment: requestCommitment(salt, MESSAGES),
    response_commitment: responseCommitment(salt, ANSWER),
    finished_at: "2026-11-21T10:17:00Z",
    ...change,
  };
  return { signed: signReceipt(payload, identity.private_key), salt, identity };
}

/** The answer of the receipt lookup, settled as signed. */
export function evidenceOf(signed: SignedReceipt, identity: Identity, leaf_index: number | null) {
  const { receipt, receipt_hash, signature_ed25519 } = signed;
  const charged =
    BigInt(receipt.prompt_tokens) * BigInt(receipt.prompt_price_wei) +
    BigInt(receipt.completion_tokens) * BigInt(receipt.completion_price_wei);
  const fee = (charged * BigInt(receipt.fee_bps)) / 10_000n;
  return {
    receipt_hash,
    node_id: receipt.node_id,
    job_id: receipt.job_id,
    node_class: "cpu",
    model_id: receipt.model_id,
    signature_ed25519,
    status: "settled",
    reason: null,
    received_at: "2026-11-21T10:17:31.000Z",
    batch_id: null,
    receipt,
    node_key: { ed25519_public_key: identity.public_key, from: "2026-11-21T09:00:00.000Z", to: null as string | null },
    signed: {
      prompt_tokens: receipt.prompt_tokens,
      completion_tokens: receipt.completion_tokens,
      total_tokens: receipt.total_tokens,
    },
    settled: {
      prompt_tokens: receipt.prompt_tokens,
      completion_tokens: receipt.completion_tokens,
      charged_wei: String(charged),
      fee_wei: String(fee),
      payout_wei: String(charged - fee),
      unobserved: false,
      settled_at: "2026-11-21T10:17:31.000Z",
    },
    leaf_index,
    proof_url: `/v1/receipts/${receipt_hash}/proof`,
  };
}

/** Puts signed receipts where the ledger keeps them. */
export async function recordReceipts(db: Database, receipts: readonly SignedReceipt[]): Promise<void> {
  await db.pool.query(
    `insert into receipts (receipt_hash, node_id, node_epoch, node_seq, job_id, status, reason, hold_state, payload,
       signature, received_at)
     select h, n, e, q, j, 'recorded', 'job_unknown', 'unknown', p, s, clock_timestamp()
     from unnest($1::bytea[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[])
       as r (h, n, e, q, j, p, s)`,
    [
      receipts.map((row) => Buffer.from(row.receipt_hash, "hex")),
      receipts.map((row) => row.receipt.node_id),
      receipts.map((row) => row.receipt.node_epoch),
      receipts.map((row) => row.receipt.node_seq),
      receipts.map((row) => row.receipt.job_id),
      receipts.map((row) => canonicalize(row.receipt)),
      receipts.map((row) => Buffer.from(row.signature_ed25519, "base64url")),
    ],
  );
}

export const randomHash = (): string => randomBytes(32).toString("hex");
