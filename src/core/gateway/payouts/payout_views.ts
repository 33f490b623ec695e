import type { components } from "../../../../generated/hosted.ts";
import type { PayoutBatchRow, PayoutLineRow } from "../../../store/postgres/payouts/batches.ts";

export type Schemas = components["schemas"];

/** A line of a batch, with the fields that the batch's commitment covers. */
export function toLine({ line_index, node_id, amount_wei, receipt_count }: PayoutLineRow): Schemas["payout_line"] {
  return { index: line_index, node_id, amount_wei, receipt_count };
}

/** A batch as everyone may see it. */
export function toPublicBatch(row: PayoutBatchRow): Schemas["settlement_batch"] {
  return {
    batch_id: row.batch_id,
    status: row.status,
    period_end: row.period_end.toISOString(),
    tree_size: row.tree_size,
    payout_count: row.payout_count,
    total_amount_wei: row.total_amount_wei,
    merkle_root: row.merkle_root.toString("hex"),
    commitment_signature: row.commitment_signature.toString("base64url"),
    transaction_hash: row.transaction_hash,
    block_number: row.block_number,
    created_at: row.created_at.toISOString(),
    submitted_at: row.submitted_at?.toISOString() ?? null,
    finalized_at: row.finalized_at?.toISOString() ?? null,
  };
}

/** A batch as an admin sees it. */
export function toBatch(row: PayoutBatchRow): Schemas["payout_batch"] {
  return {
    ...toPublicBatch(row),
    withheld_wei: row.withheld_wei,
    set_off_wei: row.set_off_wei,
    created_by: row.created_by,
    reset_at: row.reset_at?.toISOString() ?? null,
    reset_reason: row.reset_reason,
  };
}
