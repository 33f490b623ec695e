import { randomBytes } from "node:crypto";
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { canonicalize } from "../bytes/canonical.ts";
import { fromBase64url, sha256, toBase64url } from "../bytes/encoding.ts";
import {
  RESULT_ENVELOPE_MAX_BYTES,
  RESULT_MAX_PLAINTEXT_BYTES,
  TAG_BYTES,
  TRANSPORT_ALGORITHM,
  TRANSPORT_VERSION,
  parseEnvelope,
  refuse,
} from "./envelope.ts";
import type { Envelope, EnvelopeFailure } from "./envelope.ts";
import { transportInfo, transportKey, transportSalt } from "./envelope_keys.ts";
import type { ClientSession, NodeSession } from "./envelope_request.ts";
import { success, type Outcome } from "../bytes/outcome.ts";
import { pad, unpad } from "./padding.ts";
import { agree, generateTransportPair, type TransportPair } from "../bytes/x25519.ts";

/** Which lease of which command the result answers. */
export type ResultContext = { command_id: string; lease_token: number };

/** For test vectors only. */
export type ResultFixture = { node_ephemeral: TransportPair; nonce: string; padded: boolean };

/** Plaintext bytes of every chunk but the last. */
export const RESULT_CHUNK_BYTES = 16_384;

const KEY_BYTES = 32;

/**
 * Seals JSON text as the result of an opened request, under a fresh key of the node: a transport key that is stolen later
 * opens no results. Overwrites the session's secret. Throws FormatError `too_large`.
 */
export function sealResult(
  plaintext: Uint8Array,
  session: NodeSession,
  context: ResultContext,
  fixture?: ResultFixture,
): Envelope {
  const ephemeral = fixture?.node_ephemeral ?? generateTransportPair();
  const nonce = fixture === undefined ? randomBytes(12) : fromBase64url(fixture.nonce, 12);
  const ephemeral_public = fromBase64url(ephemeral.public_key, KEY_BYTES);
  const ephemeral_private = fromBase64url(ephemeral.private_key, KEY_BYTES);
  const header_hash = headerHash(session.aad_hash, context, ephemeral_public);
  const second = agree(ephemeral_private, session.client_public);
  const key = resultKey(session.shared, second, session, ephemeral_public, nonce, header_hash);
  const content = fixture?.padded === false ? plaintext : pad(plaintext, RESULT_MAX_PLAINTEXT_BYTES);
  const parts: Uint8Array[] = [ephemeral_public];
  const count = Math.max(1, Math.ceil(content.length / RESULT_CHUNK_BYTES));
  for (let index = 0; index < count; index++) {
    const chunk = content.subarray(index * RESULT_CHUNK_BYTES, (index + 1) * RESULT_CHUNK_BYTES);
    parts.push(chunkCipher(key, nonce, header_hash, index, index === count - 1).encrypt(chunk));
  }
  for (const secret of [key, second, ephemeral_private, session.shared]) secret.fill(0);
  return {
    version: TRANSPORT_VERSION,
    key_id: session.key_id,
    algorithm: TRANSPORT_ALGORITHM,
    client_public_key_x25519: toBase64url(session.client_public),
    nonce: toBase64url(nonce),
    ciphertext: toBase64url(Buffer.concat(parts)),
    aad_hash: header_hash.toString("hex"),
  };
}

/**
 * Opens a result at the client that sealed the request. The last chunk is marked as the last, so a result that was cut
 * is refused.
 */
export function openResult(
  envelope: Envelope,
  session: ClientSession,
  context: ResultContext,
): Outcome<Uint8Array, EnvelopeFailure> {
  const formed = parseEnvelope(envelope, RESULT_ENVELOPE_MAX_BYTES);
  if (!formed.ok) return formed;
  if (envelope.key_id !== session.key_id || envelope.client_public_key_x25519 !== toBase64url(session.client_public)) {
    return refuse("the result answers another request");
  }
  const wire = fromBase64url(envelope.ciphertext);
  if (wire.length < KEY_BYTES + TAG_BYTES) return refuse("ciphertext: too short");
  const ephemeral_public = wire.subarray(0, KEY_BYTES);
  const header_hash = headerHash(session.aad_hash, context, ephemeral_public);
  if (envelope.aad_hash !== undefined && !isHash(envelope.aad_hash, header_hash)) {
    return refuse("aad_hash: the result answers another request, command or lease");
  }
  const nonce = fromBase64url(envelope.nonce, 12);
  try {
    const shared = agree(session.client_private, session.node_public);
    const second = agree(session.client_private, ephemeral_public);
    const key = resultKey(shared, second, session, ephemeral_public, nonce, header_hash);
    const plaintext = openChunks(wire.subarray(KEY_BYTES), key, nonce, header_hash);
    for (const secret of [key, second, shared]) secret.fill(0);
    return success(unpad(plaintext));
  } catch {
    return refuse("the seal does not open: altered, cut, or made for another request");
  }
}

function openChunks(sealed: Uint8Array, key: Uint8Array, nonce: Uint8Array, header_hash: Uint8Array): Uint8Array {
  const step = RESULT_CHUNK_BYTES + TAG_BYTES;
  const count = Math.ceil(sealed.length / step);
  const chunks: Uint8Array[] = [];
  for (let index = 0; index < count; index++) {
    const cipher = chunkCipher(key, nonce, header_hash, index, index === count - 1);
    chunks.push(cipher.decrypt(sealed.subarray(index * step, (index + 1) * step)));
  }
  return Buffer.concat(chunks);
}

/**
 * SHA-256 of JCS(request aad_hash, command, lease, node's ephemeral key, direction): fixed for all chunks of a result.
 */
function headerHash(request_aad_hash: string, context: ResultContext, ephemeral_public: Uint8Array): Buffer {
  return sha256(
    canonicalize({
      request_aad_hash,
      command_id: context.command_id,
      lease_token: context.lease_token,
      node_eph_pub: toBase64url(ephemeral_public),
      direction: "result",
    }),
  );
}

/** HKDF(Z || Z2, SHA-256(salt || node_eph_pub), info for "result"). */
function resultKey(
  shared: Uint8Array,
  second: Uint8Array,
  session: Pick<ClientSession, "client_public" | "node_public" | "key_id">,
  ephemeral_public: Uint8Array,
  nonce: Uint8Array,
  header_hash: Uint8Array,
): Uint8Array {
  const both = Buffer.concat([shared, second]);
  const salt = sha256(transportSalt(session.client_public, session.node_public), ephemeral_public);
  const key = transportKey(both, salt, transportInfo("result", session.key_id, nonce, header_hash));
  both.fill(0);
  return key;
}

/** nonce XOR index as in RFC 8446 §5.3; the additional data has the chunk's index and whether the chunk is the last. */
function chunkCipher(key: Uint8Array, nonce: Uint8Array, header_hash: Uint8Array, index: number, last: boolean) {
  const counter = Buffer.alloc(12);
  counter.writeBigUInt64BE(BigInt(index), 4);
  const own_nonce = counter.map((byte, at) => byte ^ nonce[at]!);
  const aad = Buffer.concat([header_hash, counter.subarray(4), Buffer.of(last ? 1 : 0)]);
  return chacha20poly1305(key, own_nonce, aad);
}

function isHash(stated: string, hash: Buffer): boolean {
  return stated === hash.toString("hex") || stated === toBase64url(hash);
}
