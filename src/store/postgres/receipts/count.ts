import type { Database } from "../database.ts";

/** Settled receipts since the beginning, and of the last 24 hours. */
export async function countReceipts(db: Database): Promise<{ total: number; last_24_hours: number }> {
  const { rows } = await db.pool.query<{ total: number; last_24_hours: number }>(`
    select count(*)::integer as total, count(*) filter (where received_at > clock_timestamp() - interval '24 hours')::integer as last_24_hours
    from receipts where status = 'settled'`);
  return rows[0]!;
}
