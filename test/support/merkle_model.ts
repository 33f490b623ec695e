import { hash as digest } from "node:crypto";
import { leafHash } from "../../src/core/protocol/log/merkle.ts";
import type { ReadNode } from "../../src/core/protocol/log/merkle.ts";
import { appendLeaves, edgeOf, nodesFromTiles } from "../../src/core/protocol/log/tile_tree.ts";
import type { Tile } from "../../src/core/protocol/log/tile_tree.ts";

// A model as short as RFC 6962 §2.1 states it: recursion over lists, no indices, no tiles.
export const hash = (...parts: Uint8Array[]): Buffer => digest("sha256", Buffer.concat(parts), "buffer");
const half = (length: number): number => (length <= 2 ? 1 : 2 * half(Math.ceil(length / 2)));
export function model(d: Buffer[]): Buffer {
  if (d.length < 2) return d[0] ?? hash();
  const k = half(d.length);
  return hash(Buffer.of(1), model(d.slice(0, k)), model(d.slice(k)));
}
export function modelPath(m: number, d: Buffer[]): Buffer[] {
  if (d.length === 1) return [];
  const k = half(d.length);
  return m < k
    ? [...modelPath(m, d.slice(0, k)), model(d.slice(k))]
    : [...modelPath(m - k, d.slice(k)), model(d.slice(0, k))];
}
export function modelProof(m: number, d: Buffer[], whole = true): Buffer[] {
  if (m === d.length) return whole ? [] : [model(d)];
  const k = half(d.length);
  return m <= k
    ? [...modelProof(m, d.slice(0, k), whole), model(d.slice(k))]
    : [...modelProof(m - k, d.slice(k), false), model(d.slice(0, k))];
}

/** A tree kept as tiles only, as a log keeps it. */
export function growingTree() {
  const tiles = new Map<string, Tile>();
  const nodes = new Map<number, Uint8Array>();
  let size = 0;
  return {
    append(leaves: Uint8Array[]): Tile[] {
      const edge = edgeOf(size).map(({ level, index }) => tiles.get(`${level}/${index}`)!);
      const changed = appendLeaves(size, edge, leaves);
      for (const tile of changed) tiles.set(`${tile.level}/${tile.index}`, tile);
      size += leaves.length;
      return changed;
    },
    at: (tree_size: number): ReadNode =>
      nodesFromTiles(tree_size, ({ level, index }) => tiles.get(`${level}/${index}`)!.hashes),
    /** Complete subtrees are the same at every size, so that loops over all sizes fold each of them once. */
    remembered(tree_size: number): ReadNode {
      const read = this.at(tree_size);
      return (level, index) => {
        const name = level * 2 ** 20 + index;
        const known = nodes.get(name) ?? read(level, index);
        nodes.set(name, known);
        return known;
      };
    },
    tiles,
  };
}

export const leaves = Array.from({ length: 1100 }, (_, i) => leafHash(Buffer.from(`entry ${i}`)));
export const tree = growingTree();
for (let at = 0, step = 1; at < leaves.length; at += step, step = (step * 7) % 97 || 1)
  tree.append(leaves.slice(at, at + step));
