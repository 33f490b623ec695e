import { randomBytes } from "node:crypto";
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { fromBase64url, sha256, toBase64url } from "../bytes/encoding.ts";
import {
  REQUEST_MAX_PLAINTEXT_BYTES,
  TRANSPORT_ALGORITHM,
  TRANSPORT_VERSION,
  checkContext,
  parseEnvelope,
  refuse,
  requestAad,
} from "./envelope.ts";
import type { Envelope, EnvelopeFailure, RequestContext } from "./envelope.ts";
import { transportInfo, transportKey, transportSalt } from "./envelope_keys.ts";
import { FormatError, success, type Outcome } from "../bytes/outcome.ts";
import { pad, unpad } from "./padding.ts";
import { agree, generateTransportPair, transportPublicKeyOf, type TransportPair } from "../bytes/x25519.ts";

/** The client's session for opening the result, in memory only. The client must then overwrite `client_private`. */
export type ClientSession = {
  client_private: Uint8Array;
  client_public: Uint8Array;
  node_public: Uint8Array;
  key_id: string;
  /** Hex. */
  aad_hash: string;
};

/** The node's session for sealing the result, in memory only; `sealResult` overwrites `shared`. */
export type NodeSession = {
  shared: Uint8Array;
  client_public: Uint8Array;
  node_public: Uint8Array;
  key_id: string;
  /** Hex. */
  aad_hash: string;
};

/** For test vectors only: an ephemeral key or a nonce that is used twice breaks the encryption. */
export type RequestFixture = { client: TransportPair; nonce: string; padded: boolean };

/**
 * Seals JSON text for one node. The client must have checked the node's transport key first (`verifyTransportKey`).
 * Throws FormatError `too_large` or `key_agreement`.
 */
export function sealRequest(
  plaintext: Uint8Array,
  context: RequestContext,
  fixture?: RequestFixture,
): { envelope: Envelope; session: ClientSession } {
  const client = fixture?.client ?? generateTransportPair();
  const nonce = fixture === undefined ? randomBytes(12) : fromBase64url(fixture.nonce, 12);
  const client_private = fromBase64url(client.private_key, 32);
  const client_public = fromBase64url(client.public_key, 32);
  const node_public = fromBase64url(context.node_public_key_x25519, 32);
  const aad = Buffer.from(requestAad(context, client.public_key), "utf8");
  const aad_hash = sha256(aad);
  const key = transportKey(
    agree(client_private, node_public),
    transportSalt(client_public, node_public),
    transportInfo("request", context.key_id, nonce, aad_hash),
  );
  const content = fixture?.padded === false ? plaintext : pad(plaintext, REQUEST_MAX_PLAINTEXT_BYTES);
  const ciphertext = chacha20poly1305(key, nonce, aad).encrypt(content);
  key.fill(0);
  const envelope: Envelope = {
    version: TRANSPORT_VERSION,
    key_id: context.key_id,
    algorithm: TRANSPORT_ALGORITHM,
    client_public_key_x25519: client.public_key,
    nonce: toBase64url(nonce),
    ciphertext: toBase64url(ciphertext),
    aad_hash: aad_hash.toString("hex"),
  };
  const session: ClientSession = {
    client_private,
    client_public,
    node_public,
    key_id: context.key_id,
    aad_hash: aad_hash.toString("hex"),
  };
  return { envelope, session };
}

/** Opens a request at its node. `context` has the node's own key and the clear fields of the command. */
export function openRequest(
  envelope: Envelope,
  context: RequestContext,
  node_private_key: string,
): Outcome<{ plaintext: Uint8Array; session: NodeSession }, EnvelopeFailure> {
  const formed = parseEnvelope(envelope);
  if (!formed.ok) return formed;
  const checked = checkContext(envelope, context);
  if (!checked.ok) return checked;
  const { aad_hash } = checked.value;
  if (transportPublicKeyOf(node_private_key) !== context.node_public_key_x25519) {
    return refuse("node_public_key_x25519: not the public key of this transport key");
  }
  const client_public = fromBase64url(envelope.client_public_key_x25519, 32);
  const node_public = fromBase64url(context.node_public_key_x25519, 32);
  const nonce = fromBase64url(envelope.nonce, 12);
  try {
    const shared = agree(fromBase64url(node_private_key, 32), client_public);
    const key = transportKey(
      shared,
      transportSalt(client_public, node_public),
      transportInfo("request", context.key_id, nonce, Buffer.from(aad_hash, "hex")),
    );
    const aad = Buffer.from(requestAad(context, envelope.client_public_key_x25519), "utf8");
    const padded = chacha20poly1305(key, nonce, aad).decrypt(fromBase64url(envelope.ciphertext));
    key.fill(0);
    const session = { shared, client_public, node_public, key_id: context.key_id, aad_hash };
    return success({ plaintext: unpad(padded), session });
  } catch (error) {
    if (error instanceof FormatError) return refuse(error.message);
    return refuse("the seal does not open: altered, or made for another key, node, model, job or price");
  }
}
