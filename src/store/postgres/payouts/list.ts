import type { Database } from "../database.ts";
import type { PayoutBatchRow, PayoutLineRow, PayoutStatus } from "./batch_row.ts";

export type BatchPosition = { created_at: string; batch_id: string };

/** Batches, newest first, behind the last one seen. */
export async function listBatches(
  db: Database,
  given: { status: PayoutStatus | null; before: BatchPosition | null; limit: number },
): Promise<PayoutBatchRow[]> {
  const { rows } = await db.pool.query<PayoutBatchRow>(
    `select * from payout_batches
     where ($1::text is null or status = $1) and ($2::timestamptz is null or (date_trunc('milliseconds', created_at),
       batch_id) < ($2, $3))
     order by date_trunc('milliseconds', created_at) desc, batch_id desc limit $4`,
    [given.status, given.before?.created_at ?? null, given.before?.batch_id ?? null, given.limit],
  );
  return rows;
}

/** One batch, or null. */
export async function findBatch(db: Database, batch_id: string): Promise<PayoutBatchRow | null> {
  const { rows } = await db.pool.query<PayoutBatchRow>("select * from payout_batches where batch_id = $1", [batch_id]);
  return rows[0] ?? null;
}

/** The lines of a batch by index. */
export async function listLines(db: Database, batch_id: string): Promise<PayoutLineRow[]> {
  const { rows } = await db.pool.query<PayoutLineRow>(
    `select line_index, node_id, amount_wei, receipt_count, payout_address
     from payout_lines where batch_id = $1 order by line_index`,
    [batch_id],
  );
  return rows;
}

/** The batch that pays a receipt, or null. */
export async function batchOfReceipt(db: Database, receipt_hash: Buffer): Promise<string | null> {
  const { rows } = await db.pool.query<{ batch_id: string }>({
    name: "payouts_batch_of_receipt",
    text: "select batch_id from payout_items where receipt_hash = $1",
    values: [receipt_hash],
  });
  return rows[0]?.batch_id ?? null;
}

/** The lines of one node, newest batch first, without those of batches that were taken back. */
export async function listNodeLines(
  db: Database,
  given: { node_id: string; before: BatchPosition | null; limit: number },
): Promise<(PayoutBatchRow & PayoutLineRow)[]> {
  const { rows } = await db.pool.query<PayoutBatchRow & PayoutLineRow>(
    `select b.*, l.line_index, l.node_id, l.amount_wei, l.receipt_count, l.payout_address
     from payout_lines l join payout_batches b using (batch_id)
     where l.node_id = $1 and b.status <> 'reset' and ($2::timestamptz is null or (date_trunc('milliseconds',
       b.created_at), b.batch_id) < ($2, $3))
     order by date_trunc('milliseconds', b.created_at) desc, b.batch_id desc limit $4`,
    [given.node_id, given.before?.created_at ?? null, given.before?.batch_id ?? null, given.limit],
  );
  return rows;
}
