import type { Database } from "../database.ts";
import { PRIVATE_JOBS, toPrivateJob } from "./row.ts";
import type { PrivateJobRow } from "./row.ts";

/** The private jobs among these commands. */
export async function privateJobsOfCommands(db: Database, command_ids: string[]): Promise<PrivateJobRow[]> {
  const { rows } = await db.pool.query<object>(`${PRIVATE_JOBS} where p.command_id = any($1)`, [command_ids]);
  return rows.map(toPrivateJob);
}
