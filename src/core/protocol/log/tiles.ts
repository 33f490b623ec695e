import { FormatError } from "../bytes/outcome.ts";

/** Hashes in a full tile (c2sp.org/tlog-tiles). */
export const TILE_WIDTH = 256;
export const HASH_BYTES = 32;

/** A tile of hashes, or with level "entries" a bundle of entries; a width below 256 makes it partial. */
export type TileName = { level: number | "entries"; index: number; width: number };

/** `x001/x234/067`, for partial tiles with `.p/112` behind it: what the path holds after `tile/<level>/`. */
export function formatTileIndex(index: number, width: number): string {
  if (!isCount(index) || !isWidth(width)) throw new FormatError("tile", "the index or width of a tile is out of range");
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, "0");
  const groups = padded.match(/[0-9]{3}/g) ?? [];
  const path = groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join("/");
  return width === TILE_WIDTH ? path : `${path}.p/${width}`;
}

/** `tile/0/x001/067`, relative to the log's prefix. */
export function formatTilePath(tile: TileName): string {
  if (tile.level !== "entries" && !isLevel(tile.level)) throw new FormatError("tile", "the level of a tile is 0 to 63");
  return `tile/${tile.level}/${formatTileIndex(tile.index, tile.width)}`;
}

/** Reads the part of a path after `tile/<level>/`; null unless it is exactly as `formatTileIndex` writes it. */
export function parseTileIndex(text: string): { index: number; width: number } | null {
  const match = /^((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/.exec(text);
  if (match === null) return null;
  const index = Number(match[1]!.replaceAll("x", "").replaceAll("/", ""));
  const width = match[2] === undefined ? TILE_WIDTH : Number(match[2]);
  if (!isCount(index) || !isWidth(width)) return null;
  return formatTileIndex(index, width) === text ? { index, width } : null;
}

/**
 * How many hashes the tile has in a tree of this size: floor(size / 256^level) less the hashes of the tiles before it; 0
 * when the tree does not have the tile.
 */
export function tileWidth(level: number, index: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH));
}

/** The tiles that a publisher must write: those of a tree of `size` that are new or wider than at `old_size`. */
export function newTiles(old_size: number, size: number): TileName[] {
  const tiles: TileName[] = [];
  for (let level = 0; TILE_WIDTH ** level <= size; level++) {
    const first = Math.floor(Math.floor(old_size / TILE_WIDTH ** level) / TILE_WIDTH);
    for (let index = first; tileWidth(level, index, size) > 0; index++) {
      const width = tileWidth(level, index, size);
      if (width !== tileWidth(level, index, old_size)) tiles.push({ level, index, width });
    }
  }
  return tiles;
}

/** Entries as a bundle: each behind its length as big-endian uint16. */
export function encodeEntries(entries: readonly Uint8Array[]): Buffer {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    if (entry.length > 0xffff) throw new FormatError("tile", "an entry is longer than 65535 bytes");
    const length = Buffer.alloc(2);
    length.writeUInt16BE(entry.length);
    parts.push(length, entry);
  }
  return Buffer.concat(parts);
}

/** The entries of a bundle. Throws FormatError `tile` when it is cut. */
export function decodeEntries(bundle: Uint8Array): Buffer[] {
  const bytes = Buffer.from(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const entries: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const start = at + 2;
    const end = start <= bytes.length ? start + bytes.readUInt16BE(at) : Infinity;
    if (end > bytes.length) throw new FormatError("tile", "an entry bundle is cut");
    entries.push(bytes.subarray(start, end));
    at = end;
  }
  return entries;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isWidth(width: number): boolean {
  return Number.isInteger(width) && width >= 1 && width <= TILE_WIDTH;
}

function isLevel(level: number): boolean {
  return Number.isInteger(level) && level >= 0 && level <= 63;
}
