import type { Database } from "../database.ts";
import { PRIVATE_JOBS, toPrivateJob } from "./row.ts";
import type { PrivateJobRow } from "./row.ts";

/** A customer's private job, by the customer's own id for it or by ours. */
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
