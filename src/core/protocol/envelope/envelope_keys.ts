import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { domainPreimage } from "../bytes/encoding.ts";
import { TRANSPORT_ALGORITHM, TRANSPORT_VERSION } from "./envelope.ts";

/**
 * SHA-256("b3iq-private-transport-v1/salt" || 0x00 || client_pub || node_pub). The salt binds both public keys, since
 * the shared secret alone does not: X25519 has several encodings of one point.
 */
export function transportSalt(client_public: Uint8Array, node_public: Uint8Array): Uint8Array {
  return sha256(domainPreimage(`${TRANSPORT_VERSION}/salt`, Buffer.concat([client_public, node_public])));
}

/**
 * "b3iq-private-transport-v1" || 0x00 || lp(direction) || lp(algorithm) || lp(key_id) || lp(nonce) || lp(hash of the
 * context). The context is part of the key because Poly1305 does not commit to it. With the direction in the key,
 * a request cannot be returned as a result.
 */
export function transportInfo(
  direction: "request" | "result",
  key_id: string,
  nonce: Uint8Array,
  context_hash: Uint8Array,
): Uint8Array {
  return domainPreimage(
    TRANSPORT_VERSION,
    Buffer.concat([
      prefixed(direction),
      prefixed(TRANSPORT_ALGORITHM),
      prefixed(key_id),
      prefixed(nonce),
      prefixed(context_hash),
    ]),
  );
}

/** HKDF-SHA256 (RFC 5869), 32 bytes. */
export function transportKey(secret: Uint8Array, salt: Uint8Array, info: Uint8Array): Uint8Array {
  return hkdf(sha256, secret, salt, info, 32);
}

/** A 2-byte big-endian length before each field: no two lists of fields share an encoding. */
function prefixed(field: Uint8Array | string): Buffer {
  const bytes = Buffer.from(field);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
