import type { Database } from "../database.ts";

/** Notes that a customer was given a sealed result: from the first time on it is kept for one more hour. */
export async function markResultRead(db: Database, hold_id: string): Promise<void> {
  await db.pool.query(
    `
    update sealed_results set read_at = clock_timestamp(),
      delete_at = least(delete_at, clock_timestamp() + interval '1 hour')
    where hold_id = $1 and read_at is null`,
    [hold_id],
  );
}
