import { type AuditOf, auditedPgTransaction } from "../control/audit_append.ts";
import type { Database } from "../database.ts";

export type PayoutStatus = "created" | "submitted" | "finalized" | "reset";

/** A row of `payout_batches`; wei are decimal strings. */
export type PayoutBatchRow = {
  batch_id: string;
  status: PayoutStatus;
  period_end: Date;
  tree_size: number;
  payout_count: number;
  total_amount_wei: string;
  withheld_wei: string;
  set_off_wei: string;
  merkle_root: Buffer;
  commitment: string;
  commitment_signature: Buffer;
  transaction_hash: string | null;
  block_number: number | null;
  created_by: string;
  created_at: Date;
  submitted_at: Date | null;
  finalized_at: Date | null;
  finalize_reason: string | null;
  reset_at: Date | null;
  reset_reason: string | null;
};

/** A row of `payout_lines`: the part of a batch that goes to one node. */
export type PayoutLineRow = {
  line_index: number;
  node_id: string;
  amount_wei: string;
  receipt_count: number;
  payout_address: string | null;
};

export type BatchPosition = { created_at: string; batch_id: string };

/** Batches, newest first; `before` is the last batch of the page before. */
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

/** The batch with this id, or null. */
export async function findBatch(db: Database, batch_id: string): Promise<PayoutBatchRow | null> {
  const { rows } = await db.pool.query<PayoutBatchRow>("select * from payout_batches where batch_id = $1", [batch_id]);
  return rows[0] ?? null;
}

/** The lines of a batch in the order of their index. */
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

/** The lines of one node, newest batch first; lines of batches that were reset are left out. */
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

/**
 * Moves a batch from `created` to `submitted`, and queues its commitment as a leaf of the log. Null when the batch is in
 * another state.
 */
export async function submitBatch(
  db: Database,
  batch_id: string,
  transaction_hash: string | null,
  audit?: AuditOf<PayoutBatchRow | null>,
): Promise<PayoutBatchRow | null> {
  return auditedPgTransaction(db, audit, async (client) => {
    const { rows } = await client.query<PayoutBatchRow>(
      `with moved as (
       update payout_batches set status = 'submitted', submitted_at = clock_timestamp(), transaction_hash = $2
       where batch_id = $1 and status = 'created' returning *
     ), leaf as (insert into log_pending (batch_id) select batch_id from moved)
     select * from moved`,
      [batch_id, transaction_hash],
    );
    return rows[0] ?? null;
  });
}

/** Moves a batch from `submitted` to `finalized`. Null when the batch is in another state. */
export async function finalizeBatch(
  db: Database,
  batch_id: string,
  evidence: { block_number: number | null; reason: string },
  audit?: AuditOf<PayoutBatchRow | null>,
): Promise<PayoutBatchRow | null> {
  return auditedPgTransaction(db, audit, async (client) => {
    const { rows } = await client.query<PayoutBatchRow>(
      `update payout_batches set status = 'finalized', finalized_at = clock_timestamp(), block_number = $2,
      finalize_reason = $3
     where batch_id = $1 and status = 'submitted' returning *`,
      [batch_id, evidence.block_number, evidence.reason],
    );
    return rows[0] ?? null;
  });
}

/**
 * Moves a batch from `created` to `reset`: its settled holds are free for the next batch, its lines stay for the record.
 * Null when the batch is in another state.
 */
export async function resetBatch(
  db: Database,
  batch_id: string,
  reason: string,
  audit?: AuditOf<PayoutBatchRow | null>,
): Promise<PayoutBatchRow | null> {
  return auditedPgTransaction(db, audit, async (client) => {
    const { rows } = await client.query<PayoutBatchRow>(
      `with moved as (
       update payout_batches set status = 'reset', reset_at = clock_timestamp(), reset_reason = $2
       where batch_id = $1 and status = 'created' returning *
     ), items as (delete from payout_items where batch_id in (select batch_id from moved)),
     set_offs as (delete from payout_set_offs where batch_id in (select batch_id from moved))
     select * from moved`,
      [batch_id, reason],
    );
    return rows[0] ?? null;
  });
}
