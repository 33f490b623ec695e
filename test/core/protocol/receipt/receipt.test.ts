import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalize } from "../../../../src/core/protocol/bytes/canonical.ts";
import { requestCommitment, responseCommitment } from "../../../../src/core/protocol/receipt/commitments.ts";
import { sign } from "../../../../src/core/protocol/bytes/ed25519.ts";
import { sha256Hex } from "../../../../src/core/protocol/bytes/encoding.ts";
import { signLocalReceipt, verifyLocalReceipt } from "../../../../src/core/protocol/receipt/local_receipt.ts";
import type { LocalReceiptPayload } from "../../../../src/core/protocol/receipt/local_receipt.ts";
import { FormatError } from "../../../../src/core/protocol/bytes/outcome.ts";
import {
  parseReceipt,
  parseReceiptTrailers,
  receiptHash,
  receiptTrailers,
  signReceipt,
  verifyReceipt,
} from "../../../../src/core/protocol/receipt/receipt.ts";
import type { ReceiptPayload, SignedReceipt } from "../../../../src/core/protocol/receipt/receipt.ts";
import { fixedBytes, fixedIdentity, flipBit, node, receiptPayload } from "../../../support/protocol_fixtures.ts";

const signed = signReceipt(receiptPayload(), node.private_key);

function codeOf(receipt: SignedReceipt, public_key = node.public_key): string {
  const result = verifyReceipt(receipt, public_key);
  return result.ok ? "ok" : result.code;
}

describe("receipts", () => {
  test("verify as signed, after a trip through JSON, and from trailers", () => {
    expect(codeOf(signed)).toBe("ok");
    const parsed = parseReceipt(JSON.stringify(signed, null, 2));
    expect(parsed.ok && parsed.value).toEqual(signed);
    const trailers = parseReceiptTrailers(receiptTrailers(signed));
    expect(trailers.ok && trailers.value).toEqual(signed);
    expect(codeOf(signReceipt(receiptPayload({ tee_attestation_hash: "0".repeat(64) }), node.private_key))).toBe("ok");
  });

  test("hash the domain, a zero byte and the canonical payload", () => {
    expect(receiptHash(signed.receipt)).toBe(sha256Hex(`b3iq-receipt-v1\0${canonicalize(signed.receipt)}`));
    expect(signed.receipt_hash).toBe(receiptHash(signed.receipt));
  });

  test("are refused with receipt_hash_mismatch when any field or the hash changed", () => {
    const changes: Partial<ReceiptPayload>[] = [
      { node_epoch: 4 },
      { node_seq: 42 },
      { fence: 2 },
      { job_id: "job_1123456789abcdefghijklmnop" },
      { dispatch_mode: "private_job" },
      { model_id: "other" },
      { model_profile_id: "other" },
      { runtime_kind: "vllm" },
      { outcome: "error" },
      { prompt_tokens: 13, total_tokens: 43 },
      { completion_tokens: 31, total_tokens: 43 },
      { prompt_price_wei: "1" },
      { completion_price_wei: "0" },
      { fee_bps: 0 },
      { request_commitment: "0".repeat(64) },
      { response_commitment: "0".repeat(64) },
      { finished_at: "2026-11-21T10:18:00Z" },
      { tee_attestation_hash: "0".repeat(64) },
      { node_id: "node_0123456789abcdefghijklmnop" },
    ];
    for (const change of changes)
      expect(codeOf({ ...signed, receipt: receiptPayload(change) })).toBe("receipt_hash_mismatch");
    for (let bit = 0; bit < 256; bit++) {
      expect(codeOf({ ...signed, receipt_hash: flipBit(signed.receipt_hash, bit, "hex") })).toBe(
        "receipt_hash_mismatch",
      );
    }
  });

  test("are refused with invalid_signature when the signature or the key is another", () => {
    for (let bit = 0; bit < 512; bit++) {
      expect(codeOf({ ...signed, signature_ed25519: flipBit(signed.signature_ed25519, bit, "base64url") })).toBe(
        "invalid_signature",
      );
    }
    expect(codeOf(signed, fixedIdentity("another").public_key)).toBe("invalid_signature");
    const foreign = sign("b3iq-node-call-v1", canonicalize(signed.receipt), node.private_key);
    expect(codeOf({ ...signed, signature_ed25519: foreign })).toBe("invalid_signature");
  });

  test("change of a receipt with a recomputed hash does not carry the signature along", () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(1_000_000), (prompt_tokens, completion_tokens) => {
        const receipt = receiptPayload({
          prompt_tokens,
          completion_tokens,
          total_tokens: prompt_tokens + completion_tokens,
        });
        if (prompt_tokens === 12 && completion_tokens === 30) return;
        expect(codeOf({ ...signed, receipt, receipt_hash: receiptHash(receipt) })).toBe("invalid_signature");
      }),
    );
  });

  test.each<[string, Record<string, unknown>]>([
    ["an unknown field", { customer_id: "cus_x" }],
    ["another type", { type: "b3iq.receipt.v2" }],
    ["a float", { prompt_tokens: 12.5 }],
    ["an unsafe integer", { node_seq: 2 ** 53 }],
    ["a negative", { completion_tokens: -1 }],
    ["a number as text", { fence: "1" }],
    ["seq 0", { node_seq: 0 }],
    ["a wrong total", { total_tokens: 43 }],
    ["a price as number", { prompt_price_wei: 1 }],
    ["a price above 2^256", { prompt_price_wei: (2n ** 256n).toString() }],
    ["a fee above 100 %", { fee_bps: 10_001 }],
    ["upper-case hex", { request_commitment: "AB".repeat(32) }],
    ["seconds", { finished_at: "2026-11-21T10:17:01Z" }],
    ["an offset", { finished_at: "2026-11-21T10:17:00+00:00" }],
    ["the 30th of February", { finished_at: "2026-02-30T10:17:00Z" }],
    ["hour 24", { finished_at: "2026-11-21T24:00:00Z" }],
    ["a null hash", { tee_attestation_hash: null }],
    ["a missing field", { model_id: undefined }],
    ["a newline", { model_id: "a\nb" }],
    ["a client's job id", { job_id: "my-order-17" }],
    ["a nested value", { model_id: { a: 1 } }],
  ])("do not take %s", (_, change) => {
    const receipt = { ...receiptPayload(), ...change } as ReceiptPayload;
    expect(() => signReceipt(receipt, node.private_key)).toThrow(FormatError);
    expect(codeOf({ ...signed, receipt })).toBe("invalid_request");
    expect(parseReceipt(JSON.stringify({ ...signed, receipt })).ok).toBe(false);
  });

  test("are read strictly", () => {
    const text = JSON.stringify(signed);
    const refused = [
      text.replace(`"fence":1`, `"fence":1,"fence":1`),
      text.replace("{", `{"extra":1,`),
      text.replace(`"ok"`, `"\\ud800"`),
      `[${text}]`,
      "null",
      "{}",
      text.slice(0, -1),
      text + " ".repeat(5000),
      text.replace(`"fence":1`, `"fence":[1]`),
      text.replace(signed.signature_ed25519, `${signed.signature_ed25519}==`),
      text.replace(signed.receipt_hash, signed.receipt_hash.toUpperCase()),
    ];
    for (const bad of refused) expect(parseReceipt(bad)).toMatchObject({ ok: false, code: "invalid_request" });
    for (const trailers of [
      {},
      { ...receiptTrailers(signed), "x-b3iq-receipt": "e30" },
      { ...receiptTrailers(signed), "x-b3iq-receipt-signature": undefined },
    ]) {
      expect(parseReceiptTrailers(trailers)).toMatchObject({ ok: false, code: "invalid_request" });
    }
  });

  test("of local chats never pass for those that are paid", () => {
    const payload: LocalReceiptPayload = {
      type: "b3iq.local-receipt.v1",
      node_id: signed.receipt.node_id,
      local_seq: 1,
      request_id: "req_0123456789abcdefghijklmnop",
      model_id: "m",
      model_profile_id: "p",
      runtime_kind: "openai",
      outcome: "ok",
      prompt_tokens: 1,
      completion_tokens: 1,
      total_tokens: 2,
      request_commitment: "0".repeat(64),
      response_commitment: "0".repeat(64),
      finished_at: "2026-11-21T10:17:00Z",
    };
    const local = signLocalReceipt(payload, node.private_key);
    expect(verifyLocalReceipt(local, node.public_key).ok).toBe(true);
    expect(verifyLocalReceipt({ ...local, receipt: { ...payload, local_seq: 2 } }, node.public_key)).toMatchObject({
      code: "receipt_hash_mismatch",
    });
    expect(verifyLocalReceipt(local, fixedIdentity("x").public_key)).toMatchObject({ code: "invalid_signature" });
    expect(codeOf(local as unknown as SignedReceipt)).toBe("invalid_request");
    expect(verifyLocalReceipt(signed as never, node.public_key)).toMatchObject({ code: "invalid_request" });
  });
});

