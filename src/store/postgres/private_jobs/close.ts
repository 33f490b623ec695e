import type { Database } from "../database.ts";

export type ClosedPrivateJob = { hold_state: "settled" | "released" | "expired"; seconds: number };

/**
 * Marks a job as done, whose hold is closed: a command that is still open is taken back, and a result that was not paid
 * for is deleted. How it ended and how long that took, for the one call that marks it; null for every other.
 */
export async function closePrivateJob(db: Database, hold_id: string): Promise<ClosedPrivateJob | null> {
  const { rows } = await db.pool.query<ClosedPrivateJob>(
    `
    with taken_back as (
      update commands set state = 'cancelled', lease_until = null, closed_at = clock_timestamp()
      where hold_id = $1 and state in ('queued', 'leased')),
    deleted as (
      delete from sealed_results s using holds h
      where s.hold_id = $1 and h.hold_id = $1 and h.state in ('released', 'expired'))
    update private_jobs p set closed_at = clock_timestamp() from holds h
    where p.hold_id = $1 and h.hold_id = $1 and h.state <> 'held' and p.closed_at is null
    returning h.state as hold_state, extract(epoch from h.closed_at - p.created_at)::float8 as seconds`,
    [hold_id],
  );
  return rows[0] ?? null;
}
