import { describe, expect, test } from "vitest";
import { RESULT_MAX_PLAINTEXT_BYTES } from "../../../../src/core/protocol/envelope/envelope.ts";
import type { Envelope, RequestContext } from "../../../../src/core/protocol/envelope/envelope.ts";
import { openRequest, sealRequest } from "../../../../src/core/protocol/envelope/envelope_request.ts";
import type { NodeSession } from "../../../../src/core/protocol/envelope/envelope_request.ts";
import { RESULT_CHUNK_BYTES, openResult, sealResult } from "../../../../src/core/protocol/envelope/envelope_result.ts";
import { FormatError } from "../../../../src/core/protocol/bytes/outcome.ts";
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
const lease = { command_id: "cmd_0123456789abcdefghijklmnop", lease_token: 4 };
const request = Buffer.from(`{"messages":[{"role":"user","content":"hi"}]}`);

function nodeSession(envelope: Envelope): NodeSession {
  const opened = openRequest(envelope, context, node_pair.private_key);
  if (!opened.ok) throw new Error(opened.reason);
  return opened.value.session;
}

describe("sealed results", () => {
  test.each([0, 1, 255, 16_383, 16_384, 16_385, 32_768, 100_000])("open to what was sealed (%d bytes)", (length) => {
    const { envelope, session } = sealRequest(request, context);
    const plaintext = Buffer.alloc(length, 0x7b);
    const opened = openResult(sealResult(plaintext, nodeSession(envelope), lease), session, lease);
    expect(opened.ok && Buffer.from(opened.value)).toEqual(plaintext);
  });

  test("stay within the limit of the envelope at their largest", () => {
    const { envelope, session } = sealRequest(request, context);
    const result = sealResult(Buffer.alloc(RESULT_MAX_PLAINTEXT_BYTES, 0x7b), nodeSession(envelope), lease);
    expect(JSON.stringify(result).length).toBeLessThanOrEqual(4_194_304);
    expect(openResult(result, session, lease).ok).toBe(true);
    expect(() => sealResult(Buffer.alloc(RESULT_MAX_PLAINTEXT_BYTES + 1, 1), nodeSession(envelope), lease)).toThrow(
      FormatError,
    );
  });

  test("open for their request, command and lease only", () => {
    const first = sealRequest(request, context);
    const second = sealRequest(request, context);
    const result = sealResult(Buffer.from("{}"), nodeSession(first.envelope), lease);
    const { aad_hash: _, ...bare } = result;
    for (const envelope of [result, bare]) {
      expect(openResult(envelope, first.session, lease).ok).toBe(true);
      expect(openResult(envelope, second.session, lease).ok).toBe(false);
      expect(
        openResult(
          { ...envelope, client_public_key_x25519: second.envelope.client_public_key_x25519 },
          second.session,
          lease,
        ).ok,
      ).toBe(false);
      expect(openResult(envelope, first.session, { ...lease, lease_token: 5 }).ok).toBe(false);
      expect(openResult(envelope, first.session, { ...lease, command_id: "cmd_2" }).ok).toBe(false);
    }
  });

  test("cannot be a request that was sent back", () => {
    const { envelope, session } = sealRequest(request, context);
    expect(openResult(envelope, session, lease).ok).toBe(false);
  });

  test("are refused with any single bit turned over", () => {
    const { envelope, session } = sealRequest(request, context);
    const result = sealResult(Buffer.from(`{"a":1}`), nodeSession(envelope), lease);
    for (const field of ["client_public_key_x25519", "nonce", "ciphertext"] as const) {
      for (let bit = 0; bit < Buffer.from(result[field], "base64url").length * 8; bit++) {
        expect(openResult({ ...result, [field]: flipBit(result[field], bit, "base64url") }, session, lease).ok).toBe(
          false,
        );
      }
    }
    for (let bit = 0; bit < 256; bit++)
      expect(openResult({ ...result, aad_hash: flipBit(result.aad_hash!, bit, "hex") }, session, lease).ok).toBe(false);
  });

  test("are refused when cut, reordered, repeated or lengthened at a chunk", () => {
    const { envelope, session } = sealRequest(request, context);
    const result = sealResult(Buffer.alloc(50_000, 0x7b), nodeSession(envelope), lease);
    const wire = Buffer.from(result.ciphertext, "base64url");
    const step = RESULT_CHUNK_BYTES + 16;
    const chunks = Array.from({ length: 4 }, (_, i) => wire.subarray(32 + i * step, 32 + (i + 1) * step));
    const of = (...parts: Buffer[]): Envelope => ({
      ...result,
      ciphertext: Buffer.concat([wire.subarray(0, 32), ...parts]).toString("base64url"),
    });
    const [a, b, c, d] = chunks as [Buffer, Buffer, Buffer, Buffer];
    expect(openResult(of(a, b, c, d), session, lease).ok).toBe(true);
    const bad = [
      of(a, b, c),
      of(a),
      of(b, a, c, d),
      of(a, b, c, d, d),
      of(a, a, b, c, d),
      of(a, b, c, d.subarray(0, -1)),
      of(a, c, d),
      of(d),
      of(),
      of(a, b, c, d.subarray(0, 16)),
    ];
    for (const altered of bad) expect(openResult(altered, session, lease).ok).toBe(false);
  });

  test("leave no secret behind in the session, so a second one cannot be sealed", () => {
    const { envelope, session } = sealRequest(request, context);
    const kept = nodeSession(envelope);
    sealResult(Buffer.from("{}"), kept, lease);
    expect([...kept.shared].every((byte) => byte === 0)).toBe(true);
    expect(openResult(sealResult(Buffer.from("{}"), kept, lease), session, lease).ok).toBe(false);
  });
});
