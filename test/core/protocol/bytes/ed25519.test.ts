import { ed25519 } from "@noble/curves/ed25519.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  assertPublicKey,
  generateIdentity,
  publicKeyOf,
  sign,
  signRaw,
  verify,
  verifyInPool,
  verifyRaw,
} from "../../../../src/core/protocol/bytes/ed25519.ts";
import { domainPreimage } from "../../../../src/core/protocol/bytes/encoding.ts";
import { FormatError } from "../../../../src/core/protocol/bytes/outcome.ts";
import { fixedIdentity, flipBit } from "../../../support/protocol_fixtures.ts";

const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const P = 2n ** 255n - 19n;

const b64 = (hex: string): string => Buffer.from(hex, "hex").toString("base64url");

function littleEndian(value: bigint, sign_bit = 0): string {
  const bytes = Buffer.from(value.toString(16).padStart(64, "0"), "hex").reverse();
  bytes[31] = bytes[31]! | (sign_bit << 7);
  return bytes.toString("base64url");
}

/** The 8 points of small order by their y, and every encoding that reads as one of them. */
function smallOrderEncodings(): string[] {
  const generator = ed25519.Point.fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");
  const encodings = new Set<string>();
  let point = generator;
  for (let i = 0; i < 8; i++, point = point.add(generator)) {
    const { y } = point.toAffine();
    for (const value of y + P < 2n ** 255n ? [y, y + P] : [y])
      for (const sign_bit of [0, 1]) encodings.add(littleEndian(value, sign_bit));
  }
  return [...encodings];
}

