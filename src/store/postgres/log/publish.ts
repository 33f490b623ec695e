import type pg from "pg";
import { LeadLost } from "./errors.ts";

export type PublishedCheckpoint = { epoch: number; size: number; root: Uint8Array; note: string };

/**
 * Publishes a checkpoint, or adds signatures to the one of this size. Throws LeadLost under another epoch or over
 * another root.
 */
export async function publishCheckpoint(
  client: pg.Client,
  { epoch, size, root, note }: PublishedCheckpoint,
): Promise<void> {
  const { rowCount } = await client.query(
    `insert into log_checkpoints (tree_size, root, note, epoch)
     select $2, $3, $4, $1 from log_state where epoch = $1 and size >= $2
     on conflict (tree_size) do update set note = excluded.note, epoch = excluded.epoch
       where log_checkpoints.root = excluded.root`,
    [epoch, size, root, note],
  );
  if (rowCount !== 1) throw new LeadLost();
}
