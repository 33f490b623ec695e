import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseStrict } from "../../../../src/core/protocol/bytes/canonical.ts";
import type { ParseLimits } from "../../../../src/core/protocol/bytes/canonical.ts";
import { FormatError } from "../../../../src/core/protocol/bytes/outcome.ts";

const LIMITS: ParseLimits = { max_bytes: 10_000, max_depth: 8, max_keys: 20 };

function kindOf(text: string | Uint8Array, limits: Partial<ParseLimits> = {}): string {
  try {
    parseStrict(text, { ...LIMITS, ...limits });
  } catch (error) {
    if (error instanceof FormatError) return error.kind;
    throw error;
  }
  return "accepted";
}

describe("parseStrict", () => {
  test.each([
    ["duplicate_key", `{"a":1,"a":2}`],
    ["duplicate_key", `{"a":1,"\\u0061":2}`],
    ["duplicate_key", `[{"x":{"b":1,"c":[{}],"b":2}}]`],
    ["forbidden_key", `{"__proto__":{}}`],
    ["forbidden_key", `{"a":[{"\\u005f_proto__" : 1}]}`],
    ["lone_surrogate", `"\\ud800"`],
    ["lone_surrogate", `"\\uDC00"`],
    ["lone_surrogate", `"\\uDC00\\ud800"`],
    ["lone_surrogate", `{"\\ud83d x":1}`],
    ["lone_surrogate", `["\\ud83d\\u0041"]`],
    ["lone_surrogate", '"\ud800"'],
    ["invalid_utf8", Buffer.of(0x22, 0xff, 0x22)],
    ["invalid_utf8", Buffer.of(0x22, 0xc0, 0x80, 0x22)],
    ["invalid_utf8", Buffer.of(0x22, 0xed, 0xa0, 0x80, 0x22)],
    ["number_out_of_range", `[1e999]`],
    ["number_out_of_range", `{"a":-1E+400}`],
    ["number_out_of_range", `1${"0".repeat(400)}`],
    ["too_deep", `${"[".repeat(9)}${"]".repeat(9)}`],
    ["too_deep", `${'{"a":'.repeat(9)}1${"}".repeat(9)}`],
    ["too_large", `"${"a".repeat(10_000)}"`],
    ["too_large", `"${"é".repeat(5_000)}"`],
    ["too_many_keys", JSON.stringify(Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`k${i}`, i])))],
    ["syntax", ""],
    ["syntax", "{"],
    ["syntax", `{"a"}`],
    ["syntax", "nul"],
    ["syntax", "[1,]"],
    ["syntax", "01"],
    ["syntax", "\ufeff{}"],
    ["syntax", `"\\u12`],
    ["syntax", `{"\\x":1}`],
    ["syntax", ":"],
    ["syntax", `{a:1}`],
    ["syntax", "]]"],
  ])("refuses with %s: %j", (kind, text) => {
    expect(kindOf(text)).toBe(kind);
    if (typeof text === "string" && text.isWellFormed()) expect(kindOf(Buffer.from(text))).toBe(kind);
  });

  test.each([
    `{"a":{"a":{"a":1}},"b":{"a":1}}`,
    `[{"a":1},{"a":2}]`,
    `{"a":":","b":"{\\"a\\":1,\\"a\\":2}"}`,
    `"\\ud83d\\ude00"`,
    `"\\\\ud800"`,
    `{"__proto":1,"constructor":{"prototype":1}}`,
    `[1e308,-0,0.1e-400,12345678901234567890]`,
    `${"[".repeat(8)}${"]".repeat(8)}`,
  ])("accepts %s as JSON.parse reads it", (text) => {
    expect(parseStrict(text, LIMITS)).toEqual(JSON.parse(text));
    expect(parseStrict(Buffer.from(text), LIMITS)).toEqual(JSON.parse(text));
  });

  test("keeps the last of two equal keys only when asked to", () => {
    expect(parseStrict(`{"a":1,"a":2}`, { ...LIMITS, duplicate_keys: "last" })).toEqual({ a: 2 });
    expect(kindOf(`{"__proto__":1}`, { duplicate_keys: "last" })).toBe("forbidden_key");
  });

  test("tells nothing of the text in its messages", () => {
    for (const text of [
      `{"secret-marker":1,"secret-marker":2}`,
      `{"a": secret-marker}`,
      `["secret-marker" 1]`,
      `{"secret-marker\\q":1}`,
    ]) {
      expect(() => parseStrict(text, LIMITS)).toThrow(FormatError);
      try {
        parseStrict(text, LIMITS);
      } catch (error) {
        expect(String(error)).not.toContain("secret");
      }
    }
  });

  test("agrees with JSON.parse on every JSON text within limits", () => {
    const limits = { max_bytes: 1_000_000, max_depth: 100 };
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 6, noUnicodeString: false }),
        fc.constantFrom(undefined, 1, "\t"),
        (json, space) => {
          const text = JSON.stringify(JSON.parse(json), null, space);
          if (/\\ud[89a-f]|__proto__/.test(text)) return;
          expect(parseStrict(text, limits)).toEqual(JSON.parse(text));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("never accepts what JSON.parse refuses, and throws nothing but FormatError", () => {
    const pieces = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ":",
      ",",
      '"',
      '"a"',
      '"b"',
      "\\",
      "\\u",
      "\\ud800",
      "\\udc00",
      "1",
      "-",
      "e",
      ".5",
      "true",
      "null",
      " ",
      "é",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 25 }), (parts) => {
        const text = parts.join("");
        if (kindOf(text) === "accepted") expect(() => JSON.parse(text)).not.toThrow();
      }),
      { numRuns: 5000 },
    );
  });

  test("refuses any object that has one of its keys twice", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 9 }),
        fc.nat(),
        (keys, pick) => {
          const members = [...keys, keys[pick % keys.length]!].map((key) => `${JSON.stringify(key)}:{"n":[0]}`);
          if (keys.includes("__proto__")) return;
          expect(kindOf(`{${members.slice(0, -1).join(",")}}`)).toBe("accepted");
          expect(kindOf(`{${members.join(",")}}`)).toBe("duplicate_key");
        },
      ),
      { numRuns: 500 },
    );
  });
});
