import { openCheckpoint } from "./protocol/log/checkpoint.ts";
import { equalBytes } from "./protocol/bytes/encoding.ts";
import { consistencyProof, leafHash, rootHash, verifyConsistency, type ReadNode } from "./protocol/log/merkle.ts";
import type { NoteKey, VerifiedSignature } from "./protocol/log/note.ts";
import { appendLeaves, nodesFromTiles, tilesRead, type Tile } from "./protocol/log/tile_tree.ts";
import { HASH_BYTES, TILE_WIDTH, decodeEntries, formatTilePath, tileWidth } from "./protocol/log/tiles.ts";

/** Reads a file of the log by its path behind the log's address: `checkpoint`, `tile/0/000`. */
export type ReadFile = (path: string) => Promise<Buffer>;

export type LogCheck = {
  size: number;
  /** The note, which the caller keeps for the next check. */
  note: string;
  witnesses: VerifiedSignature[];
  /** The size of the checkpoint of the last check. */
  known_size: number | null;
};

/** Thrown when the log contradicts itself. `notes` are the evidence: checkpoints that the log has signed. */
export class LogContradiction extends Error {
  readonly notes: readonly string[];

  constructor(message: string, notes: readonly string[]) {
    super(message);
    this.name = "LogContradiction";
    this.notes = notes;
  }
}

/**
 * Checks a log from outside, as anyone can: the log's key signed the newest checkpoint, the tiles give the signed root,
 * and the tree continues the checkpoint of the last check (`known`, a note). With `entries`, every leaf is computed from
 * the entry bundles too. Throws LogContradiction, or Error for what cannot be read or does not belong to this log.
 */
export async function checkLog(given: {
  read: ReadFile;
  key: NoteKey;
  witnesses?: readonly NoteKey[];
  known?: string | null;
  entries?: boolean;
}): Promise<LogCheck> {
  const { read, key, witnesses = [], known = null } = given;
  const note = (await read("checkpoint")).toString("utf8");
  const opened = openCheckpoint(note, key, witnesses);
  if (!opened.ok) throw new Error(`the checkpoint is not one that the log's key signed: ${opened.reason}`);
  const { size, root } = opened.value.checkpoint;
  const notes = known === null ? [note] : [known, note];
  const nodes = await nodesOf(read, size, (node) => rootHash(size, node));
  if (!equalBytes(rootHash(size, nodes), root))
    throw new LogContradiction("the tiles do not give the root that the log signed", notes);
  const before = known === null ? null : openCheckpoint(known, key);
  if (before !== null && !before.ok) throw new Error("the checkpoint that was kept is not one of this log");
  const old = before?.value.checkpoint ?? null;
  if (old !== null) await assertContinues(read, old, { size, root: Buffer.from(root) }, notes);
  if (given.entries === true) await assertEntries(read, size, root, notes);
  return { size, note, witnesses: opened.value.witnesses, known_size: old?.size ?? null };
}

async function assertContinues(
  read: ReadFile,
  old: { size: number; root: Uint8Array },
  now: { size: number; root: Uint8Array },
  notes: string[],
): Promise<void> {
  if (now.size < old.size)
    throw new LogContradiction(`the log went back from ${old.size} leaves to ${now.size}`, notes);
  if (now.size === old.size) {
    if (!equalBytes(now.root, old.root)) throw new LogContradiction(`two trees of ${old.size} leaves`, notes);
    return;
  }
  const prove = (node: ReadNode) => consistencyProof(old.size, now.size, node);
  const proof = prove(await nodesOf(read, now.size, prove));
  if (!verifyConsistency(old.size, now.size, old.root, now.root, proof))
    throw new LogContradiction(`the tree of ${now.size} leaves does not contain the one of ${old.size}`, notes);
}

/** Computes every leaf from its entry, bundle by bundle, and every tile from the leaves. */
async function assertEntries(read: ReadFile, size: number, root: Uint8Array, notes: string[]): Promise<void> {
  const last = new Map<number, Tile>();
  for (let index = 0; index * TILE_WIDTH < size; index++) {
    const width = tileWidth(0, index, size);
    const entries = decodeEntries(await read(formatTilePath({ level: "entries", index, width })));
    if (entries.length !== width) throw new LogContradiction(`an entry bundle has ${entries.length} entries`, notes);
    const edge = [...last.values()].filter((known) => known.width < TILE_WIDTH);
    for (const made of appendLeaves(index * TILE_WIDTH, edge, entries.map(leafHash))) {
      last.set(made.level, made);
      if (made.width < tileWidth(made.level, made.index, size)) continue;
      const served = await tile(read, made);
      if (!equalBytes(served.subarray(0, made.hashes.length), made.hashes))
        throw new LogContradiction(`a tile of level ${made.level} is not made of the entries below it`, notes);
    }
  }
  const nodes = await nodesOf(read, size, (node) => rootHash(size, node));
  if (!equalBytes(rootHash(size, nodes), root))
    throw new LogContradiction("the entries do not give the root that the log signed", notes);
}

/** The nodes that a computation reads; their tiles are fetched all at once. */
async function nodesOf(read: ReadFile, size: number, compute: (node: ReadNode) => unknown): Promise<ReadNode> {
  const tiles = new Map<string, Uint8Array>();
  await Promise.all(
    tilesRead(size, compute).map(async (name) => tiles.set(`${name.level}/${name.index}`, await tile(read, name))),
  );
  return nodesFromTiles(size, ({ level, index }) => tiles.get(`${level}/${index}`)!);
}

/** A tile. When the partial tile was removed, because the tile is full now, the full one (c2sp.org/tlog-tiles). */
async function tile(read: ReadFile, name: { level: number; index: number; width: number }): Promise<Buffer> {
  const hashes = await read(formatTilePath(name as Parameters<typeof formatTilePath>[0])).catch((error: unknown) => {
    if (name.width === TILE_WIDTH) throw error;
    return read(formatTilePath({ level: name.level, index: name.index, width: TILE_WIDTH }));
  });
  if (hashes.length < name.width * HASH_BYTES) throw new Error("a tile of the log is shorter than its width");
  return hashes;
}
