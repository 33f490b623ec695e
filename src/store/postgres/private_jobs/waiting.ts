import type { Database } from "../database.ts";

/** How many private jobs wait for a node or run there. */
export async function countWaitingJobs(db: Database, node_id: string): Promise<number> {
  const { rows } = await db.pool.query<{ count: number }>(
    `select count(*)::integer as count from commands
     where node_id = $1 and kind = 'private_job' and state in ('queued', 'leased')`,
    [node_id],
  );
  return rows[0]!.count;
}
