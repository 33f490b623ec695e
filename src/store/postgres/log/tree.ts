import type { Database } from "../database.ts";

/** The entries of the leaves [start, end), in the order of their index. */
export async function readLogEntries(db: Database, start: number, end: number): Promise<Buffer[]> {
  const { rows } = await db.pool.query<{ entry: Buffer }>({
    name: "log_entries_read",
    text: "select entry from log_leaves where leaf_index >= $1 and leaf_index < $2 order by leaf_index",
    values: [start, end],
  });
  return rows.map(({ entry }) => entry);
}

/** The index of a receipt's leaf; null before the receipt has a leaf. */
export async function findReceiptLeaf(db: Database, receipt_hash: Buffer): Promise<number | null> {
  const { rows } = await db.pool.query<{ leaf_index: number }>({
    name: "log_leaf_of_receipt",
    text: "select leaf_index from log_leaves where receipt_hash = $1",
    values: [receipt_hash],
  });
  return rows[0]?.leaf_index ?? null;
}

/** The index of a transport key's leaf; null before the key has a leaf. */
export async function findTransportKeyLeaf(db: Database, node_id: string, key_id: string): Promise<number | null> {
  const { rows } = await db.pool.query<{ leaf_index: number }>({
    name: "log_leaf_of_key",
    text: "select leaf_index from log_leaves where node_id = $1 and key_id = $2",
    values: [node_id, key_id],
  });
  return rows[0]?.leaf_index ?? null;
}

/**
 * The indices of leaves without a receipt, key or batch, by their entry in hex. `restore check --adopt` writes such
 * leaves from the published tiles; the sequencer links each to its subject when the subject comes back.
 */
export async function unclaimedLeaves(db: Database): Promise<Map<string, number>> {
  const { rows } = await db.pool.query<{ leaf_index: number; entry: Buffer }>(
    "select leaf_index, entry from log_leaves where num_nonnulls(receipt_hash, key_id, batch_id) = 0",
  );
  return new Map(rows.map(({ leaf_index, entry }) => [entry.toString("hex"), leaf_index]));
}

export type TileRow = { level: number; tile_index: number; width: number; hashes: Buffer };

/** The named tiles at their present width. A tile that does not exist is left out. */
export async function readLogTiles(
  db: Database,
  tiles: readonly { level: number; index: number }[],
): Promise<TileRow[]> {
  const { rows } = await db.pool.query<TileRow>({
    name: "log_tiles_read",
    text: `select t.level, t.tile_index, t.width, t.hashes from unnest($1::smallint[], $2::bigint[]) as w (level,
      tile_index)
           join log_tiles t using (level, tile_index)`,
    values: [tiles.map(({ level }) => level), tiles.map(({ index }) => index)],
  });
  return rows;
}
