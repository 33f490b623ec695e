import { leafHash, rootHash } from "../../../protocol/log/merkle.ts";
import { FormatError } from "../../../protocol/bytes/outcome.ts";
import { appendLeaves, edgeOf, nodesFromTiles, type Tile } from "../../../protocol/log/tile_tree.ts";
import type { TileRow } from "../../../../store/postgres/log/tree.ts";

/** A tree in memory: size, root, and the partial tiles at its right edge, from which the root is computed. */
export type Tree = { size: number; root: Uint8Array; edge: Tile[] };

/** The tree of this size from the database's tiles at its edge. Throws FormatError when one is missing. */
export function treeFromRows(size: number, rows: readonly TileRow[]): Tree {
  return treeFromEdge(
    size,
    rows.map(({ tile_index, ...tile }) => ({ ...tile, index: tile_index })),
  );
}

/** The tree of this size from the tiles at its edge, which may be wider than at that size. */
function treeFromEdge(size: number, tiles: readonly Tile[]): Tree {
  const edge = edgeOf(size).map((name) => {
    const tile = tiles.find(({ level, index }) => level === name.level && index === name.index);
    if (tile === undefined || tile.hashes.length < 32 * name.width)
      throw new FormatError("tile", "a tile at the edge of the tree is missing");
    return { ...name, hashes: tile.hashes.subarray(0, 32 * name.width) };
  });
  return { size, root: rootOf(size, edge), edge };
}

/** The tree with these entries appended, and the tiles that are new or have grown. */
export function extendTree(tree: Tree, entries: readonly Uint8Array[]): { tree: Tree; tiles: Tile[] } {
  const tiles = appendLeaves(tree.size, tree.edge, entries.map(leafHash));
  return { tree: treeFromEdge(tree.size + entries.length, [...tiles, ...tree.edge]), tiles };
}

function rootOf(size: number, edge: readonly Tile[]): Uint8Array {
  return rootHash(
    size,
    nodesFromTiles(size, ({ level, index }) => {
      const tile = edge.find((held) => held.level === level && held.index === index);
      if (tile === undefined) throw new FormatError("tile", "a tile at the edge of the tree is missing");
      return tile.hashes;
    }),
  );
}
