import { canonicalize } from "../bytes/canonical.ts";
import { assertPublicKey, sign, verify } from "../bytes/ed25519.ts";
import { isBase64url } from "../bytes/encoding.ts";
import { FormatError, failure, success, type Outcome } from "../bytes/outcome.ts";
import { parseUtcSeconds, verifyTransportKey, type SignedTransportKey } from "../envelope/transport_key.ts";

/**
 * The signed statement of an enrollment (docs/design/nodes.md, Identity and calls). Keys are base64url, times RFC 3339
 * UTC.
 */
export type EnrollmentStatement = {
  /** B3IQ_PUBLIC_URL of the gateway: a signature for one network is refused by another. */
  audience: string;
  /** The server's 32 bytes. */
  nonce: string;
  ed25519_public_key: string;
  transport_key: SignedTransportKey;
  /** X25519: the gateway seals the router secret to this key. */
  router_secret_public_key: string;
  /** The end of the challenge. */
  expires_at: string;
  protocol_version: number;
};

export type EnrollmentFailure = "invalid_request" | "invalid_signature" | "unauthorized";

export const ENROLL_DOMAIN = "b3iq-enroll-v1";

/** Ed25519 over "b3iq-enroll-v1" || 0x00 || JCS(statement). */
export function signEnrollment(statement: EnrollmentStatement, private_key: string): string {
  return sign(ENROLL_DOMAIN, canonicalize(pick(statement)), private_key);
}

export type EnrollmentExpectation = { audience: string; nonce: string; expires_at: string; now_ms: number };

/**
 * Checks that the keys are canonical and not of small order, then the signature, then that the statement answers this
 * challenge in time. The caller marks the nonce as used by one `UPDATE ... WHERE used_at IS NULL`, which decides whether
 * it was used before.
 */
export function verifyEnrollment(
  statement: EnrollmentStatement,
  signature: string,
  expected: EnrollmentExpectation,
): Outcome<EnrollmentStatement, EnrollmentFailure> {
  try {
    assertPublicKey(statement.ed25519_public_key);
  } catch (error) {
    if (error instanceof FormatError) return failure("invalid_request", `ed25519_public_key: ${error.message}`);
    throw error;
  }
  if (!isBase64url(statement.router_secret_public_key, 32)) {
    return failure("invalid_request", "router_secret_public_key: expected 32 bytes as base64url without padding");
  }
  const stated = pick(statement);
  if (!verify(ENROLL_DOMAIN, canonicalize(stated), signature, statement.ed25519_public_key)) {
    return failure("invalid_signature", "the enrollment is not signed by the stated identity");
  }
  if (statement.audience !== expected.audience) {
    return failure("unauthorized", "the enrollment is meant for another audience");
  }
  if (statement.nonce !== expected.nonce || statement.expires_at !== expected.expires_at) {
    return failure("unauthorized", "the enrollment answers another challenge");
  }
  const expires_at = parseUtcSeconds(statement.expires_at);
  if (expires_at === null || expected.now_ms >= expires_at) return failure("unauthorized", "the challenge has expired");
  const transport = verifyTransportKey(statement.transport_key, statement.ed25519_public_key, expected.now_ms);
  if (!transport.ok) return failure(transport.code, `transport_key: ${transport.reason}`);
  return success(stated);
}

/** Only the fields of the statement, whatever else the object carries. */
function pick(statement: EnrollmentStatement): EnrollmentStatement {
  const { audience, nonce, ed25519_public_key, router_secret_public_key, expires_at, protocol_version } = statement;
  const { key_id, x25519, not_before, not_after, signature_ed25519 } = statement.transport_key;
  return {
    audience,
    nonce,
    ed25519_public_key,
    router_secret_public_key,
    expires_at,
    protocol_version,
    transport_key: { key_id, x25519, not_before, not_after, signature_ed25519 },
  };
}
