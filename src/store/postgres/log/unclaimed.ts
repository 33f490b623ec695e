import type { Database } from "../database.ts";

/** Leaves without a subject, by their entry in hex: taken from published tiles after a restore. */
export async function unclaimedLeaves(db: Database): Promise<Map<string, number>> {
  const { rows } = await db.pool.query<{ leaf_index: number; entry: Buffer }>(
    "select leaf_index, entry from log_leaves where num_nonnulls(receipt_hash, key_id, batch_id) = 0",
  );
  return new Map(rows.map(({ leaf_index, entry }) => [entry.toString("hex"), leaf_index]));
}
