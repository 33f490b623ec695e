import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../../../src/core/protocol/bytes/outcome.ts";
import {
  decodeEntries,
  encodeEntries,
  formatTileIndex,
  formatTilePath,
  newTiles,
  parseTileIndex,
  tileWidth,
} from "../../../../src/core/protocol/log/tiles.ts";
import { edgeOf } from "../../../../src/core/protocol/log/tile_tree.ts";

describe("tile paths", () => {
  test("are those of the format's examples", () => {
    expect(formatTileIndex(1_234_067, 256)).toBe("x001/x234/067");
    expect(formatTileIndex(0, 256)).toBe("000");
    expect(formatTileIndex(999, 1)).toBe("999.p/1");
    expect(formatTileIndex(1000, 256)).toBe("x001/000");
    expect(formatTilePath({ level: 0, index: 273, width: 112 })).toBe("tile/0/273.p/112");
    expect(formatTilePath({ level: "entries", index: 1067, width: 256 })).toBe("tile/entries/x001/067");
  });

  test("read back what they write", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer({ min: 1, max: 256 }), (index, width) => {
        expect(parseTileIndex(formatTileIndex(index, width))).toEqual({ index, width });
      }),
    );
  });

  test.each([
    "",
    "0",
    "00",
    "0000",
    "x000/001",
    "x001",
    "001/002",
    "x001/x002",
    "x01/002",
    "001.p/0",
    "001.p/256",
    "001.p/01",
    "001.p/",
    "001.p/1/2",
    "001/",
    "/001",
    "x001/067.p/1000",
    "-01",
    "x999/x999/x999/x999/x999/999",
    "001 ",
    "00१",
    "../001",
    "x001//067",
  ])("refuse the index %j", (text) => {
    expect(parseTileIndex(text)).toBeNull();
  });
});

describe("tiles of a tree", () => {
  test("of 70,000 leaves are those of the format's example", () => {
    const tiles = newTiles(0, 70_000);
    const count = (level: number, full: boolean): number =>
      tiles.filter((tile) => tile.level === level && (tile.width === 256) === full).length;
    expect([count(0, true), count(0, false), count(1, true), count(1, false), count(2, true), count(2, false)]).toEqual(
      [273, 1, 1, 1, 0, 1],
    );
    expect(edgeOf(70_000)).toEqual([
      { level: 0, index: 273, width: 112 },
      { level: 1, index: 1, width: 17 },
      { level: 2, index: 0, width: 1 },
    ]);
    expect(newTiles(0, 256)).toEqual([
      { level: 0, index: 0, width: 256 },
      { level: 1, index: 0, width: 1 },
    ]);
    expect(newTiles(0, 0)).toEqual([]);
    expect(newTiles(256, 256)).toEqual([]);
  });

  test("have floor(size / 256^level) mod 256 hashes at the edge and 256 before", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), fc.integer({ min: 0, max: 5 }), (size, level) => {
        const hashes = Number(BigInt(size) / 256n ** BigInt(level));
        const edge = Math.floor(hashes / 256);
        expect(tileWidth(level, edge, size)).toBe(hashes % 256);
        if (edge > 0) expect(tileWidth(level, edge - 1, size)).toBe(256);
        expect(tileWidth(level, edge + 1, size)).toBe(0);
      }),
    );
  });
});

describe("entry bundles", () => {
  test("read back what they write", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 256 }), (entries) => {
        expect(decodeEntries(encodeEntries(entries))).toEqual(entries.map((entry) => Buffer.from(entry)));
      }),
    );
    expect(encodeEntries([Buffer.from("ab"), Buffer.alloc(0)]).toString("hex")).toBe("000261620000");
  });

  test("are refused when cut", () => {
    const bundle = encodeEntries([Buffer.from("abc"), Buffer.from("de")]);
    for (const length of [1, 2, 4, 6, 8]) expect(() => decodeEntries(bundle.subarray(0, length))).toThrow(FormatError);
    expect(() => encodeEntries([Buffer.alloc(65_536)])).toThrow(FormatError);
  });
});
