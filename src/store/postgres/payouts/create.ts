import type pg from "pg";
import { ADVISORY_LOCKS } from "../advisory_locks.ts";
import { type AuditOf, auditedPgTransaction } from "../control/audit_append.ts";
import type { Database } from "../database.ts";
import type { PayoutLine } from "../../../core/protocol/receipt/payout.ts";
import type { PayoutBatchRow } from "./batches.ts";
import type { MaturedRow } from "./due.ts";

/** A hold in a batch; `withheld_wei` of its payout stays back for refunds. */
export type PayoutItem = Pick<MaturedRow, "hold_id" | "node_id" | "receipt_hash" | "payout_wei" | "refunded_wei"> & {
  withheld_wei: bigint;
};

/** What a batch pays: a line for each node, the holds behind the lines, and what is withheld and set off. */
export type PayoutPlan = {
  lines: PayoutLine[];
  items: PayoutItem[];
  set_offs: { node_id: string; amount_wei: bigint }[];
  total_amount_wei: bigint;
  withheld_wei: bigint;
  set_off_wei: bigint;
};

export type NewBatch = PayoutPlan & {
  batch_id: string;
  period_end: Date;
  tree_size: number;
  merkle_root: Buffer;
  commitment: string;
  commitment_signature: Buffer;
  created_by: string;
};

/**
 * Stores the batch that `build` returns. An advisory lock lets one gateway at a time build a batch, and `build` reads
 * through `client`, in the transaction that stores the batch: several builds that each waited for a second connection of
 * the pool would wait for each other.
 */
export async function createPayoutBatch(
  db: Database,
  build: (client: pg.PoolClient) => Promise<NewBatch>,
  audit?: AuditOf<PayoutBatchRow>,
): Promise<PayoutBatchRow> {
  return auditedPgTransaction(db, audit, async (client) => {
    await client.query("select pg_advisory_xact_lock($1)", [ADVISORY_LOCKS.payout_batch]);
    return insertBatch(client, await build(client));
  });
}

async function insertBatch(client: pg.PoolClient, batch: NewBatch): Promise<PayoutBatchRow> {
  const { lines, items, set_offs } = batch;
  const { rows } = await client.query<PayoutBatchRow>(
    `insert into payout_batches (batch_id, period_end, tree_size, payout_count, total_amount_wei, withheld_wei,
      set_off_wei, merkle_root, commitment, commitment_signature, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning *`,
    [
      batch.batch_id,
      batch.period_end,
      batch.tree_size,
      lines.length,
      String(batch.total_amount_wei),
      String(batch.withheld_wei),
      String(batch.set_off_wei),
      batch.merkle_root,
      batch.commitment,
      batch.commitment_signature,
      batch.created_by,
    ],
  );
  await client.query(
    `insert into payout_lines (batch_id, line_index, node_id, amount_wei, receipt_count, payout_address)
     select $1, l.line_index, l.node_id, l.amount_wei, l.receipt_count,
       (select a.payout_address from payout_addresses a where a.node_id = l.node_id and a.replaced_at is null
         and a.applies_at <= clock_timestamp() order by a.applies_at desc limit 1)
     from unnest($2::int[], $3::text[], $4::numeric[], $5::int[]) as l (line_index, node_id, amount_wei,
       receipt_count)`,
    [
      batch.batch_id,
      lines.map((line) => line.index),
      lines.map((line) => line.node_id),
      lines.map((line) => line.amount_wei),
      lines.map((line) => line.receipt_count),
    ],
  );
  await client.query(
    `insert into payout_items (batch_id, hold_id, node_id, receipt_hash, payout_wei, refunded_wei, withheld_wei)
     select $1, * from unnest($2::uuid[], $3::text[], $4::bytea[], $5::numeric[], $6::numeric[], $7::numeric[])`,
    [
      batch.batch_id,
      items.map((item) => item.hold_id),
      items.map((item) => item.node_id),
      items.map((item) => item.receipt_hash),
      items.map((item) => String(item.payout_wei)),
      items.map((item) => String(item.refunded_wei)),
      items.map((item) => String(item.withheld_wei)),
    ],
  );
  await client.query(
    "insert into payout_set_offs (batch_id, node_id, amount_wei) select $1, * from unnest($2::text[], $3::numeric[])",
    [batch.batch_id, set_offs.map((set_off) => set_off.node_id), set_offs.map((set_off) => String(set_off.amount_wei))],
  );
  return rows[0]!;
}
