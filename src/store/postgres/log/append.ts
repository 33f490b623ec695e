import type pg from "pg";
import { LeadLost } from "./state.ts";

export type LeafSubject = {
  receipt_hash: Buffer | null;
  node_id: string | null;
  key_id: string | null;
  batch_id: string | null;
};
export type NewLeaf = LeafSubject & { leaf_index: number; entry: Buffer };

/** One append to the tree: the state that it extends, the state after it, and the rows that are written. */
export type LogAppend = {
  epoch: number;
  from: { size: number; root: Uint8Array };
  to: { size: number; root: Uint8Array };
  leaves: NewLeaf[];
  /** Subjects for leaves that were adopted from published tiles without one (docs/design/money.md, Recovery). */
  claims: (LeafSubject & { leaf_index: number })[];
  tiles: { level: number; index: number; width: number; hashes: Uint8Array }[];
  pending_ids: number[];
};

/**
 * Writes one append inside the caller's transaction. The state of the log is compared and set first, so of two leaders
 * only one writes. Throws LeadLost when the state is not the one that the append extends.
 */
export async function appendToLog(
  client: pg.Client,
  { epoch, from, to, leaves, claims, tiles, pending_ids }: LogAppend,
): Promise<void> {
  const moved = await client.query(
    "update log_state set size = $4, root = $5 where epoch = $1 and size = $2 and root = $3",
    [epoch, from.size, from.root, to.size, to.root],
  );
  if (moved.rowCount !== 1) throw new LeadLost();
  await client.query(
    `insert into log_leaves (leaf_index, entry, receipt_hash, node_id, key_id, batch_id)
     select * from unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::text[], $5::text[], $6::text[])`,
    [leaves.map((leaf) => leaf.leaf_index), leaves.map((leaf) => leaf.entry), ...subjects(leaves)],
  );
  if (claims.length > 0) {
    await client.query(
      `update log_leaves l set receipt_hash = c.receipt_hash, node_id = c.node_id, key_id = c.key_id,
        batch_id = c.batch_id
       from unnest($1::bigint[], $2::bytea[], $3::text[], $4::text[], $5::text[]) as c (leaf_index, receipt_hash,
         node_id, key_id, batch_id)
       where l.leaf_index = c.leaf_index and num_nonnulls(l.receipt_hash, l.key_id, l.batch_id) = 0`,
      [claims.map((claim) => claim.leaf_index), ...subjects(claims)],
    );
  }
  await client.query(
    `insert into log_tiles (level, tile_index, width, hashes) select * from unnest($1::smallint[], $2::bigint[],
      $3::smallint[], $4::bytea[])
     on conflict (level, tile_index) do update set width = excluded.width, hashes = excluded.hashes
       where log_tiles.width < excluded.width`,
    [
      tiles.map((tile) => tile.level),
      tiles.map((tile) => tile.index),
      tiles.map((tile) => tile.width),
      tiles.map((tile) => tile.hashes),
    ],
  );
  await client.query("delete from log_pending where pending_id = any($1::bigint[])", [pending_ids]);
}

function subjects(
  rows: readonly LeafSubject[],
): [(Buffer | null)[], (string | null)[], (string | null)[], (string | null)[]] {
  return [
    rows.map((row) => row.receipt_hash),
    rows.map((row) => row.node_id),
    rows.map((row) => row.key_id),
    rows.map((row) => row.batch_id),
  ];
}
