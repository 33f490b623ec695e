import { type AuditOf, auditedPgTransaction } from "../control/audit_append.ts";
import type { Database } from "../database.ts";
import type { PayoutBatchRow } from "./batch_row.ts";

/**
 * `created` to `submitted`; from here on the commitment is a leaf of the log. Null when the batch is in another state.
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

/** `submitted` to `finalized`. Null when the batch is in another state. */
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
 * `created` to `reset`: its rows are free for the next batch, its lines stay for the record. Null when the batch is in
 * another state.
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
