import { canonicalize } from "../bytes/canonical.ts";
import { sign, verify } from "../bytes/ed25519.ts";
import { fromBase64url, isBase64url, sha256, toBase32 } from "../bytes/encoding.ts";
import { failure, success, type Outcome } from "../bytes/outcome.ts";
import { generateTransportPair } from "../bytes/x25519.ts";

/** A node's X25519 key for private jobs, for a stated time (docs/protocol/envelope.md); times in RFC 3339 UTC. */
export type TransportKey = { key_id: string; x25519: string; not_before: string; not_after: string };

export type SignedTransportKey = TransportKey & { signature_ed25519: string };

export const TRANSPORT_KEY_DOMAIN = "b3iq-transport-key-v1";
export const TRANSPORT_KEY_MAX_LIFETIME_MS = 7 * 24 * 3_600_000;

const UTC = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/;

/** A fresh key, signed by the node's identity; the lifetime is 24 h unless given. */
export function mintTransportKey(
  identity_private_key: string,
  now_ms: number,
  lifetime_ms = 24 * 3_600_000,
): { key: SignedTransportKey; private_key: string } {
  const pair = generateTransportPair();
  const key: TransportKey = {
    key_id: transportKeyIdOf(pair.public_key),
    x25519: pair.public_key,
    not_before: utcSeconds(now_ms),
    not_after: utcSeconds(now_ms + lifetime_ms),
  };
  return { key: signTransportKey(key, identity_private_key), private_key: pair.private_key };
}

/** `nk_` and 26 characters of the key's hash, so that no two keys share an id. */
export function transportKeyIdOf(x25519_public_key: string): string {
  const digest = sha256("b3iq-transport-key-id-v1\0", fromBase64url(x25519_public_key, 32));
  return `nk_${toBase32(digest).slice(0, 26)}`;
}

/** Ed25519 over "b3iq-transport-key-v1" || 0x00 || JCS(key_id, x25519, not_before, not_after). */
export function signTransportKey(key: TransportKey, identity_private_key: string): SignedTransportKey {
  const { key_id, x25519, not_before, not_after } = key;
  const signature_ed25519 = sign(
    TRANSPORT_KEY_DOMAIN,
    canonicalize({ key_id, x25519, not_before, not_after }),
    identity_private_key,
  );
  return { key_id, x25519, not_before, not_after, signature_ed25519 };
}

/**
 * Checks form, period (at most 7 days, `now_ms` before its end) and signature. Without this check a client trusts the
 * control plane.
 */
export function verifyTransportKey(
  key: SignedTransportKey,
  identity_public_key: string,
  now_ms: number,
): Outcome<TransportKey, "invalid_request" | "invalid_signature"> {
  const { key_id, x25519, not_before, not_after } = key;
  if (typeof key_id !== "string" || !/^[A-Za-z0-9_-]{1,64}$/.test(key_id)) {
    return failure("invalid_request", "key_id is malformed");
  }
  if (!isBase64url(x25519, 32)) {
    return failure("invalid_request", "x25519: expected 32 bytes as base64url without padding");
  }
  const from = parseUtcSeconds(not_before);
  const to = parseUtcSeconds(not_after);
  if (from === null || to === null) return failure("invalid_request", "expected RFC 3339 UTC times with whole seconds");
  if (to <= from || to - from > TRANSPORT_KEY_MAX_LIFETIME_MS) {
    return failure("invalid_request", "the period exceeds 7 days or is empty");
  }
  if (now_ms >= to) return failure("invalid_request", "the transport key is past its end");
  const text = canonicalize({ key_id, x25519, not_before, not_after });
  if (!verify(TRANSPORT_KEY_DOMAIN, text, key.signature_ed25519, identity_public_key)) {
    return failure("invalid_signature", "the transport key is not signed by the node's identity");
  }
  return success({ key_id, x25519, not_before, not_after });
}

/** `2026-11-21T10:17:00Z`: RFC 3339 UTC, whole seconds. */
export function utcSeconds(unix_ms: number): string {
  return `${new Date(unix_ms).toISOString().slice(0, 19)}Z`;
}

/** Unix milliseconds of an RFC 3339 UTC time with whole seconds; null for any other text. */
export function parseUtcSeconds(text: unknown): number | null {
  if (typeof text !== "string" || !UTC.test(text)) return null;
  const unix_ms = Date.parse(text);
  return Number.isNaN(unix_ms) || utcSeconds(unix_ms) !== text ? null : unix_ms;
}
