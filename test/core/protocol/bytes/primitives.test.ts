import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../../../src/core/protocol/bytes/outcome.ts";
import { agree } from "../../../../src/core/protocol/bytes/x25519.ts";

const hex = (text: string): Buffer => Buffer.from(text, "hex");
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("X25519", () => {
  test.each([
    [
      "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
      "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
      "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
    ],
    [
      "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
      "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
      "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
    ],
  ])("computes RFC 7748 §5.2 (%s)", (scalar, point, result) => {
    expect(text(agree(hex(scalar), hex(point)))).toBe(result);
  });

  test("iterates as RFC 7748 §5.2", () => {
    let k: Uint8Array = hex(`09${"00".repeat(31)}`);
    let u = k;
    for (let i = 1; i <= 1000; i++) {
      [k, u] = [agree(k, u), k];
      if (i === 1) expect(text(k)).toBe("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
    }
    expect(text(k)).toBe("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
  });

  test("agrees from both sides, with the keys of the private transport's vector", () => {
    const alice = hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ac177fba51db92c2a");
    const bob = hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    const shared = text(agree(alice, x25519.getPublicKey(bob)));
    expect(shared).toBe(text(agree(bob, x25519.getPublicKey(alice))));
    expect(shared).toBe("03572f4a2e28d9c7131f82cad5f33e4dfe82e0f68eea6e5efc16c1ac75218d3b");
  });

  test.each([
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  ])("refuses the low-order point %s", (point) => {
    expect(() => agree(Buffer.alloc(32, 0x42), hex(point))).toThrow(FormatError);
  });
});

describe("HKDF-SHA256 (RFC 5869 appendix A)", () => {
  test("case 1", () => {
    const okm = hkdf(
      sha256,
      Buffer.alloc(22, 0x0b),
      hex("000102030405060708090a0b0c"),
      hex("f0f1f2f3f4f5f6f7f8f9"),
      42,
    );
    expect(text(okm)).toBe("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  });

  test("case 2, with longer inputs", () => {
    const run = (from: number) => Buffer.from(Array.from({ length: 80 }, (_, i) => from + i));
    expect(text(hkdf(sha256, run(0x00), run(0x60), run(0xb0), 82))).toBe(
      "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09" +
        "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
    );
  });

  test("case 3, without salt and info", () => {
    const okm = hkdf(sha256, Buffer.alloc(22, 0x0b), new Uint8Array(0), new Uint8Array(0), 42);
    expect(text(okm)).toBe("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
  });
});

describe("ChaCha20-Poly1305 (RFC 8439 §2.8.2)", () => {
  const key = Buffer.from(Array.from({ length: 32 }, (_, i) => 0x80 + i));
  const nonce = hex("070000004041424344454647");
  const aad = hex("50515253c0c1c2c3c4c5c6c7");
  const plaintext =
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.";
  const sealed =
    "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36" +
    "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116" +
    "1ae10b594f09e26a7e902ecbd0600691";

  test("seals and opens", () => {
    expect(text(chacha20poly1305(key, nonce, aad).encrypt(Buffer.from(plaintext)))).toBe(sealed);
    expect(Buffer.from(chacha20poly1305(key, nonce, aad).decrypt(hex(sealed))).toString()).toBe(plaintext);
  });
});
