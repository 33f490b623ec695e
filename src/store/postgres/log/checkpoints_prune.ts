import type { Database } from "../database.ts";

/**
 * Forgets checkpoints that nothing needs any more: older than a day, with a later one of the same day (UTC), and no
 * payout batch pinned to their size. Proofs and the restore guard use the newest; what is left tells the log's history
 * by days. Returns how many.
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
