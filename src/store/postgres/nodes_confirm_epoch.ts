import type { Database } from "./database.ts";

/** The agent knows its new epoch: from now on the epoch before opens nothing. */
export async function confirmEpoch(db: Database, node_id: string, epoch: number): Promise<void> {
  await db.pool.query(
    "update nodes set opened_from_epoch = null, opened_seq = null where node_id = $1 and epoch = $2", [node_id, epoch]);
}
