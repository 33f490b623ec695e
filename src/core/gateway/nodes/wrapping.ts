import { hkdfSync, randomBytes } from "node:crypto";
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";

const NONCE_BYTES = 12;

/**
 * Router secrets at rest: nonce || ChaCha20-Poly1305 (RFC 8439) under a key that HKDF-SHA256 (RFC 5869) derives from
 * the pepper, bound to the node's id. A copy of the database without the pepper signs nothing.
 */
export function createWrapping(pepper: Uint8Array) {
  const key = new Uint8Array(hkdfSync("sha256", pepper, "b3iq-router-secret-wrap-v1", "", 32));
  return {
    wrap(secret: Uint8Array, node_id: string): Buffer {
      const nonce = randomBytes(NONCE_BYTES);
      return Buffer.concat([nonce, chacha20poly1305(key, nonce, Buffer.from(node_id)).encrypt(secret)]);
    },
    /** Throws for a secret that was wrapped for another node or under another pepper. */
    unwrap(wrapped: Uint8Array, node_id: string): Buffer {
      const nonce = wrapped.subarray(0, NONCE_BYTES);
      return Buffer.from(chacha20poly1305(key, nonce, Buffer.from(node_id)).decrypt(wrapped.subarray(NONCE_BYTES)));
    },
  };
}

export type Wrapping = ReturnType<typeof createWrapping>;
