import { createHash } from "node:crypto";
import { publicKeyOf } from "../../src/core/protocol/bytes/ed25519.ts";
import type { Identity } from "../../src/core/protocol/bytes/ed25519.ts";
import { nodeIdOf } from "../../src/core/protocol/bytes/ids.ts";
import type { ReceiptPayload } from "../../src/core/protocol/receipt/receipt.ts";
import { transportPublicKeyOf } from "../../src/core/protocol/bytes/x25519.ts";
import type { TransportPair } from "../../src/core/protocol/bytes/x25519.ts";

/** 32 bytes that follow from a label: fixed keys and salts for tests and vectors. */
export function fixedBytes(label: string): Buffer {
  return createHash("sha256").update(`b3iq test vector: ${label}`).digest();
}

export function fixedIdentity(label: string): Identity {
  const private_key = fixedBytes(label).toString("base64url");
  return { private_key, public_key: publicKeyOf(private_key) };
}

export function fixedTransportPair(label: string): TransportPair {
  const private_key = fixedBytes(label).toString("base64url");
  return { private_key, public_key: transportPublicKeyOf(private_key) };
}

export const node = fixedIdentity("node identity");

export function receiptPayload(change: Partial<ReceiptPayload> = {}): ReceiptPayload {
  return {
    type: "b3iq.receipt.v1",
    node_id: nodeIdOf(node.public_key),
    node_epoch: 3,
    node_seq: 41,
    job_id: "job_0123456789abcdefghijklmnop",
    fence: 1,
    dispatch_mode: "pooled_sync",
    model_id: "vendor/modèle:8b",
    model_profile_id: "mp_modele_8b",
    runtime_kind: "llama_cpp",
    outcome: "ok",
    prompt_tokens: 12,
    completion_tokens: 30,
    total_tokens: 42,
    prompt_price_wei: "150000000000",
    completion_price_wei: "115792089237316195423570985008687907853269984665640564039457584007913129639935",
    fee_bps: 250,
    request_commitment: "ab".repeat(32),
    response_commitment: "cd".repeat(32),
    finished_at: "2026-11-21T10:17:00Z",
    ...change,
  };
}

/** Text with one bit of its bytes (as base64url or hex) turned over. */
export function flipBit(text: string, bit: number, encoding: "base64url" | "hex"): string {
  const bytes = Buffer.from(text, encoding);
  const at = Math.floor(bit / 8) % bytes.length;
  bytes[at] = bytes[at]! ^ (1 << (bit % 8));
  return bytes.toString(encoding);
}
