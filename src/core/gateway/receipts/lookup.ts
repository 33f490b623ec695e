import type { Database } from "../../../store/postgres/database.ts";
import { batchOfReceipt } from "../../../store/postgres/payouts/batches.ts";
import { findReceipt } from "../../../store/postgres/receipts/receipts.ts";
import type { components } from "../../../../generated/hosted.ts";
import { ApiError } from "../../errors.ts";
import { verifyReceipt, type ReceiptPayload } from "../../protocol/receipt/receipt.ts";
import type { Inventory, NodeKey, NodeView } from "../nodes/types.ts";

/**
 * The public evidence of one receipt: the signed payload, its key, and the settlement of its hold. It names no
 * customer.
 */
export function createReceiptLookup(ports: {
  db: Database;
  node: (node_id: string) => NodeView | undefined;
  keys: (node_id: string) => readonly NodeKey[];
  leaf: (receipt_hash: string) => Promise<number | null>;
}) {
  return async function lookup(receipt_hash: string) {
    const row = await findReceipt(ports.db, Buffer.from(receipt_hash, "hex"));
    if (!row) throw new ApiError("not_found", "There is no receipt with this hash.", { param: "receipt_hash" });
    const receipt = JSON.parse(row.payload) as ReceiptPayload;
    const signature_ed25519 = row.signature.toString("base64url");
    const key = ports
      .keys(row.node_id)
      .find(
        ({ ed25519_public_key }) => verifyReceipt({ receipt, receipt_hash, signature_ed25519 }, ed25519_public_key).ok,
      );
    if (!key) throw new ApiError("internal_error", "The key of this receipt's node is missing.");
    return {
      receipt_hash,
      node_id: row.node_id,
      job_id: row.job_id,
      node_class: nodeClass(ports.node(row.node_id)?.inventory ?? null),
      model_id: receipt.model_id,
      signature_ed25519,
      status: row.status,
      reason: row.reason as "superseded" | "hold_closed" | "job_unknown" | "price_mismatch" | null,
      received_at: row.received_at.toISOString(),
      batch_id: await batchOfReceipt(ports.db, Buffer.from(receipt_hash, "hex")),
      receipt: receipt as components["schemas"]["receipt"],
      node_key: {
        ed25519_public_key: key.ed25519_public_key,
        from: key.from.toISOString(),
        to: key.to?.toISOString() ?? null,
      },
      signed: {
        prompt_tokens: receipt.prompt_tokens,
        completion_tokens: receipt.completion_tokens,
        total_tokens: receipt.total_tokens,
      },
      settled:
        row.settled_at === null
          ? null
          : {
              prompt_tokens: row.prompt_tokens!,
              completion_tokens: row.completion_tokens!,
              charged_wei: row.charged_wei!,
              fee_wei: row.fee_wei!,
              payout_wei: row.payout_wei!,
              unobserved: row.unobserved ?? false,
              settled_at: row.settled_at.toISOString(),
            },
      leaf_index: await ports.leaf(receipt_hash),
      proof_url: `/v1/receipts/${receipt_hash}/proof`,
    };
  };
}

/** The public class of a machine. The inventory itself is shown to the node's owner only. */
export function nodeClass(inventory: Inventory | null): "cpu" | "single_gpu" | "multi_gpu" | null {
  if (!inventory) return null;
  return inventory.gpus.length === 0 ? "cpu" : inventory.gpus.length === 1 ? "single_gpu" : "multi_gpu";
}
