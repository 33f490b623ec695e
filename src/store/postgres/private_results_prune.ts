import type { Database } from "./database.ts";

/** Deletes the sealed results whose time is over, and those of jobs that ended without a settlement. */
export async function pruneSealedResults(db: Database): Promise<number> {
  const { rowCount } = await db.pool.query(`
    delete from sealed_results s where s.delete_at <= clock_timestamp()
      or exists (select from holds h where h.hold_id = s.hold_id and h.state in ('released', 'expired'))`);
  return rowCount ?? 0;
}
