import { LRUCache } from "lru-cache";
import type { Database } from "../../../../store/postgres/database.ts";
import { readLogTiles } from "../../../../store/postgres/log/tree.ts";
import { rootHash, type ReadNode } from "../../../protocol/log/merkle.ts";
import { FormatError } from "../../../protocol/bytes/outcome.ts";
import { nodesFromTiles, tilesRead } from "../../../protocol/log/tile_tree.ts";
import { HASH_BYTES, TILE_WIDTH } from "../../../protocol/log/tiles.ts";

/** Full tiles never change; this many take 16 MB. */
const CACHED_TILES = 2_048;

export type TileReader = ReturnType<typeof createTileReader>;

/** Reads the tree from the database's tiles, with a cache of full tiles. */
export function createTileReader(db: Database) {
  const full = new LRUCache<string, Uint8Array>({ max: CACHED_TILES });

  /** The hashes of the tiles, by `level/index`, at the width that they have now. */
  async function read(names: readonly { level: number; index: number }[]): Promise<Map<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>();
    const missing = names.filter(({ level, index }) => {
      const name = `${level}/${index}`;
      const hashes = full.get(name);
      if (hashes) found.set(name, hashes);
      return !hashes;
    });
    if (missing.length === 0) return found;
    for (const { level, tile_index, width, hashes } of await readLogTiles(db, missing)) {
      const name = `${level}/${tile_index}`;
      found.set(name, hashes);
      if (width === TILE_WIDTH) full.set(name, hashes);
    }
    return found;
  }

  /** Runs a computation over the tree of this size. One query first reads all tiles that the computation will read. */
  async function compute<Result>(size: number, work: (read: ReadNode) => Result): Promise<Result> {
    const tiles = await read(tilesRead(size, work));
    return work(
      nodesFromTiles(size, ({ level, index, width }) => {
        const hashes = tiles.get(`${level}/${index}`);
        if (!hashes || hashes.length < width * HASH_BYTES)
          throw new FormatError("tile", "a tile of the tree is missing");
        return hashes;
      }),
    );
  }

  return { read, compute, rootAt: (size: number) => compute(size, (node) => rootHash(size, node)) };
}
