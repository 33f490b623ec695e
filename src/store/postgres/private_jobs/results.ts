import type { Database } from "../database.ts";

export type SealedOutcome = {
  command_id: string;
  node_id: string;
  lease_token: number;
  encrypted_response: Record<string, unknown>;
  receipt: Record<string, unknown>;
  sealed_bytes: number;
  result_hash: Buffer;
};

/**
 * Closes a private job's command under its newest lease and stores the sealed result, in one statement. False when the
 * command has a newer lease or is closed.
 */
export async function storeSealedResult(db: Database, outcome: SealedOutcome): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `
    with closed as (
      update commands set state = 'succeeded', result_hash = $4, closed_at = clock_timestamp(), lease_until = null
      where command_id = $1 and node_id = $2 and lease_token = $3 and state = 'leased'
        and kind = 'private_job' returning hold_id),
    signed as (
      update private_jobs p set receipt = $5, sealed_bytes = $6 from closed where p.hold_id = closed.hold_id)
    insert into sealed_results (hold_id, encrypted_response, stored_at, delete_at)
    select hold_id, $7, now(), now() + interval '24 hours' from closed`,
    [
      outcome.command_id,
      outcome.node_id,
      outcome.lease_token,
      outcome.result_hash,
      outcome.receipt,
      outcome.sealed_bytes,
      outcome.encrypted_response,
    ],
  );
  return rowCount === 1;
}

/** Marks a sealed result as read by its customer: it is deleted one hour after the first reading at the latest. */
export async function markResultRead(db: Database, hold_id: string): Promise<void> {
  await db.pool.query(
    `
    update sealed_results set read_at = clock_timestamp(),
      delete_at = least(delete_at, clock_timestamp() + interval '1 hour')
    where hold_id = $1 and read_at is null`,
    [hold_id],
  );
}

/** Deletes the sealed results that are past `delete_at`; returns how many. */
export async function pruneSealedResults(db: Database): Promise<number> {
  const { rowCount } = await db.pool.query("delete from sealed_results where delete_at <= clock_timestamp()");
  return rowCount ?? 0;
}
