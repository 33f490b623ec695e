import type pg from "pg";
import type { Database } from "../database.ts";
import { LeadLost } from "./state.ts";

export type CheckpointRow = { tree_size: number; root: Buffer; note: string; published_at: Date };

/** The newest published checkpoint; null before the first. */
export async function newestCheckpoint(client: pg.Pool | pg.PoolClient): Promise<CheckpointRow | null> {
  const { rows } = await client.query<CheckpointRow>({
    name: "log_checkpoint_newest",
    text: "select tree_size, root, note, published_at from log_checkpoints order by tree_size desc limit 1",
  });
  return rows[0] ?? null;
}

export type PublishedCheckpoint = { epoch: number; size: number; root: Uint8Array; note: string };

/**
 * Publishes a checkpoint, or adds signatures to the published checkpoint of this size. Throws LeadLost when another
 * leader has begun a new epoch, or when the published checkpoint of this size has another root.
 */
export async function publishCheckpoint(
  client: pg.Client,
  { epoch, size, root, note }: PublishedCheckpoint,
): Promise<void> {
  const { rowCount } = await client.query(
    `insert into log_checkpoints (tree_size, root, note, epoch)
     select $2, $3, $4, $1 from log_state where epoch = $1 and size >= $2
     on conflict (tree_size) do update set note = excluded.note, epoch = excluded.epoch
       where log_checkpoints.root = excluded.root`,
    [epoch, size, root, note],
  );
  if (rowCount !== 1) throw new LeadLost();
}

/**
 * Deletes checkpoints that nothing needs any more: those older than a day that have a later checkpoint of the same day
 * (UTC), unless a payout batch is pinned to their size. Proofs and the restore guard use the newest checkpoint; the
 * last checkpoint of each day stays as the log's history. Returns how many rows were deleted.
 */
export async function pruneCheckpoints(db: Database, limit = 50_000): Promise<number> {
  const { rowCount } = await db.pool.query(
    `delete from log_checkpoints where tree_size in (
       select tree_size from (
         select tree_size, published_at, lead(published_at) over (order by tree_size) as next_at from log_checkpoints
       ) c
       where published_at < clock_timestamp() - interval '1 day'
         and (published_at at time zone 'UTC')::date = (next_at at time zone 'UTC')::date
         and not exists (select 1 from payout_batches b where b.tree_size = c.tree_size)
       order by tree_size limit $1)`,
    [limit],
  );
  return rowCount ?? 0;
}
