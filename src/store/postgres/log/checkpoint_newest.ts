import type { Database } from "../database.ts";

export type CheckpointRow = { tree_size: number; root: Buffer; note: string; published_at: Date };

/** The newest published checkpoint; null before the first. */
export async function newestCheckpoint(db: Database): Promise<CheckpointRow | null> {
  const { rows } = await db.pool.query<CheckpointRow>({
    name: "log_checkpoint_newest",
    text: "select tree_size, root, note, published_at from log_checkpoints order by tree_size desc limit 1",
  });
  return rows[0] ?? null;
}
