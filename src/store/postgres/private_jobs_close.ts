import type { Database } from "./database.ts";

/** Marks a job as done; a command that is still open is taken back, as its hold is closed. */
export async function closePrivateJob(db: Database, hold_id: string): Promise<void> {
  await db.pool.query(`
    with taken_back as (
      update commands set state = 'cancelled', lease_until = null, closed_at = clock_timestamp()
      where hold_id = $1 and state in ('queued', 'leased'))
    update private_jobs set closed_at = coalesce(closed_at, clock_timestamp()) where hold_id = $1`, [hold_id]);
}
