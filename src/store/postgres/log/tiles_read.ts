import type { Database } from "../database.ts";

export type TileRow = { level: number; tile_index: number; width: number; hashes: Buffer };

/** Tiles by level and index, at their present width; those that do not exist are left out. */
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
