import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  REQUEST_MAX_PLAINTEXT_BYTES,
  checkContext,
  envelopeId,
  parseEnvelope,
  requestAad,
} from "../../../../src/core/protocol/envelope/envelope.ts";
import type { Envelope, RequestContext } from "../../../../src/core/protocol/envelope/envelope.ts";
import { openRequest, sealRequest } from "../../../../src/core/protocol/envelope/envelope_request.ts";
import { FormatError } from "../../../../src/core/protocol/bytes/outcome.ts";
import { sizeClass } from "../../../../src/core/protocol/envelope/padding.ts";
import { fixedTransportPair, flipBit } from "../../../support/protocol_fixtures.ts";

const node_pair = fixedTransportPair("envelope node");
const context: RequestContext = {
  key_id: "nk_1",
  node_public_key_x25519: node_pair.public_key,
  node_id: "node_a",
  model_id: "model-a",
  job_id: "job_1",
  max_price_wei: "1000",
};
const request = Buffer.from(`{"messages":[{"role":"user","content":"hi"}]}`);

function open(envelope: Envelope, change: Partial<RequestContext> = {}, key = node_pair.private_key): string {
  const result = openRequest(envelope, { ...context, ...change }, key);
  return result.ok ? Buffer.from(result.value.plaintext).toString() : result.code;
}

