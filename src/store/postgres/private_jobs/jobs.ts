import type { Database } from "../database.ts";
import type { CommandRow } from "../commands/row.ts";

type Sealed = Record<string, unknown>;

/** A private job with its hold and its command. */
export type PrivateJobRow = {
  hold_id: string;
  command_id: string;
  customer_id: string;
  client_job_id: string | null;
  fingerprint: Buffer;
  quoted_wei: bigint;
  receipt: Sealed | null;
  sealed_bytes: number | null;
  created_at: Date;
  job_id: string;
  node_id: string;
  model_id: string;
  policy_version: number;
  amount_wei: bigint;
  hold_state: "held" | "settled" | "released" | "expired";
  payout_wei: bigint | null;
  receipt_hash: string | null;
  hold_closed_at: Date | null;
  /** The fence of the newest lease; 1 before the first lease. */
  fence: number;
  command_state: CommandRow["state"];
  /** The code that the node gave for its failure. */
  failure_code: string | null;
  encrypted_request: Sealed | null;
  encrypted_response: Sealed | null;
};

type Stored = Omit<PrivateJobRow, "quoted_wei" | "amount_wei" | "payout_wei"> & {
  quoted_wei: string;
  amount_wei: string;
  payout_wei: string | null;
};

const PRIVATE_JOBS = `
  select p.hold_id, p.command_id, a.owner_id as customer_id, p.client_job_id, p.fingerprint, p.quoted_wei, p.receipt,
    p.sealed_bytes, p.created_at,
    h.job_id, h.node_id, h.model_id, h.policy_version, h.amount_wei, h.state as hold_state, h.payout_wei,
    encode(h.receipt_hash, 'hex') as receipt_hash, h.closed_at as hold_closed_at, h.fence,
    c.state as command_state, c.failure ->> 'code' as failure_code,
    c.payload -> 'encrypted_request' as encrypted_request, s.encrypted_response
  from private_jobs p join holds h on h.hold_id = p.hold_id join accounts a on a.account_id = p.account_id
  join commands c on c.command_id = p.command_id left join sealed_results s on s.hold_id = p.hold_id`;

function toPrivateJob(row: object): PrivateJobRow {
  const { quoted_wei, amount_wei, payout_wei, ...rest } = row as Stored;
  return {
    ...rest,
    quoted_wei: BigInt(quoted_wei),
    amount_wei: BigInt(amount_wei),
    payout_wei: payout_wei === null ? null : BigInt(payout_wei),
  };
}

/** A customer's private job, found by the customer's own job id or by the gateway's. */
export async function findPrivateJob(
  db: Database,
  customer_id: string,
  reference: string,
): Promise<PrivateJobRow | null> {
  const { rows } = await db.pool.query<object>(
    `${PRIVATE_JOBS}
     where a.owner_kind = 'customer' and a.owner_id = $1 and (p.client_job_id = $2 or h.job_id = $2)
     order by h.job_id = $2 desc limit 1`,
    [customer_id, reference],
  );
  return rows[0] === undefined ? null : toPrivateJob(rows[0]);
}

export type RequestIds = { customer_id: string; client_job_id: string | null; node_id: string; envelope_id: Buffer };

/**
 * The jobs that a request could repeat: the job with the customer's own job id, and the job with this envelope at this
 * node (an envelope is taken once by each node).
 */
export async function findJobsOfRequest(db: Database, ids: RequestIds): Promise<PrivateJobRow[]> {
  const { rows } = await db.pool.query<object>(
    `
    ${PRIVATE_JOBS} where p.hold_id in (
      select j.hold_id from private_jobs j join accounts o on o.account_id = j.account_id and o.owner_kind = 'customer'
        where o.owner_id = $1 and j.client_job_id = $2
      union select hold_id from private_jobs where node_id = $3 and envelope_id = $4)`,
    [ids.customer_id, ids.client_job_id, ids.node_id, ids.envelope_id],
  );
  return rows.map(toPrivateJob);
}

/** The private jobs of these commands; commands of other kinds have none. */
export async function findJobsOfCommands(db: Database, command_ids: string[]): Promise<PrivateJobRow[]> {
  const { rows } = await db.pool.query<object>(`${PRIVATE_JOBS} where p.command_id = any($1)`, [command_ids]);
  return rows.map(toPrivateJob);
}

/**
 * The open jobs that the sweep must end: their hold is closed, their command ended without a result, or their result
 * was stored more than `settle_after_ms` ago and is not settled.
 */
export async function listUnfinishedJobs(
  db: Database,
  settle_after_ms: number,
  limit: number,
): Promise<PrivateJobRow[]> {
  const { rows } = await db.pool.query<object>(
    `
    ${PRIVATE_JOBS} where p.closed_at is null and (h.state <> 'held' or c.state in ('failed', 'cancelled', 'dead')
      or (c.state = 'succeeded' and c.closed_at < clock_timestamp() - $1 * interval '1 millisecond'))
    order by p.created_at limit $2`,
    [settle_after_ms, limit],
  );
  return rows.map(toPrivateJob);
}
