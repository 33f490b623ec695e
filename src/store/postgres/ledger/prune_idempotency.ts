import type { Database } from "../database.ts";

/** Forgets Idempotency-Keys after their day; none whose hold is still open. Returns how many. */
export async function pruneIdempotency(db: Database, limit: number): Promise<number> {
  const { rowCount } = await db.pool.query(
    `delete from idempotency i where i.key_hash = any(array(
       select key_hash from idempotency where expires_at < clock_timestamp()
         and not exists (select 1 from holds h where h.hold_id = idempotency.hold_id and h.state = 'held') limit $1))`,
    [limit],
  );
  return rowCount ?? 0;
}
