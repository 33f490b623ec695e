import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { Database } from "../../../../store/postgres/database.ts";
import { readLogEntries } from "../../../../store/postgres/log/tree.ts";
import { HASH_BYTES, TILE_WIDTH, encodeEntries, formatTilePath, newTiles } from "../../../protocol/log/tiles.ts";
import type { TileName } from "../../../protocol/log/tiles.ts";
import { TILES_CHECKPOINT } from "./guard.ts";
import { writeDurably, type LogFile } from "./tile_files.ts";
import type { TileReader } from "./tile_reader.ts";

/** Tiles that are written and synced together. */
const CHUNK = 64;

/** Writes the log as files that any web server can serve (c2sp.org/tlog-tiles). */
export function createPublisher({ db, reader, log_dir }: { db: Database; reader: TileReader; log_dir: string }) {
  /** The files of these tiles, from one query for the hashes and one for the entries. */
  async function contentOf(names: readonly TileName[]): Promise<LogFile[]> {
    const found = await reader.read(names.map(({ level, index }) => ({ level: level as number, index })));
    const bundles = names.filter(({ level }) => level === 0);
    const start = TILE_WIDTH * (bundles[0]?.index ?? 0);
    const end = Math.max(start, ...bundles.map(({ index, width }) => TILE_WIDTH * index + width));
    const entries = bundles.length === 0 ? [] : await readLogEntries(db, start, end);
    if (entries.length !== end - start) throw new Error("an entry of the tree is missing in the database");
    const files = names.map((tile): LogFile => {
      const hashes = found.get(`${tile.level}/${tile.index}`);
      if (!hashes || hashes.length < tile.width * HASH_BYTES)
        throw new Error("a tile of the tree is missing in the database");
      return { path: formatTilePath(tile), content: hashes.subarray(0, tile.width * HASH_BYTES) };
    });
    for (const { index, width } of bundles) {
      const first = TILE_WIDTH * index - start;
      const content = encodeEntries(entries.slice(first, first + width));
      files.push({ path: formatTilePath({ level: "entries", index, width }), content });
    }
    return files;
  }

  return {
    /** Writes every tile of a tree of `size` leaves that a tree of `from` leaves lacks. */
    async writeTiles(from: number, size: number): Promise<void> {
      const names = newTiles(from, size);
      for (let at = 0; at < names.length; at += CHUNK) {
        await writeDurably(log_dir, await contentOf(names.slice(at, at + CHUNK)));
      }
    },
    /** Writes the checkpoint file; all tiles of the checkpoint must be on disk. */
    writeCheckpoint: (note: string): Promise<void> =>
      writeDurably(log_dir, [{ path: TILES_CHECKPOINT, content: note }]),
    /** Removes the partial tiles of tiles that are full at `size`; readers then fetch the full tile. */
    async removePartialTiles(from: number, size: number): Promise<void> {
      const full = newTiles(from, size).filter(({ width }) => width === TILE_WIDTH);
      const paths = full.flatMap(({ level, index, width }) => [
        formatTilePath({ level, index, width }),
        ...(level === 0 ? [formatTilePath({ level: "entries", index, width })] : []),
      ]);
      await Promise.all(paths.map((name) => fs.rm(path.join(log_dir, `${name}.p`), { recursive: true, force: true })));
    },
  };
}

export type Publisher = ReturnType<typeof createPublisher>;
