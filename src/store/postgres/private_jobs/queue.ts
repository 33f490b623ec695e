import type { Database } from "../database.ts";

export type NewPrivateJob = {
  hold_id: string;
  command_id: string;
  customer_id: string;
  client_job_id: string | null;
  node_id: string;
  envelope_id: Buffer;
  fingerprint: Buffer;
  quoted_wei: bigint;
  payload: Record<string, unknown>;
};

/**
 * Writes a job and its command in one statement, if its hold is still held. The command can be leased until the hold's
 * deadline. False when the hold is closed, or when a job with this job id or this envelope exists.
 */
export async function queuePrivateJob(db: Database, job: NewPrivateJob): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `
    with job as (
      insert into private_jobs
        (hold_id, command_id, account_id, client_job_id, node_id, envelope_id, fingerprint, quoted_wei)
      select h.hold_id, $2, h.account_id, $4, $5, $6, $7, $8
      from holds h join accounts a on a.account_id = h.account_id and a.owner_id = $3
      where h.hold_id = $1 and h.state = 'held' on conflict do nothing
      returning hold_id, command_id, created_at)
    insert into commands (command_id, node_id, kind, payload, created_by, hold_id, created_at, not_after)
    select j.command_id, $5, 'private_job', $9::jsonb || jsonb_build_object('deadline_at',
        to_char(h.deadline_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')),
      'gateway', j.hold_id, j.created_at, h.deadline_at
    from job j join holds h on h.hold_id = j.hold_id`,
    [
      job.hold_id,
      job.command_id,
      job.customer_id,
      job.client_job_id,
      job.node_id,
      job.envelope_id,
      job.fingerprint,
      job.quoted_wei.toString(),
      job.payload,
    ],
  );
  return rowCount === 1;
}

/** How many private jobs wait for a node or run on it. */
export async function countWaitingJobs(db: Database, node_id: string): Promise<number> {
  const { rows } = await db.pool.query<{ count: number }>(
    `select count(*)::integer as count from commands
     where node_id = $1 and kind = 'private_job' and state in ('queued', 'leased')`,
    [node_id],
  );
  return rows[0]!.count;
}

/** Holds of private jobs that were never queued, because their gateway stopped between hold and queue. */
export async function listUnqueuedHolds(db: Database, older_than_ms: number, limit: number): Promise<string[]> {
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

export type ClosedPrivateJob = { hold_state: "settled" | "released" | "expired"; seconds: number };

/**
 * Closes a job whose hold is closed: cancels its open command, and deletes a sealed result that was not paid for. Returns
 * how the job ended and how long it took, to the one call that closes it; null to every other call.
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
