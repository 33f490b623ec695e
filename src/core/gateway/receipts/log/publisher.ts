import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { Database } from "../../../../store/postgres/database.ts";
import { readLogEntries } from "../../../../store/postgres/log_entries_read.ts";
import { HASH_BYTES, TILE_WIDTH, encodeEntries, formatTilePath, newTiles } from "../../../protocol/tiles.ts";
import type { TileName } from "../../../protocol/tiles.ts";
import { TILES_CHECKPOINT } from "./guard.ts";
import type { LogFile } from "./tile_files.ts";
import { writeDurably } from "./tile_files.ts";
import type { TileReader } from "./tile_reader.ts";

/** Files written and synced together. */
const CHUNK = 64;

/** Keeps a folder that any web server can serve as the log (c2sp.org/tlog-tiles). */
export function createPublisher({ db, reader, log_dir }: { db: Database; reader: TileReader; log_dir: string }) {
  async function contentOf(tile: TileName): Promise<LogFile[]> {
    const level = tile.level as number;
    const hashes = (await reader.read([{ level, index: tile.index }])).get(`${level}/${tile.index}`);
    if (!hashes || hashes.length < tile.width * HASH_BYTES)
      throw new Error("a tile of the tree is missing in the database");
    const files: LogFile[] = [{ path: formatTilePath(tile), content: hashes.subarray(0, tile.width * HASH_BYTES) }];
    if (level === 0) {
      const start = tile.index * TILE_WIDTH;
      const entries = await readLogEntries(db, start, start + tile.width);
      if (entries.length !== tile.width) throw new Error("an entry of the tree is missing in the database");
      files.push({ path: formatTilePath({ ...tile, level: "entries" }), content: encodeEntries(entries) });
    }
    return files;
  }

  return {
    /** Puts every tile on disk that a tree of `size` has and one of `from` had not. */
    async writeTiles(from: number, size: number): Promise<void> {
      const names = newTiles(from, size);
      for (let at = 0; at < names.length; at += CHUNK) {
        const files: LogFile[] = [];
        for (const name of names.slice(at, at + CHUNK)) files.push(...(await contentOf(name)));
        await writeDurably(log_dir, files);
      }
    },
    /**
     * After all its tiles. Then the beginnings of tiles that are full now may go: readers fall back to the full ones.
     */
    async writeCheckpoint(note: string, from: number, size: number): Promise<void> {
      await writeDurably(log_dir, [{ path: TILES_CHECKPOINT, content: note }]);
      for (const { level, index, width } of newTiles(from, size)) {
        if (width < TILE_WIDTH) continue;
        await fs.rm(path.join(log_dir, `${formatTilePath({ level, index, width })}.p`), {
          recursive: true,
          force: true,
        });
        if (level === 0)
          await fs.rm(path.join(log_dir, `${formatTilePath({ level: "entries", index, width })}.p`), {
            recursive: true,
            force: true,
          });
      }
    },
  };
}

export type Publisher = ReturnType<typeof createPublisher>;
