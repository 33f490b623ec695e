import { nodeHash, type ReadNode } from "./merkle.ts";
import { FormatError } from "../bytes/outcome.ts";
import { HASH_BYTES, TILE_WIDTH, tileWidth, type TileName } from "./tiles.ts";

/** A tile of hashes with its content: `width` hashes of 32 bytes, one after the other. */
export type Tile = { level: number; index: number; width: number; hashes: Uint8Array };

/** Returns the hashes of a tile of the tree; the tile may be wider than `width`. */
export type ReadTile = (tile: { level: number; index: number; width: number }) => Uint8Array;

/** How to read a node of a tree of this size from its tiles: up to 8 levels are folded from the tile's own hashes. */
export function nodesFromTiles(size: number, readTile: ReadTile): ReadNode {
  return (level, index) => {
    const tile_level = Math.floor(level / 8);
    const count = 2 ** (level % 8);
    const first = index * count;
    const tile_index = Math.floor(first / TILE_WIDTH);
    const width = tileWidth(tile_level, tile_index, size);
    const offset = first % TILE_WIDTH;
    if (offset + count > width) throw new FormatError("tile", "the tree has no complete subtree there");
    const hashes = readTile({ level: tile_level, index: tile_index, width });
    if (hashes.length < width * HASH_BYTES) throw new FormatError("tile", "a tile is shorter than its width");
    return fold(hashes.subarray(offset * HASH_BYTES, (offset + count) * HASH_BYTES));
  };
}

/**
 * The tiles that a computation reads, found by running it over tiles of zeros: which nodes it reads depends on sizes
 * only. So a caller can fetch them all at once, then compute: `tilesRead(size, (read) => inclusionProof(index, size,
 * read))`.
 */
export function tilesRead(size: number, compute: (read: ReadNode) => unknown): (TileName & { level: number })[] {
  const tiles = new Map<string, TileName & { level: number }>();
  const zeros = new Uint8Array(TILE_WIDTH * HASH_BYTES);
  compute(
    nodesFromTiles(size, (tile) => {
      tiles.set(`${tile.level}/${tile.index}`, tile);
      return zeros;
    }),
  );
  return [...tiles.values()];
}

/**
 * Appends leaf hashes to a tree; returns the tiles that are new or have grown, lowest level first. `edge` has the partial
 * tiles of the old tree (`edgeOf(old_size)`); a full tile is never written again.
 */
export function appendLeaves(old_size: number, edge: readonly Tile[], leaves: readonly Uint8Array[]): Tile[] {
  const changed: Tile[] = [];
  let added: readonly Uint8Array[] = leaves;
  for (let level = 0; added.length > 0; level++) {
    const start = Math.floor(old_size / TILE_WIDTH ** level);
    const tiles = growLevel(level, start, edge, added);
    changed.push(...tiles);
    added = tiles.filter((tile) => tile.width === TILE_WIDTH).map((tile) => fold(tile.hashes));
  }
  return changed;
}

/** The partial tiles of a tree of this size: at most one on each level. */
export function edgeOf(size: number): { level: number; index: number; width: number }[] {
  const tiles = [];
  for (let level = 0; TILE_WIDTH ** level <= size; level++) {
    const hashes = Math.floor(size / TILE_WIDTH ** level);
    if (hashes % TILE_WIDTH > 0) {
      tiles.push({ level, index: Math.floor(hashes / TILE_WIDTH), width: hashes % TILE_WIDTH });
    }
  }
  return tiles;
}

function growLevel(level: number, start: number, edge: readonly Tile[], added: readonly Uint8Array[]): Tile[] {
  const tiles: Tile[] = [];
  const held = start % TILE_WIDTH;
  let index = Math.floor(start / TILE_WIDTH);
  let hashes: Uint8Array[] = [];
  if (held > 0) {
    const partial = edge.find((tile) => tile.level === level && tile.index === index);
    if (partial === undefined || partial.hashes.length < held * HASH_BYTES) {
      throw new FormatError("tile", `the partial tile of level ${level} is missing`);
    }
    hashes = [partial.hashes.subarray(0, held * HASH_BYTES)];
  }
  let width = held;
  for (const hash of added) {
    if (hash.length !== HASH_BYTES) throw new FormatError("tile", "a leaf hash has 32 bytes");
    hashes.push(hash);
    if (++width === TILE_WIDTH) {
      tiles.push({ level, index, width, hashes: Buffer.concat(hashes) });
      index++;
      hashes = [];
      width = 0;
    }
  }
  if (width > 0) tiles.push({ level, index, width, hashes: Buffer.concat(hashes) });
  return tiles;
}

/** The root over a power of two of hashes. */
function fold(hashes: Uint8Array): Uint8Array {
  if (hashes.length === HASH_BYTES) return hashes;
  const middle = hashes.length / 2;
  return nodeHash(fold(hashes.subarray(0, middle)), fold(hashes.subarray(middle)));
}
