import { isBase64url, isHex, sha256Hex } from "../bytes/encoding.ts";
import { canonicalize } from "../bytes/canonical.ts";
import { failure, success, type Outcome } from "../bytes/outcome.ts";
import { isWei } from "../bytes/wei.ts";

/**
 * The sealed form of a private request or result: seven fields, the last of them optional (docs/protocol/envelope.md).
 */
export type Envelope = {
  version: typeof TRANSPORT_VERSION;
  key_id: string;
  algorithm: typeof TRANSPORT_ALGORITHM;
  /** base64url, 32 bytes. */
  client_public_key_x25519: string;
  /** base64url, 12 bytes. */
  nonce: string;
  /** base64url. */
  ciphertext: string;
  /** SHA-256 of the additional data: 64 hex or 43 base64url characters. */
  aad_hash?: string;
};

/** The clear fields that a request is bound to: it opens for this node, key, model, job and price only. */
export type RequestContext = {
  key_id: string;
  /** base64url, 32 bytes. */
  node_public_key_x25519: string;
  node_id: string;
  model_id: string;
  /** Both in the context when the client sent them. */
  job_id?: string | undefined;
  /** Decimal string. */
  max_price_wei?: string | undefined;
};

export type EnvelopeFailure = "invalid_encrypted_request";

export const TRANSPORT_VERSION = "b3iq-private-transport-v1";
export const TRANSPORT_ALGORITHM = "x25519-hkdf-sha256-chacha20poly1305";
export const TAG_BYTES = 16;
/** The largest request envelope as JSON text. */
export const REQUEST_ENVELOPE_MAX_BYTES = 1_048_576;
export const RESULT_ENVELOPE_MAX_BYTES = 4_194_304;
/** The largest padded plaintext whose envelope stays below the limit in base64. */
export const REQUEST_MAX_PLAINTEXT_BYTES = 736 * 1024;
export const RESULT_MAX_PLAINTEXT_BYTES = 2816 * 1024;

const FIELDS = ["version", "key_id", "algorithm", "client_public_key_x25519", "nonce", "ciphertext"];

/** The public context as JCS: the additional data of the request. */
export function requestAad(context: RequestContext, client_public_key_x25519: string): string {
  const { key_id, node_public_key_x25519, node_id, model_id, job_id, max_price_wei } = context;
  return canonicalize({
    version: TRANSPORT_VERSION,
    algorithm: TRANSPORT_ALGORITHM,
    direction: "request",
    key_id,
    client_public_key_x25519,
    node_public_key_x25519,
    node_id,
    model_id,
    job_id,
    max_price_wei,
  });
}

/**
 * Reads an envelope strictly: no other fields, exact lengths, one encoding for each value, at most `max_bytes` as JSON
 * text. Fails with `invalid_encrypted_request` and a reason that names the field.
 */
export function parseEnvelope(
  value: unknown,
  max_bytes = REQUEST_ENVELOPE_MAX_BYTES,
): Outcome<Envelope, EnvelopeFailure> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse("expected an object");
  const record = value as Record<string, unknown>;
  const known = Object.hasOwn(record, "aad_hash") ? [...FIELDS, "aad_hash"] : FIELDS;
  for (const field of known) {
    if (!Object.hasOwn(record, field) || typeof record[field] !== "string") {
      return refuse(`${field}: expected a string`);
    }
  }
  if (Object.keys(record).length !== known.length) return refuse("a field that envelopes do not have");
  const envelope = record as Envelope;
  if (envelope.version !== TRANSPORT_VERSION) return refuse(`version: expected ${TRANSPORT_VERSION}`);
  if (envelope.algorithm !== TRANSPORT_ALGORITHM) return refuse(`algorithm: expected ${TRANSPORT_ALGORITHM}`);
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(envelope.key_id)) {
    return refuse("key_id: expected 1 to 64 of A-Z, a-z, 0-9, _ and -");
  }
  if (!isBase64url(envelope.client_public_key_x25519, 32)) {
    return refuse("client_public_key_x25519: expected 32 bytes as base64url without padding");
  }
  if (!isBase64url(envelope.nonce, 12)) return refuse("nonce: expected 12 bytes as base64url without padding");
  if (envelope.aad_hash !== undefined && !isHex(envelope.aad_hash, 32) && !isBase64url(envelope.aad_hash, 32)) {
    return refuse("aad_hash: expected 64 hex or 43 base64url characters");
  }
  // 512 bytes are more than the other six fields and the punctuation take.
  if (envelope.ciphertext.length > max_bytes - 512) return refuse(`the envelope is longer than ${max_bytes} bytes`);
  const sealed = Buffer.from(envelope.ciphertext, "base64url");
  if (sealed.toString("base64url") !== envelope.ciphertext) {
    return refuse("ciphertext: expected base64url without padding");
  }
  if (sealed.length <= TAG_BYTES) return refuse("ciphertext: too short");
  return success(envelope);
}

/**
 * Checks an envelope against the clear fields of its request, before any money is held: key, price form, and the hash
 * of the context when the client stated it. Only the node can check the seal itself.
 */
export function checkContext(
  envelope: Envelope,
  context: RequestContext,
): Outcome<{ aad_hash: string }, EnvelopeFailure> {
  if (envelope.key_id !== context.key_id) return refuse("key_id: not the node's transport key");
  if (context.max_price_wei !== undefined && !isWei(context.max_price_wei)) {
    return refuse("max_price_wei: expected a decimal string");
  }
  const aad_hash = sha256Hex(requestAad(context, envelope.client_public_key_x25519));
  if (envelope.aad_hash !== undefined) {
    const as_hex = isHex(envelope.aad_hash, 32);
    const stated = as_hex ? envelope.aad_hash : Buffer.from(envelope.aad_hash, "base64url").toString("hex");
    if (stated !== aad_hash) {
      return refuse("aad_hash: the envelope was sealed for another node, key, model, job or price");
    }
  }
  return success({ aad_hash });
}

/** SHA-256(client_pub || nonce || ciphertext) as hex: a node takes each envelope once. */
export function envelopeId(envelope: Envelope): string {
  return sha256Hex(
    Buffer.from(envelope.client_public_key_x25519, "base64url"),
    Buffer.from(envelope.nonce, "base64url"),
    Buffer.from(envelope.ciphertext, "base64url"),
  );
}

export function refuse(reason: string): { ok: false; code: EnvelopeFailure; reason: string } {
  return failure("invalid_encrypted_request", reason);
}
