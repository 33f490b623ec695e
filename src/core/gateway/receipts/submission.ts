import { randomUUID } from "node:crypto";
import { ApiError } from "../../errors.ts";
import type { Logger } from "../../log.ts";
import { type SignedReceipt, readReceipt } from "../../protocol/receipt/receipt.ts";
import type { LedgerWriter } from "../billing/operations.ts";
import { verifyUnder } from "./trailers.ts";

export type ReceiptVerdict = {
  status: "settled" | "recorded" | "retry";
  reason?: "superseded" | "hold_closed" | "job_unknown" | "price_mismatch" | "sequence_reused" | "answer_open";
};

/**
 * Takes a receipt from a node's outbox: verified, then recorded and, if its hold is still open and its own, paid.
 * Submitting again is harmless. While a gateway may still settle it with what it saw of the answer, the node is told
 * `retry`.
 */
export function createReceiptDesk(ports: {
  writer: LedgerWriter;
  epoch_key: (node_id: string, epoch: number) => Promise<string | undefined>;
  suspend: (node_id: string, reason: string) => Promise<void>;
  log: Logger;
}) {
  return {
    async submit(node_id: string, body: SignedReceipt): Promise<ReceiptVerdict> {
      const formed = readReceipt(body);
      if (!formed.ok)
        throw new ApiError("invalid_request", `The receipt is not valid: ${formed.reason}.`, { param: "receipt" });
      if (body.receipt.node_id !== node_id)
        throw new ApiError("invalid_signature", "A node can submit its own receipts only.", {
          param: "receipt.node_id",
        });
      const key = await ports.epoch_key(node_id, body.receipt.node_epoch);
      const verified = await verifyUnder(body, key === undefined ? [] : [key]);
      if (!verified.ok) throw new ApiError(verified.code, `The receipt was not accepted: ${verified.reason}.`);
      const verdict = await ports.writer.apply({
        kind: "settle",
        operation_id: randomUUID(),
        receipt: verified.receipt,
        observation: null,
      });
      if (verdict.ok) return { status: "settled" };
      if (verdict.recorded) return { status: "recorded", reason: verdict.reason };
      if (verdict.reason === "answer_open") return { status: "retry", reason: "answer_open" };
      ports.log.warn("receipt_sequence_reused", { node_id });
      await ports.suspend(node_id, "Two receipts carry the same sequence number.");
      return { status: "recorded", reason: "sequence_reused" };
    },
  };
}

export type ReceiptDesk = ReturnType<typeof createReceiptDesk>;
