import type { Database } from "../database.ts";

/** Open holds past their expiry by the database's clock, the longest due first. */
export async function listDueHolds(db: Database, limit: number): Promise<string[]> {
  const { rows } = await db.pool.query<{ hold_id: string }>(
    "select hold_id from open_holds join holds h using (hold_id) where h.expires_at <= clock_timestamp() order by h.expires_at limit $1",
    [limit],
  );
  return rows.map((row) => row.hold_id);
}
