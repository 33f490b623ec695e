import type { Database } from "../database.ts";

/** Deletes the sealed results whose time is over. */
export async function pruneSealedResults(db: Database): Promise<number> {
  const { rowCount } = await db.pool.query("delete from sealed_results where delete_at <= clock_timestamp()");
  return rowCount ?? 0;
}