describe("sealed requests", () => {
  test("are byte for byte those of the design's vector", () => {
    const raw = (hex: string): string => Buffer.from(hex, "hex").toString("base64url");
    const client = {
      public_key: "KVPpfcoSKfl8YAvsLBf-6qs1zkvt9msdQvFqRJ3FwF8",
      private_key: raw("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ac177fba51db92c2a"),
    };
    const stated: RequestContext = {
      key_id: "nk_test_1",
      node_public_key_x25519: "3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08",
      node_id: "node_test_1",
      model_id: "model-a",
      job_id: "job_test_1",
      max_price_wei: "1000000000000000",
    };
    expect(requestAad(stated, client.public_key)).toBe(
      `{"algorithm":"x25519-hkdf-sha256-chacha20poly1305","client_public_key_x25519":"KVPpfcoSKfl8YAvsLBf-6qs1zkvt9msdQvFqRJ3FwF8",` +
        `"direction":"request","job_id":"job_test_1","key_id":"nk_test_1","max_price_wei":"1000000000000000","model_id":"model-a",` +
        `"node_id":"node_test_1","node_public_key_x25519":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08","version":"b3iq-private-transport-v1"}`,
    );
    const { envelope } = sealRequest(request, stated, { client, nonce: "AAECAwQFBgcICQoL", padded: false });
    expect(envelope).toEqual({
      version: "b3iq-private-transport-v1",
      key_id: "nk_test_1",
      algorithm: "x25519-hkdf-sha256-chacha20poly1305",
      client_public_key_x25519: client.public_key,
      nonce: "AAECAwQFBgcICQoL",
      ciphertext: "8uQM5wRZcv-KGN_slm76MBSFYQt8hXDfASIqSYh2nOANl-fLuWhwbwZg-FmG4JAOsW9rx7G_fTVBK-JNaA",
      aad_hash: "ef7f1025d6bc1661a907b9a489f2bdf6e41684fd40979517f5848dafa896873d",
    });
    const opened = openRequest(
      envelope,
      stated,
      raw("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"),
    );
    expect(opened.ok && Buffer.from(opened.value.plaintext)).toEqual(request);
  });

  test("open to what was sealed, whatever the optional parts", () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        (value, with_job, with_price, with_hash) => {
          const plaintext = Buffer.from(JSON.stringify({ value }));
          const own: RequestContext = {
            ...context,
            job_id: with_job ? "j" : undefined,
            max_price_wei: with_price ? "5" : undefined,
          };
          const { envelope } = sealRequest(plaintext, own);
          const { aad_hash, ...rest } = envelope;
          const sent: Envelope = with_hash
            ? { ...rest, aad_hash: Buffer.from(aad_hash!, "hex").toString("base64url") }
            : rest;
          const opened = openRequest(sent, own, node_pair.private_key);
          expect(opened.ok && Buffer.from(opened.value.plaintext)).toEqual(plaintext);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("show a size class only", () => {
    const lengths = [1, 100, 256].map((length) => {
      const { envelope } = sealRequest(Buffer.alloc(length, 0x7b), context);
      return Buffer.from(envelope.ciphertext, "base64url").length;
    });
    expect(lengths).toEqual([272, 272, 272]);
    expect(
      [0, 256, 257, 512, 513, 700_000, 753_664].map((length) => sizeClass(length, REQUEST_MAX_PLAINTEXT_BYTES)),
    ).toEqual([256, 256, 512, 512, 1024, 753_664, 753_664]);
    expect(() => sizeClass(753_665, REQUEST_MAX_PLAINTEXT_BYTES)).toThrow(FormatError);
  });

  test("stay within the limit of the envelope at their largest", () => {
    const { envelope } = sealRequest(Buffer.alloc(REQUEST_MAX_PLAINTEXT_BYTES, 0x7b), context);
    expect(JSON.stringify(envelope).length).toBeLessThanOrEqual(1_048_576);
    expect(open(envelope)).toHaveLength(REQUEST_MAX_PLAINTEXT_BYTES);
  });

  test("are refused with any single bit turned over in any field", () => {
    const { envelope } = sealRequest(request, context);
    const { aad_hash, ...bare } = envelope;
    for (const field of ["client_public_key_x25519", "nonce", "ciphertext"] as const) {
      for (let bit = 0; bit < Buffer.from(envelope[field], "base64url").length * 8; bit++) {
        const altered = flipBit(envelope[field], bit, "base64url");
        expect(open({ ...envelope, [field]: altered })).toBe("invalid_encrypted_request");
        if (bit % 16 === 0) expect(open({ ...bare, [field]: altered })).toBe("invalid_encrypted_request");
      }
    }
    for (let bit = 0; bit < 256; bit++)
      expect(open({ ...envelope, aad_hash: flipBit(aad_hash!, bit, "hex") })).toBe("invalid_encrypted_request");
    for (const field of ["key_id", "version", "algorithm"] as const) {
      for (let bit = 0; bit < envelope[field].length * 8; bit++) {
        const altered = Buffer.from(flipBit(Buffer.from(envelope[field]).toString("hex"), bit, "hex"), "hex").toString(
          "latin1",
        );
        expect(open({ ...envelope, [field]: altered })).toBe("invalid_encrypted_request");
      }
    }
  });

  test("open for this node, key, model, job and price only, also without aad_hash", () => {
    const { envelope } = sealRequest(request, context);
    const { aad_hash: _, ...bare } = envelope;
    const changes: Partial<RequestContext>[] = [
      { node_id: "node_b" },
      { model_id: "model-b" },
      { job_id: "job_2" },
      { job_id: undefined },
      { max_price_wei: "1001" },
      { max_price_wei: undefined },
      { key_id: "nk_2" },
      { node_public_key_x25519: fixedTransportPair("other").public_key },
    ];
    for (const change of changes) {
      expect(checkContext(envelope, { ...context, ...change })).toMatchObject({
        ok: false,
        code: "invalid_encrypted_request",
      });
      expect(open(envelope, change)).toBe("invalid_encrypted_request");
      expect(open(bare, change)).toBe("invalid_encrypted_request");
    }
    expect(open(envelope, {}, fixedTransportPair("other").private_key)).toBe("invalid_encrypted_request");
    expect(checkContext(envelope, context).ok).toBe(true);
    expect(open(bare)).toBe(request.toString());
  });

  test("are refused in any other form", () => {
    const { envelope } = sealRequest(request, context);
    const { aad_hash: _, ...bare } = envelope;
    const { nonce: __, ...without_nonce } = envelope;
    const bad: unknown[] = [
      null,
      [],
      "x",
      {},
      { ...envelope, extra: "1" },
      { ...bare, aad_hashes: "x" },
      without_nonce,
      { ...envelope, nonce: 5 },
      { ...envelope, nonce: `${envelope.nonce}=` },
      { ...envelope, nonce: "AAAA" },
      { ...envelope, ciphertext: "" },
      { ...envelope, ciphertext: "A".repeat(20) },
      { ...envelope, ciphertext: `${envelope.ciphertext}\n` },
      { ...envelope, ciphertext: `${envelope.ciphertext.slice(0, -1)}+` },
      { ...envelope, aad_hash: null },
      { ...envelope, aad_hash: envelope.aad_hash!.toUpperCase() },
      { ...envelope, key_id: "" },
      { ...envelope, client_public_key_x25519: Buffer.alloc(31).toString("base64url") },
      { ...envelope, ciphertext: "A".repeat(1_048_576) },
    ];
    for (const value of bad)
      expect(parseEnvelope(value)).toMatchObject({ ok: false, code: "invalid_encrypted_request" });
    const zero = { ...bare, client_public_key_x25519: Buffer.alloc(32).toString("base64url") };
    expect(open(zero as Envelope)).toBe("invalid_encrypted_request");
  });

  test("have an id that follows from sender, nonce and ciphertext", () => {
    const { envelope } = sealRequest(request, context);
    const { aad_hash: _, ...bare } = envelope;
    expect(envelopeId(bare)).toBe(envelopeId(envelope));
    expect(envelopeId({ ...envelope, nonce: flipBit(envelope.nonce, 3, "base64url") })).not.toBe(envelopeId(envelope));
    expect(envelopeId(sealRequest(request, context).envelope)).not.toBe(envelopeId(envelope));
  });
});
