import { ApiError } from "../../errors.ts";
import { isBase64url } from "../../protocol/bytes/encoding.ts";
import {
  parseReceiptTrailers,
  type ReceiptFailure,
  type SignedReceipt,
  verifyReceiptInPool,
} from "../../protocol/receipt/receipt.ts";
import type { VerifiedReceipt } from "../billing/operations.ts";
import type { NodeKey } from "../nodes/types.ts";

export type TrailerReceipt = { receipt: VerifiedReceipt; commitment_salt: string };

/**
 * The node's receipt from the trailers of its answer, verified under a key that the node had at the dispatch. Null when
 * the receipt is missing or does not verify: then the answer is delivered, and nothing is charged (docs/design/chat.md,
 * Answer).
 */
export async function receiptFromTrailers(
  trailers: Record<string, string> | undefined,
  expected: { node_id: string; node_epoch: number; job_id: string; fence: number; keys: readonly NodeKey[] },
): Promise<TrailerReceipt | null> {
  const salt = trailers?.["x-b3iq-commitment-salt"];
  if (!trailers || !isBase64url(salt, 32)) return null;
  const parsed = parseReceiptTrailers(trailers);
  if (!parsed.ok) return null;
  const { node_id, node_epoch, job_id, fence } = parsed.value.receipt;
  if (
    node_id !== expected.node_id ||
    node_epoch !== expected.node_epoch ||
    job_id !== expected.job_id ||
    fence !== expected.fence
  )
    return null;
  const verified = await verifyUnder(
    parsed.value,
    expected.keys.map((key) => key.ed25519_public_key),
  );
  return verified.ok ? { receipt: verified.receipt, commitment_salt: salt } : null;
}

/** Finds the identity key under which an epoch of a node was opened. */
export type EpochKey = (node_id: string, epoch: number) => Promise<string | undefined>;

export type Verification = { ok: true; receipt: VerifiedReceipt } | { ok: false; code: ReceiptFailure; reason: string };

/**
 * Verifies form, hash and signature of a receipt under any of its node's keys. The ledger decides later whether the
 * receipt is paid.
 */
export async function verifyUnder(signed: SignedReceipt, public_keys: readonly string[]): Promise<Verification> {
  if (public_keys.length === 0)
    return { ok: false, code: "invalid_signature", reason: "the node has no key that could have signed this receipt" };
  const result = await verifyReceiptInPool(signed, public_keys);
  return result.ok
    ? { ok: true, receipt: toVerified(signed, result.value) }
    : { ok: false, code: result.code, reason: result.reason };
}

/** Verifies a receipt under the key that the node had in the receipt's epoch. */
export async function verifyUnderEpoch(
  epoch_key: EpochKey,
  node_id: string,
  signed: SignedReceipt,
): Promise<Verification> {
  const key = await epoch_key(node_id, signed.receipt.node_epoch);
  return verifyUnder(signed, key === undefined ? [] : [key]);
}

/** The same, but throws the failure as the ApiError of the call that brought the receipt. */
export async function acceptReceipt(
  epoch_key: EpochKey,
  node_id: string,
  signed: SignedReceipt,
  param?: string,
): Promise<VerifiedReceipt> {
  const verified = await verifyUnderEpoch(epoch_key, node_id, signed);
  if (verified.ok) return verified.receipt;
  throw new ApiError(verified.code, `The receipt was not accepted: ${verified.reason}.`, param ? { param } : {});
}

function toVerified({ receipt, receipt_hash, signature_ed25519 }: SignedReceipt, payload: string): VerifiedReceipt {
  return {
    receipt_hash,
    payload,
    signature: Buffer.from(signature_ed25519, "base64url"),
    node_id: receipt.node_id,
    node_epoch: receipt.node_epoch,
    node_seq: receipt.node_seq,
    job_id: receipt.job_id,
    fence: receipt.fence,
    prompt_tokens: receipt.prompt_tokens,
    completion_tokens: receipt.completion_tokens,
    prompt_price_wei: BigInt(receipt.prompt_price_wei),
    completion_price_wei: BigInt(receipt.completion_price_wei),
    fee_bps: receipt.fee_bps,
    outcome: receipt.outcome,
  };
}
