import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { domainPreimage, fromBase64url, toBase64url } from "../bytes/encoding.ts";
import { FormatError } from "../bytes/outcome.ts";
import { agree, generateTransportPair, transportPublicKeyOf, type TransportPair } from "../bytes/x25519.ts";

const DOMAIN = "b3iq-sealed-secret-v1";

/** The nonce is constant: each key comes from a fresh ephemeral key and seals one message (RFC 8439 §2.3). */
const NONCE = new Uint8Array(12);

/**
 * Seals a secret (base64url) to an X25519 key: ephemeral public key || ChaCha20-Poly1305 (RFC 8439) under a key by
 * HKDF-SHA256 (RFC 5869), salt = SHA-256(domain || 0x00 || both public keys), info = domain || 0x00 || context.
 * `context` names the owner of the secret, for example the node id, and must be the same when opening. `fixture` is the
 * ephemeral pair, for test vectors only.
 */
export function sealSecret(
  secret: string,
  recipient_public_key: string,
  context: string,
  fixture?: TransportPair,
): string {
  const ephemeral = fixture ?? generateTransportPair();
  const recipient = fromBase64url(recipient_public_key, 32);
  const ephemeral_public = fromBase64url(ephemeral.public_key, 32);
  const key = deriveKey(agree(fromBase64url(ephemeral.private_key), recipient), ephemeral_public, recipient, context);
  const sealed = chacha20poly1305(key, NONCE, Buffer.from(DOMAIN)).encrypt(fromBase64url(secret));
  return toBase64url(Buffer.concat([ephemeral_public, sealed]));
}

/** Opens what `sealSecret` made; base64url. Throws FormatError `sealed_secret`. */
export function openSecret(sealed: string, recipient_private_key: string, context: string): string {
  const bytes = fromBase64url(sealed);
  if (bytes.length < 32 + 16) throw new FormatError("sealed_secret", "the sealed secret is too short");
  const ephemeral_public = bytes.subarray(0, 32);
  const recipient = fromBase64url(transportPublicKeyOf(recipient_private_key), 32);
  const shared = agree(fromBase64url(recipient_private_key, 32), ephemeral_public);
  const key = deriveKey(shared, ephemeral_public, recipient, context);
  try {
    return toBase64url(chacha20poly1305(key, NONCE, Buffer.from(DOMAIN)).decrypt(bytes.subarray(32)));
  } catch {
    throw new FormatError("sealed_secret", "the sealed secret was not made for this key and context");
  }
}

function deriveKey(
  shared: Uint8Array,
  ephemeral_public: Uint8Array,
  recipient: Uint8Array,
  context: string,
): Uint8Array {
  const salt = sha256(domainPreimage(DOMAIN, Buffer.concat([ephemeral_public, recipient])));
  return hkdf(sha256, shared, salt, domainPreimage(DOMAIN, context), 32);
}
