import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { Database } from "../../../../store/postgres/database.ts";
import { openLogCandidate } from "../../../../store/postgres/log/lead.ts";
import { readLogState } from "../../../../store/postgres/log/state.ts";
import { readLogTiles, unclaimedLeaves } from "../../../../store/postgres/log/tree.ts";
import { parseCheckpoint } from "../../../protocol/log/checkpoint.ts";
import { publicKeyOf } from "../../../protocol/bytes/ed25519.ts";
import { equalBytes, toBase64url } from "../../../protocol/bytes/encoding.ts";
import { parseNote, verifyNote } from "../../../protocol/log/note.ts";
import { edgeOf } from "../../../protocol/log/tile_tree.ts";
import { TILE_WIDTH, decodeEntries, formatTilePath, tileWidth } from "../../../protocol/log/tiles.ts";
import { KEY_CHECKPOINT, TILES_CHECKPOINT } from "./guard.ts";
import { readText } from "./tile_files.ts";
import { extendTree, treeFromRows } from "./tree.ts";

/** Leaves written back in one transaction. */
const CHUNK = 8_192;

export type RestoreState = {
  /** Leaves of the tree in the database. */
  tree_size: number;
  /** Leaves of the largest tree that is known to have been published. The database lacks those after `tree_size`. */
  published_size: number;
  /** Leaves of the signed checkpoint in the folder of tiles. */
  tiles_size: number;
  /** Leaves whose receipts are not back yet. */
  unclaimed: number;
};

export type RestorePorts = { db: Database; log_key: Uint8Array; secrets_dir: string; log_dir: string };

/** Compares a restored database with what had been published (docs/design/money.md, Recovery). Changes nothing. */
export async function restoreState({ db, log_key, secrets_dir, log_dir }: RestorePorts): Promise<RestoreState> {
  const { size, required } = await readLogState(db.pool);
  const tiles = await signed(path.join(log_dir, TILES_CHECKPOINT), log_key);
  const remembered = await signed(path.join(secrets_dir, KEY_CHECKPOINT), log_key);
  return {
    tree_size: size,
    published_size: Math.max(size, required?.size ?? 0, tiles?.size ?? 0, remembered?.size ?? 0),
    tiles_size: tiles?.size ?? 0,
    unclaimed: (await unclaimedLeaves(db)).size,
  };
}

/**
 * Adopts the leaves that the database lacks from the published tiles, in their order. An adopted leaf has no subject
 * until its receipt comes back from its node. Returns the number of leaves. Throws when the tiles do not give the root of
 * the checkpoint that the log's key signed, and while a gateway leads the log.
 */
export async function adoptTiles({ db, log_key, log_dir }: Omit<RestorePorts, "secrets_dir">): Promise<number> {
  const target = await signed(path.join(log_dir, TILES_CHECKPOINT), log_key);
  if (target === null) throw new Error("the folder of the log has no checkpoint");
  const candidate = await openLogCandidate(db);
  try {
    const state = await candidate.lead("restore");
    if (state === null) throw new Error("a gateway leads the log; stop all gateways first");
    if (state.size >= target.size) return 0;
    let tree = treeFromRows(state.size, await readLogTiles(db, edgeOf(state.size)));
    const entries = await readEntries(log_dir, state.size, target.size);
    if (!equalBytes(extendTree(tree, entries).tree.root, target.root))
      throw new Error("the published tiles do not continue the tree of this database");
    for (let at = 0; at < entries.length; at += CHUNK) {
      const part = entries.slice(at, at + CHUNK);
      const grown = extendTree(tree, part);
      const start = tree.size;
      await candidate.append({
        epoch: state.epoch,
        from: tree,
        to: grown.tree,
        claims: [],
        tiles: grown.tiles,
        pending_ids: [],
        leaves: part.map((entry, index) => ({
          leaf_index: start + index,
          entry,
          receipt_hash: null,
          node_id: null,
          key_id: null,
          batch_id: null,
        })),
      });
      tree = grown.tree;
    }
    return entries.length;
  } finally {
    await candidate.end();
  }
}

/** The entries [start, end) of a published tree of size `end`. */
async function readEntries(log_dir: string, start: number, end: number): Promise<Buffer[]> {
  const entries: Buffer[] = [];
  for (let index = Math.floor(start / TILE_WIDTH); index * TILE_WIDTH < end; index++) {
    const width = tileWidth(0, index, end);
    const bundle = decodeEntries(
      await fs.readFile(path.join(log_dir, formatTilePath({ level: "entries", index, width }))),
    );
    if (bundle.length !== width || bundle.some((entry) => entry.length !== 32))
      throw new Error("an entry bundle of the folder is not one of this log");
    entries.push(...bundle.slice(Math.max(0, start - index * TILE_WIDTH)));
  }
  return entries;
}

/** The checkpoint in a file, signed by the log's key; the log may have had another name then. Null without a file. */
async function signed(file: string, log_key: Uint8Array): Promise<{ size: number; root: Uint8Array } | null> {
  const text = await readText(file);
  if (text === null) return null;
  const note = parseNote(text);
  const { origin, size, root } = parseCheckpoint(note.text);
  const verified = verifyNote(note, [{ name: origin, type: 1, public_key: publicKeyOf(toBase64url(log_key)) }]);
  if (!verified.ok) throw new Error(`${path.basename(file)} is not signed by the key of this log`);
  return { size, root };
}
