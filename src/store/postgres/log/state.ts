import type pg from "pg";
import type { Database } from "../database.ts";

/** Thrown when another gateway has become the leader: the transaction is rolled back, and its writer gives up the lead. */
export class LeadLost extends Error {
  constructor() {
    super("another gateway leads the log");
    this.name = "LeadLost";
  }
}

export type RequiredCheckpoint = { size: number; root: Uint8Array | null };

/**
 * Stores, for all gateways, the checkpoint that the tree must contain before anything is appended or signed again. A
 * larger checkpoint replaces a smaller one.
 */
export async function requireCheckpoint(db: Database, { size, root }: RequiredCheckpoint): Promise<void> {
  await db.pool.query(
    `update log_state set required_size = $1, required_root = $2
     where required_size is null or required_size < $1 or (required_size = $1 and required_root is null)`,
    [size, root],
  );
}

/** Removes the required checkpoint, once the tree contains a checkpoint of this size. */
export async function clearRequiredCheckpoint(db: Database, size: number): Promise<void> {
  await db.pool.query("update log_state set required_size = null, required_root = null where required_size <= $1", [
    size,
  ]);
}

/** The size of the tree, and the checkpoint that the tree must contain first, if there is one. */
export async function readLogState(
  client: pg.Pool | pg.PoolClient,
): Promise<{ size: number; required: RequiredCheckpoint | null }> {
  const { rows } = await client.query<{ size: number; required_size: number | null; required_root: Buffer | null }>(
    "select size, required_size, required_root from log_state",
  );
  const { size, required_size, required_root } = rows[0]!;
  return { size, required: required_size === null ? null : { size: required_size, root: required_root } };
}
