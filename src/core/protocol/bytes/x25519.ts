import { x25519 } from "@noble/curves/ed25519.js";
import { fromBase64url, toBase64url } from "./encoding.ts";
import { FormatError } from "./outcome.ts";

/** Both 32 bytes as base64url (RFC 7748 §5). */
export type TransportPair = { public_key: string; private_key: string };

/** A fresh X25519 key pair. */
export function generateTransportPair(): TransportPair {
  const private_key = x25519.utils.randomSecretKey();
  return { public_key: toBase64url(x25519.getPublicKey(private_key)), private_key: toBase64url(private_key) };
}

/** The public key of a private key. */
export function transportPublicKeyOf(private_key: string): string {
  return toBase64url(x25519.getPublicKey(fromBase64url(private_key, 32)));
}

/**
 * The shared secret. An all-zero result is refused, since it comes from a point of low order that an attacker chose (RFC
 * 7748 §6.1). The check is made here because not all libraries make it. Throws FormatError `key_agreement`.
 */
export function agree(private_key: Uint8Array, public_key: Uint8Array): Uint8Array {
  let secret: Uint8Array;
  try {
    secret = x25519.getSharedSecret(private_key, public_key);
  } catch {
    throw new FormatError("key_agreement", "the X25519 public key is of low order or malformed");
  }
  let any = 0;
  for (const byte of secret) any |= byte;
  if (any === 0) throw new FormatError("key_agreement", "the X25519 public key is of low order");
  return secret;
}
