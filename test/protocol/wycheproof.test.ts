import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { describe, expect, it } from "vitest";
import { verifyRaw } from "../../src/core/protocol/ed25519.ts";
import { agree } from "../../src/core/protocol/x25519.ts";

/** `testvectors_v1` of a checkout of github.com/C2SP/wycheproof; the files are not part of this project. */
const folder = process.env["B3IQ_WYCHEPROOF_DIR"] ?? "";

type Case = Record<string, string> & {
  tcId: number;
  size: number;
  result: "valid" | "invalid" | "acceptable";
  flags: string[];
};
type Group = { tests: Case[]; ivSize?: number; publicKey?: { pk: string } };

const hex = (text: string): Buffer => Buffer.from(text, "hex");

function groups(name: string): Group[] {
  return (JSON.parse(readFileSync(join(folder, `${name}_test.json`), "utf8")) as { testGroups: Group[] }).testGroups;
}

function attempt(compute: () => Uint8Array): string | null {
  try {
    return Buffer.from(compute()).toString("hex");
  } catch {
    return null;
  }
}

const there = existsSync(join(folder, "x25519_test.json")) && folder !== "";

describe.skipIf(!there)(
  `Wycheproof${there ? "" : ": not run, set B3IQ_WYCHEPROOF_DIR to its folder testvectors_v1"}`,
  () => {
    it("X25519: every result, and none for a secret of zeros", () => {
      let cases = 0;
      for (const { tests } of groups("x25519"))
        for (const test of tests) {
          const expected = /^0*$/.test(test["shared"]!) ? null : test["shared"]!;
          expect(
            attempt(() => agree(hex(test["private"]!), hex(test["public"]!))),
            `case ${test.tcId}`,
          ).toBe(expected);
          cases++;
        }
      expect(cases).toBeGreaterThan(500);
    });

    it("Ed25519: valid is taken, everything else refused", () => {
      let cases = 0;
      for (const { tests, publicKey } of groups("ed25519"))
        for (const test of tests) {
          const taken = verifyRaw(hex(test["msg"]!), hex(test["sig"]!), hex(publicKey!.pk).toString("base64url"));
          expect(taken, `case ${test.tcId}`).toBe(test.result === "valid");
          cases++;
        }
      expect(cases).toBeGreaterThan(100);
    });

    it("HKDF-SHA256: every result", () => {
      let cases = 0;
      for (const { tests } of groups("hkdf_sha256"))
        for (const test of tests) {
          const okm = attempt(() => hkdf(sha256, hex(test["ikm"]!), hex(test["salt"]!), hex(test["info"]!), test.size));
          expect(okm, `case ${test.tcId}`).toBe(test.result === "valid" ? test["okm"] : null);
          cases++;
        }
      expect(cases).toBeGreaterThan(50);
    });

    it("ChaCha20-Poly1305: valid opens and seals alike, everything else is refused", () => {
      let cases = 0;
      for (const { tests } of groups("chacha20_poly1305"))
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
      expect(cases).toBeGreaterThan(200);
    });
  },
);
