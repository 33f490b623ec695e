import { randomUUID } from "node:crypto";
import { ApiError } from "../../errors.ts";
import type { Logger } from "../../log.ts";
import { type SignedReceipt, readReceipt } from "../../protocol/receipt/receipt.ts";
import type { LedgerWriter, VerifiedReceipt } from "../billing/operations.ts";
import { type EpochKey, acceptReceipt } from "./trailers.ts";

export type ReceiptVerdict = {
  status: "settled" | "recorded" | "retry";
  reason?: "superseded" | "hold_closed" | "job_unknown" | "price_mismatch" | "sequence_reused" | "answer_open";
};

export type SubmissionPorts = {
  writer: LedgerWriter;
  epoch_key: EpochKey;
  suspend: (node_id: string, reason: string) => Promise<void>;
  log: Logger;
};

export type ReceiptSubmission = { submit(node_id: string, signed: SignedReceipt): Promise<ReceiptVerdict> };

export function receiptSubmission(ports: SubmissionPorts): ReceiptSubmission {
  return { submit: (node_id, signed) => submitReceipt(ports, node_id, signed) };
}

/**
 * Takes a receipt from a node's outbox: verifies and records it, and pays it if it is the receipt of an open hold.
 * Submitting a receipt again does no harm. The verdict is `retry` while a gateway may still settle the receipt with its
 * observation of the answer. Throws `invalid_request`, `invalid_signature`, `receipt_hash_mismatch`.
 */
export async function submitReceipt(
  ports: SubmissionPorts,
  node_id: string,
  signed: SignedReceipt,
): Promise<ReceiptVerdict> {
  const verdict = await ports.writer.apply({
    kind: "settle",
    operation_id: randomUUID(),
    receipt: await verifySubmission(ports, node_id, signed),
    observation: null,
  });
  if (verdict.ok) return { status: "settled" };
  if (verdict.recorded) return { status: "recorded", reason: verdict.reason };
  if (verdict.reason === "answer_open") return { status: "retry", reason: "answer_open" };
  await suspendForReuse(ports, node_id);
  return { status: "recorded", reason: "sequence_reused" };
}

/** Suspends a node that signed two receipts with one sequence number; the ledger keeps both as evidence. */
export async function suspendForReuse(
  { log, suspend }: Pick<SubmissionPorts, "log" | "suspend">,
  node_id: string,
): Promise<void> {
  log.warn("receipt_sequence_reused", { node_id });
  await suspend(node_id, "Two receipts carry the same sequence number.");
}

async function verifySubmission(
  { epoch_key }: SubmissionPorts,
  node_id: string,
  signed: SignedReceipt,
): Promise<VerifiedReceipt> {
  const formed = readReceipt(signed);
  if (!formed.ok)
    throw new ApiError("invalid_request", `The receipt is not valid: ${formed.reason}.`, { param: "receipt" });
  if (signed.receipt.node_id !== node_id)
    throw new ApiError("invalid_signature", "A node can submit its own receipts only.", { param: "receipt.node_id" });
  return acceptReceipt(epoch_key, node_id, signed);
}
