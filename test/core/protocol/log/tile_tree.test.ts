import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  consistencyProof,
  inclusionProof,
  rootHash,
  verifyConsistency,
  verifyInclusion,
} from "../../../../src/core/protocol/log/merkle.ts";
import type { ReadNode } from "../../../../src/core/protocol/log/merkle.ts";
import { FormatError } from "../../../../src/core/protocol/bytes/outcome.ts";
import { appendLeaves, nodesFromTiles, tilesRead } from "../../../../src/core/protocol/log/tile_tree.ts";
import { TILE_WIDTH, newTiles, tileWidth } from "../../../../src/core/protocol/log/tiles.ts";
import { growingTree, hash, leaves, model, tree } from "../../../support/merkle_model.ts";

describe("a tree kept as tiles", () => {
  test("writes what newTiles names, and is the same however the leaves arrive", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 }), (steps) => {
        const own = growingTree();
        let size = 0;
        for (const step of steps.filter((_, i) => size + steps[i]! <= leaves.length)) {
          if (size + step > leaves.length) break;
          const changed = own
            .append(leaves.slice(size, size + step))
            .map(({ level, index, width }) => ({ level, index, width }));
          expect(changed).toEqual(newTiles(size, size + step));
          size += step;
        }
        expect(Buffer.from(rootHash(size, own.at(size)))).toEqual(model(leaves.slice(0, size)));
      }),
      { numRuns: 40 },
    );
  });

  test("reads only tiles that a tree of this size has, and names them beforehand", () => {
    for (const [size, index] of [
      [1, 0],
      [255, 3],
      [256, 255],
      [257, 256],
      [1100, 700],
    ] as const) {
      const wanted = tilesRead(size, (read) => inclusionProof(index, size, read));
      const fetched = new Map(
        wanted.map((tile) => {
          expect(tile.width).toBe(tileWidth(tile.level, tile.index, size));
          expect(tile.width).toBeGreaterThan(0);
          return [
            `${tile.level}/${tile.index}`,
            tree.tiles.get(`${tile.level}/${tile.index}`)!.hashes.subarray(0, tile.width * 32),
          ];
        }),
      );
      const read = nodesFromTiles(size, (tile) => fetched.get(`${tile.level}/${tile.index}`)!);
      expect(
        verifyInclusion(leaves[index]!, index, size, inclusionProof(index, size, read), model(leaves.slice(0, size))),
      ).toBe(true);
    }
  });

  test("refuses to grow without its edge, and to read beyond its size or from short tiles", () => {
    expect(() => appendLeaves(5, [], [leaves[5]!])).toThrow(FormatError);
    expect(() => appendLeaves(0, [], [Buffer.alloc(31)])).toThrow(FormatError);
    expect(() => tree.at(5)(0, 5)).toThrow(FormatError);
    expect(() => tree.at(5)(2, 1)).toThrow(FormatError);
    expect(() => nodesFromTiles(5, () => Buffer.alloc(4 * 32))(0, 0)).toThrow(FormatError);
  });

  test("handles sizes beyond 2^32", () => {
    const size = 2 ** 40 + 2 ** 33 + 5;
    const tiles = tilesRead(size, (read) => inclusionProof(2 ** 40 + 7, size, read));
    expect(
      tiles.every((tile) => tile.width === tileWidth(tile.level, tile.index, size) && tile.index * TILE_WIDTH < size),
    ).toBe(true);
    const zero = nodesFromTiles(size, ({ width }) => Buffer.alloc(width * 32));
    const root = rootHash(size, zero);
    expect(verifyInclusion(Buffer.alloc(32), 2 ** 40 + 7, size, inclusionProof(2 ** 40 + 7, size, zero), root)).toBe(
      false,
    );
    const consistent = consistentZeroTree();
    expect(
      verifyInclusion(
        Buffer.alloc(32),
        2 ** 40 + 7,
        size,
        inclusionProof(2 ** 40 + 7, size, consistent),
        rootHash(size, consistent),
      ),
    ).toBe(true);
    const old = 2 ** 39 + 3;
    expect(
      verifyConsistency(
        old,
        size,
        rootHash(old, consistent),
        rootHash(size, consistent),
        consistencyProof(old, size, consistent),
      ),
    ).toBe(true);
  });
});

/** A tree whose leaf hashes are all zero, of any size: each level has one hash. */
function consistentZeroTree(): ReadNode {
  const levels: Uint8Array[] = [Buffer.alloc(32)];
  for (let level = 1; level < 60; level++) levels.push(hash(Buffer.of(1), levels[level - 1]!, levels[level - 1]!));
  return (level) => levels[level]!;
}
