import { readFileSync } from "node:fs";
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { describe, expect, it } from "vitest";
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
  it("X25519: every result, and none for a secret of zeros", () => {
    const { groups, total } = read("x25519");
    let cases = 0;
    for (const { tests } of groups)
      for (const test of tests) {
        const expected = /^0*$/.test(test["shared"]!) ? null : test["shared"]!;
        expect(
          attempt(() => agree(hex(test["private"]!), hex(test["public"]!))),
          `case ${test.tcId}`,
        ).toBe(expected);
        cases++;
      }
    expect(cases).toBe(total);
  });

  it("Ed25519: valid is taken, everything else refused", () => {
    const { groups, total } = read("ed25519");
    let cases = 0;
    for (const { tests, publicKey } of groups)
      for (const test of tests) {
        const taken = verifyRaw(hex(test["msg"]!), hex(test["sig"]!), hex(publicKey!.pk).toString("base64url"));
        expect(taken, `case ${test.tcId}`).toBe(test.result === "valid");
        cases++;
      }
    expect(cases).toBe(total);
  });

  it("HKDF-SHA256: every result", () => {
    const { groups, total } = read("hkdf_sha256");
    let cases = 0;
    for (const { tests } of groups)
      for (const test of tests) {
        const okm = attempt(() => hkdf(sha256, hex(test["ikm"]!), hex(test["salt"]!), hex(test["info"]!), test.size));
        expect(okm, `case ${test.tcId}`).toBe(test.result === "valid" ? test["okm"] : null);
        cases++;
      }
    expect(cases).toBe(total);
  });

  it("ChaCha20-Poly1305: valid opens and seals alike, everything else is refused", () => {
    const { groups, total } = read("chacha20_poly1305");
    let cases = 0;
    for (const { tests } of groups)
      for (const test of tests) {
        const sealed = Buffer.concat([hex(test["ct"]!), hex(test["tag"]!)]);
        const opened = attempt(() =>
          chacha20poly1305(hex(test["key"]!), hex(test["iv"]!), hex(test["aad"]!)).decrypt(sealed),
        );
        expect(opened, `case ${test.tcId}`).toBe(test.result === "valid" ? test["msg"] : null);
        if (test.result === "valid") {
          expect(
            attempt(() =>
              chacha20poly1305(hex(test["key"]!), hex(test["iv"]!), hex(test["aad"]!)).encrypt(hex(test["msg"]!)),
            ),
          ).toBe(sealed.toString("hex"));
        }
        cases++;
      }
    expect(cases).toBe(total);
  });
});