describe("commitments", () => {
  const salt = fixedBytes("salt").toString("base64url");

  test("are SHA-256 of the salt and the canonical text", () => {
    const messages = [{ role: "user", content: "grüß dich" }];
    const expected = sha256Hex(fixedBytes("salt"), `[{"content":"grüß dich","role":"user"}]`);
    expect(requestCommitment(salt, messages)).toBe(expected);
    expect(responseCommitment(salt, { content: "hi", finish_reason: "stop" })).toBe(
      sha256Hex(fixedBytes("salt"), `{"content":"hi","finish_reason":"stop","reasoning":null,"tool_calls":null}`),
    );
  });

  test("are the same for a stream's joined answer and a plain one", () => {
    const plain = responseCommitment(salt, { content: "hi", reasoning: null, tool_calls: null, finish_reason: "stop" });
    expect(responseCommitment(salt, { content: "hi", reasoning: "", tool_calls: [], finish_reason: "stop" })).toBe(
      plain,
    );
    expect(responseCommitment(salt, { content: "hi", finish_reason: "stop" })).toBe(plain);
  });

  test("differ with every part and with the salt", () => {
    const answers = [
      { content: "a" },
      { reasoning: "a" },
      { content: "b" },
      { content: "a", finish_reason: "stop" },
      { content: "a", finish_reason: "length" },
      { content: "a", tool_calls: [{ id: "1" }] },
    ];
    expect(new Set(answers.map((answer) => responseCommitment(salt, answer))).size).toBe(answers.length);
    expect(requestCommitment(salt, [])).not.toBe(requestCommitment(fixedBytes("other").toString("base64url"), []));
    expect(() => requestCommitment("AAAA", [])).toThrow(FormatError);
  });
});
