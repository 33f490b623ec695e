import type { Database } from "../database.ts";
import { PRIVATE_JOBS, toPrivateJob } from "./row.ts";
import type { PrivateJobRow } from "./row.ts";

/**
 * Open jobs for which something is to be done: their hold is closed, their command ended without a result, or a result
 * came `settle_after_ms` ago and is not settled.
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
