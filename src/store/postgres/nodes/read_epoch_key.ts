import type { Database } from "../database.ts";

/**
 * The identity key under which a node's epoch was opened; undefined when there was no such epoch. Epochs in between are
 * missing only after a restore of this database; then the key of the next later epoch counts.
 */
export async function readEpochKey(db: Database, node_id: string, epoch: number): Promise<string | undefined> {
  const { rows } = await db.pool.query<{ ed25519_public_key: string }>(
    "select ed25519_public_key from node_epochs where node_id = $1 and epoch >= $2 order by epoch limit 1",
    [node_id, epoch],
  );
  return rows[0]?.ed25519_public_key;
}
