import type { Database } from "./database.ts";

/**
 * Marks a job as done, whose hold is closed: a command that is still open is taken back, and a result that was not paid
 * for is deleted.
 */
export async function closePrivateJob(db: Database, hold_id: string): Promise<void> {
  await db.pool.query(
    `
    with taken_back as (
      update commands set state = 'cancelled', lease_until = null, closed_at = clock_timestamp()
      where hold_id = $1 and state in ('queued', 'leased')),
    deleted as (
      delete from sealed_results s using holds h
      where s.hold_id = $1 and h.hold_id = $1 and h.state in ('released', 'expired'))
    update private_jobs set closed_at = coalesce(closed_at, clock_timestamp()) where hold_id = $1`,
    [hold_id],
  );
}
