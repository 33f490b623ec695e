import { readFileSync } from "node:fs";
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { describe, expect, test } from "vitest";
import { verifyRaw } from "../../../../src/core/protocol/bytes/ed25519.ts";
import { agree } from "../../../../src/core/protocol/bytes/x25519.ts";

/** Origin and licence: README.md beside the files. */
const FOLDER = new URL("../../../vectors/wycheproof/", import.meta.url);

type Case = Record<string, string> & {
  tcId: number;
  size: number;
  result: "valid" | "invalid" | "acceptable";
  flags: string[];
};
type Group = { tests: Case[]; ivSize?: number; publicKey?: { pk: string } };

const hex = (text: string): Buffer => Buffer.from(text, "hex");

type File = { numberOfTests: number; testGroups: Group[] };

/** The groups of a file, and how many cases it says that it has. */
function read(name: string): { groups: Group[]; total: number } {
  const file = JSON.parse(readFileSync(new URL(`${name}_test.json`, FOLDER), "utf8")) as File;
  return { groups: file.testGroups, total: file.numberOfTests };
}

function attempt(compute: () => Uint8Array): string | null {
  try {
    return Buffer.from(compute()).toString("hex");
  } catch {
    return null;
  }
}

describe("Wycheproof", () => {
  test("X25519: every result, and none for a secret of zeros", () => {
    const { groups, total } = read("x25519");
    let cases = 0;
    for (const { tests } of groups)
      for (const one of tests) {
        const expected = /^0*$/.test(one["shared"]!) ? null : one["shared"]!;
        expect(
          attempt(() => agree(hex(one["private"]!), hex(one["public"]!))),
          `case ${one.tcId}`,
        ).toBe(expected);
        cases++;
      }
    expect(cases).toBe(total);
  });

  test("Ed25519: valid is taken, everything else refused", () => {
    const { groups, total } = read("ed25519");
    let cases = 0;
    for (const { tests, publicKey } of groups)
      for (const one of tests) {
        const taken = verifyRaw(hex(one["msg"]!), hex(one["sig"]!), hex(publicKey!.pk).toString("base64url"));
        expect(taken, `case ${one.tcId}`).toBe(one.result === "valid");
        cases++;
      }
    expect(cases).toBe(total);
  });

  test("HKDF-SHA256: every result", () => {
    const { groups, total } = read("hkdf_sha256");
    let cases = 0;
    for (const { tests } of groups)
      for (const one of tests) {
        const okm = attempt(() => hkdf(sha256, hex(one["ikm"]!), hex(one["salt"]!), hex(one["info"]!), one.size));
        expect(okm, `case ${one.tcId}`).toBe(one.result === "valid" ? one["okm"] : null);
        cases++;
      }
    expect(cases).toBe(total);
  });

  test("ChaCha20-Poly1305: valid opens and seals alike, everything else is refused", () => {
    const { groups, total } = read("chacha20_poly1305");
    let cases = 0;
    for (const { tests } of groups)
      for (const one of tests) {
        const sealed = Buffer.concat([hex(one["ct"]!), hex(one["tag"]!)]);
        const opened = attempt(() =>
          chacha20poly1305(hex(one["key"]!), hex(one["iv"]!), hex(one["aad"]!)).decrypt(sealed),
        );
        expect(opened, `case ${one.tcId}`).toBe(one.result === "valid" ? one["msg"] : null);
        if (one.result === "valid") {
          expect(
            attempt(() =>
              chacha20poly1305(hex(one["key"]!), hex(one["iv"]!), hex(one["aad"]!)).encrypt(hex(one["msg"]!)),
            ),
          ).toBe(sealed.toString("hex"));
        }
        cases++;
      }
    expect(cases).toBe(total);
  });
});
