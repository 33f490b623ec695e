import fc from "fast-check";
import { createHmac } from "node:crypto";
import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { KEY_PREFIXES, checkKey, keyedHash, mintKey } from "../../../../src/core/protocol/bytes/api_keys.ts";
import { FormatError } from "../../../../src/core/protocol/bytes/outcome.ts";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

describe("keys", () => {
  test("have prefix, 43 characters and a checksum that zlib computes alike", () => {
    for (const prefix of Object.values(KEY_PREFIXES)) {
      for (let i = 0; i < 50; i++) {
        const key = mintKey(prefix);
        expect(key).toMatch(new RegExp(`^${prefix}[0-9A-Za-z]{49}$`));
        expect(checkKey(key, prefix)).toBe(true);
        const checksum = [...key.slice(-6)].reduce((value, character) => value * 62 + BASE62.indexOf(character), 0);
        expect(checksum).toBe(crc32(key.slice(0, -6)));
      }
    }
  });

  test("do not repeat and fill 256 bits", () => {
    const bodies = Array.from({ length: 500 }, () => mintKey("b3iq_gateway_").slice(13, -6));
    expect(new Set(bodies).size).toBe(500);
    const values = bodies.map((body) =>
      [...body].reduce((value, character) => value * 62n + BigInt(BASE62.indexOf(character)), 0n),
    );
    expect(values.every((value) => value < 2n ** 256n)).toBe(true);
    expect(values.some((value) => value >= 2n ** 255n)).toBe(true);
    expect(values.reduce((all, value) => all | value, 0n)).toBe(2n ** 256n - 1n);
  });

  test("of another kind, or with any one character changed, are refused without a look-up", () => {
    const key = mintKey("b3iq_gateway_");
    expect(checkKey(key, "b3iq_customer_")).toBe(false);
    fc.assert(
      fc.property(fc.nat(key.length - 1), fc.constantFrom(...BASE62, "_", "é", " ", "\n"), (at, character) => {
        const altered = key.slice(0, at) + character + key.slice(at + 1);
        expect(checkKey(altered, "b3iq_gateway_")).toBe(altered === key);
      }),
      { numRuns: 2000 },
    );
    for (const text of ["", "b3iq_gateway_", key.slice(0, -1), `${key}0`, `${key}\n`, ` ${key}`])
      expect(checkKey(text, "b3iq_gateway_")).toBe(false);
  });

  test("are stored as HMAC-SHA256 under the pepper", () => {
    const pepper = Buffer.alloc(32, 7);
    expect(keyedHash(pepper, "token")).toEqual(createHmac("sha256", pepper).update("token").digest());
    expect(keyedHash(pepper, "token")).not.toEqual(keyedHash(Buffer.alloc(32, 8), "token"));
    expect(() => keyedHash(Buffer.alloc(31), "token")).toThrow(FormatError);
  });
});
