import type { Database } from "../database.ts";

/** Holds for private jobs that were never queued: their gateway stopped between the two. */
export async function listLooseHolds(db: Database, older_than_ms: number, limit: number): Promise<string[]> {
  const { rows } = await db.pool.query<{ hold_id: string }>(
    `
    select h.hold_id from open_holds o join holds h on h.hold_id = o.hold_id
    where h.state = 'held' and h.mode = 'private' and h.created_at < clock_timestamp() - $1 * interval '1 millisecond'
      and not exists (select from private_jobs p where p.hold_id = h.hold_id)
    order by h.created_at limit $2`,
    [older_than_ms, limit],
  );
  return rows.map(({ hold_id }) => hold_id);
}
