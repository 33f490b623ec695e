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
 * Queues a job and its command in one statement, provided that the hold is still held; the command can be leased until
 * the hold's deadline. False when the hold is not, or when the job or its envelope was there first.
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
