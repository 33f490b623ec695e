import type { Database } from "../database.ts";
import { PRIVATE_JOBS, toPrivateJob } from "./row.ts";
import type { PrivateJobRow } from "./row.ts";

export type SameJob = { customer_id: string; client_job_id: string | null; node_id: string; envelope_id: Buffer };

/** Jobs that have the customer's id for the job, or the envelope at this node. */
export async function findSimilarJobs(db: Database, same: SameJob): Promise<PrivateJobRow[]> {
  const { rows } = await db.pool.query<object>(
    `
    ${PRIVATE_JOBS} where p.hold_id in (
      select j.hold_id from private_jobs j join accounts o on o.account_id = j.account_id and o.owner_kind = 'customer'
        where o.owner_id = $1 and j.client_job_id = $2
      union select hold_id from private_jobs where node_id = $3 and envelope_id = $4)`,
    [same.customer_id, same.client_job_id, same.node_id, same.envelope_id],
  );
  return rows.map(toPrivateJob);
}
