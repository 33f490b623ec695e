import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  domainPreimage,
  equalBytes,
  fromBase64url,
  fromHex,
  isBase64url,
  isHex,
  toBase32,
  toBase64url,
  toHex,
} from "../../../../src/core/protocol/bytes/encoding.ts";
import { ID_PREFIXES, isId, mintId, mintJobId, nodeIdOf } from "../../../../src/core/protocol/bytes/ids.ts";
import { FormatError } from "../../../../src/core/protocol/bytes/outcome.ts";
import { MAX_WEI, formatWei, isWei, parseWei } from "../../../../src/core/protocol/bytes/wei.ts";
import { node } from "../../../support/protocol_fixtures.ts";

const bytes = fc.uint8Array({ maxLength: 100 });

describe("encodings", () => {
  test("read back what they write, and only that", () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(fromBase64url(toBase64url(value))).toEqual(Buffer.from(value));
        expect(fromHex(toHex(value))).toEqual(Buffer.from(value));
        expect(isBase64url(toBase64url(value), value.length)).toBe(true);
        expect(isHex(toHex(value), value.length)).toBe(true);
      }),
    );
  });

  test.each(["AA==", "AB", "A", "AA\n", " AA", "A+8", "A/8", "AA.", "ÀÀ"])("refuse %j as base64url", (text) => {
    expect(() => fromBase64url(text)).toThrow(FormatError);
    for (const length of [0, 1, 2]) expect(isBase64url(text, length)).toBe(false);
  });

  test.each(["a", "AA", "0g", "0x00", "00 ", "zz"])("refuse %j as hex", (text) => {
    expect(() => fromHex(text)).toThrow(FormatError);
    expect(isHex(text, 1)).toBe(false);
  });

  test("check lengths", () => {
    expect(() => fromBase64url("AAAA", 4)).toThrow(/expected 4 bytes, found 3/);
    expect(() => fromHex("0000", 3)).toThrow(/expected 3 bytes, found 2/);
    expect(isHex("0".repeat(63), 32)).toBe(false);
  });

  test("write base32 as RFC 4648 §10 in lower case", () => {
    const vectors = {
      "": "",
      f: "my",
      fo: "mzxq",
      foo: "mzxw6",
      foob: "mzxw6yq",
      fooba: "mzxw6ytb",
      foobar: "mzxw6ytboi",
    };
    for (const [text, encoded] of Object.entries(vectors)) expect(toBase32(Buffer.from(text))).toBe(encoded);
  });

  test("separate domains by a zero byte", () => {
    expect(domainPreimage("ab", "c")).toEqual(Buffer.from("ab\0c"));
    expect(equalBytes(Buffer.from("ab"), Buffer.from("ab"))).toBe(true);
    expect(equalBytes(Buffer.from("ab"), Buffer.from("ac"))).toBe(false);
    expect(equalBytes(Buffer.from("ab"), Buffer.from("abc"))).toBe(false);
  });
});

describe("ids", () => {
  test("have their form and do not repeat", () => {
    for (const prefix of ID_PREFIXES) {
      const minted = new Set(Array.from({ length: 500 }, () => mintId(prefix)));
      expect(minted.size).toBe(500);
      for (const id of minted) {
        expect(id).toMatch(new RegExp(`^${prefix}_[0-9a-z]{26}$`));
        expect(id).toHaveLength(prefix.length + 27);
        expect(isId(prefix, id)).toBe(true);
      }
    }
    expect(isId("cus", mintId("key"))).toBe(false);
    expect(isId("cus", `${mintId("cus")}\n`)).toBe(false);
    expect(isId("cus", 1)).toBe(false);
  });

  test("use the whole alphabet in every place, so that no bits are lost", () => {
    const seen = Array.from({ length: 26 }, () => new Set<string>());
    for (let i = 0; i < 2000; i++) [...mintId("job").slice(4)].forEach((character, at) => seen[at]!.add(character));
    for (const characters of seen) expect(characters.size).toBe(32);
  });

  test("of jobs begin with their time, and differ in the rest", () => {
    const ids = Array.from({ length: 2_000 }, () => mintJobId(1_795_000_000_000));
    expect(new Set(ids.map((id) => id.slice(0, 4 + 9)))).toEqual(new Set([ids[0]!.slice(0, 4 + 9)]));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => isId("job", id))).toBe(true);
    expect(mintJobId(1_795_000_000_000).slice(0, 13)).not.toBe(mintJobId(1_795_000_000_000 + 8).slice(0, 13));
    expect(isId("job", mintJobId())).toBe(true);
  });

  test("of nodes follow from their key", () => {
    expect(isId("node", nodeIdOf(node.public_key))).toBe(true);
    expect(nodeIdOf(node.public_key)).toBe(nodeIdOf(node.public_key));
    expect(() => nodeIdOf("AAAA")).toThrow(FormatError);
  });
});

describe("wei", () => {
  test("reads back what it writes, over the whole range", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: MAX_WEI }), (amount) => {
        expect(parseWei(formatWei(amount))).toBe(amount);
      }),
    );
    expect(parseWei(MAX_WEI.toString())).toBe(MAX_WEI);
  });

  test.each(["", "-1", "+1", "01", "1.0", "1e3", " 1", "1\n", "0x1", "١", (MAX_WEI + 1n).toString(), "9".repeat(79)])(
    "refuses %j",
    (text) => {
      expect(isWei(text)).toBe(false);
      expect(() => parseWei(text)).toThrow(FormatError);
    },
  );

  test("refuses numbers and amounts out of range", () => {
    expect(isWei(1)).toBe(false);
    expect(() => formatWei(-1n)).toThrow(FormatError);
    expect(() => formatWei(MAX_WEI + 1n)).toThrow(FormatError);
  });
});