describe("Ed25519", () => {
  test.each([
    [
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ],
    [
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ],
    [
      "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ],
  ])("signs as RFC 8032 §7.1 (%s)", (seed, public_key, message, signature) => {
    expect(publicKeyOf(b64(seed))).toBe(b64(public_key));
    expect(signRaw(Buffer.from(message, "hex"), b64(seed)).toString("hex")).toBe(signature);
    expect(verifyRaw(Buffer.from(message, "hex"), Buffer.from(signature, "hex"), b64(public_key))).toBe(true);
  });

  test("gives keys that pass its own checks, and signatures that @noble/curves verifies", () => {
    for (let i = 0; i < 20; i++) {
      const identity = generateIdentity();
      expect(() => assertPublicKey(identity.public_key)).not.toThrow();
      const signature = sign("domain", "text", identity.private_key);
      expect(verify("domain", "text", signature, identity.public_key)).toBe(true);
      const raw = (text: string): Buffer => Buffer.from(text, "base64url");
      expect(ed25519.verify(raw(signature), domainPreimage("domain", "text"), raw(identity.public_key))).toBe(true);
    }
  });

  test("refuses every bit turned over in message, signature and key, and every other domain", () => {
    const identity = fixedIdentity("ed25519 test");
    const message = Buffer.from("a message of some length");
    const signature = sign("d", message, identity.private_key);
    expect(verify("e", message, signature, identity.public_key)).toBe(false);
    for (let bit = 0; bit < 512; bit++)
      expect(verify("d", message, flipBit(signature, bit, "base64url"), identity.public_key)).toBe(false);
    for (let bit = 0; bit < 256; bit++)
      expect(verify("d", message, signature, flipBit(identity.public_key, bit, "base64url"))).toBe(false);
    for (let bit = 0; bit < message.length * 8; bit++) {
      const altered = Buffer.from(flipBit(message.toString("hex"), bit, "hex"), "hex");
      expect(verify("d", altered, signature, identity.public_key)).toBe(false);
    }
  });

  test("answers alike in the thread pool", async () => {
    const identity = generateIdentity();
    const signature = sign("d", "message", identity.private_key);
    const asked: [string, string, string, string][] = [
      ["d", "message", signature, identity.public_key],
      ["e", "message", signature, identity.public_key],
      ["d", "other", signature, identity.public_key],
      ["d", "message", signature, generateIdentity().public_key],
      ["d", "message", `${signature}A`, identity.public_key],
      ["d", "message", signature, "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"],
      ["d", "message", Buffer.alloc(64, 0xff).toString("base64url"), identity.public_key],
    ];
    for (let bit = 0; bit < 512; bit++)
      asked.push(["d", "message", flipBit(signature, bit, "base64url"), identity.public_key]);
    const answers = await Promise.all(asked.map((given) => verifyInPool(...given)));
    expect(answers).toEqual(asked.map((given) => verify(...given)));
    expect(answers.filter((holds) => holds)).toHaveLength(1);
  });

  test("refuses all 14 encodings of points of small order", () => {
    const encodings = smallOrderEncodings();
    expect(encodings).toHaveLength(14);
    for (const key of encodings) {
      expect(() => assertPublicKey(key)).toThrow(FormatError);
      // S = 0 and R = a point of small order need no private key; older OpenSSL takes some of them.
      for (const point of encodings) {
        const signature = Buffer.concat([Buffer.from(point, "base64url"), Buffer.alloc(32)]);
        for (let i = 0; i < 8; i++) {
          const message = Buffer.from(`message ${i}`);
          expect(verifyRaw(message, signature, key)).toBe(false);
        }
      }
    }
  });

  test("refuses keys that are no points, not canonical, or mixed with small order", () => {
    const identity = fixedIdentity("ed25519 test");
    const torsion = ed25519.Point.fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");
    const mixed = ed25519.Point.fromBytes(Buffer.from(identity.public_key, "base64url")).add(torsion);
    expect(() => assertPublicKey(Buffer.from(mixed.toBytes()).toString("base64url"))).toThrow(/small order/);
    expect(() => assertPublicKey(littleEndian(2n))).toThrow(/not a point/);
    for (let y = P; y < 2n ** 255n; y++)
      for (const sign_bit of [0, 1]) expect(() => assertPublicKey(littleEndian(y, sign_bit))).toThrow(FormatError);
    for (const text of ["", "AAAA", `${identity.public_key}=`, identity.public_key.slice(1), "!".repeat(43)]) {
      expect(() => assertPublicKey(text)).toThrow(/32 bytes/);
      expect(verify("d", "m", sign("d", "m", identity.private_key), text)).toBe(false);
    }
  });

  test("refuses S + L and R that is not canonical", () => {
    const identity = fixedIdentity("ed25519 test");
    const signature = Buffer.from(sign("d", "m", identity.private_key), "base64url");
    const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString("hex")}`);
    const malleable = Buffer.concat([signature.subarray(0, 32), Buffer.from(littleEndian(s + L), "base64url")]);
    expect(verify("d", "m", malleable.toString("base64url"), identity.public_key)).toBe(false);
    for (const r of [littleEndian(P), littleEndian(P + 1n), littleEndian(1n, 1), littleEndian(P - 1n, 1)]) {
      const altered = Buffer.concat([Buffer.from(r, "base64url"), signature.subarray(32)]);
      expect(verify("d", "m", altered.toString("base64url"), identity.public_key)).toBe(false);
    }
  });

  test("takes no malformed signature and no malformed private key", () => {
    const identity = fixedIdentity("ed25519 test");
    const signature = sign("d", "m", identity.private_key);
    for (const text of ["", `${signature}A`, signature.slice(0, -1), `${signature}==`, signature.replace(/.$/, "_")]) {
      expect(verify("d", "m", text, identity.public_key)).toBe(false);
    }
    expect(() => sign("d", "m", "AAAA")).toThrow(FormatError);
  });

  test("keeps working when more keys pass through than are kept", () => {
    const first = fixedIdentity("first");
    const signature = sign("d", "m", first.private_key);
    fc.assert(
      fc.property(fc.constant(0), () => {
        for (let i = 0; i < 5000; i++) verify("d", "m", signature, fixedKey(i));
        expect(verify("d", "m", signature, first.public_key)).toBe(true);
      }),
      { numRuns: 1 },
    );
  });
});

/** Distinct texts of the right form; most of them are keys, none is the one that signed. */
function fixedKey(i: number): string {
  const bytes = Buffer.alloc(32, 0x21);
  bytes.writeUInt32LE(i);
  return bytes.toString("base64url");
}
