import { createHmac, hkdfSync } from "node:crypto";
import { canonicalize } from "../../protocol/bytes/canonical.ts";
import { ApiError } from "../../errors.ts";
import type { IdempotencyClaim } from "../billing/operations.ts";

/**
 * Keyed hashes of an Idempotency-Key and of the body that came with the key (docs/design/money.md, Idempotency). The
 * key itself is not stored: nobody who has a dump, or a dump and the pepper, can test guesses of a prompt, as long as
 * the key has entropy.
 */
export function idempotencyClaim(
  pepper: Buffer,
  customer_id: string,
  key: string | undefined,
  method: string,
  path: string,
  body: unknown,
): IdempotencyClaim | null {
  if (key === undefined) return null;
  if (!/^[\x21-\x7e]{1,255}$/.test(key))
    throw new ApiError("invalid_request", "Idempotency-Key must be 1 to 255 visible ASCII characters without spaces.", {
      param: "Idempotency-Key",
    });
  const key_hash = createHmac("sha256", pepper)
    .update("b3iq-idempotency-v1\0")
    .update(customer_id)
    .update("\0")
    .update(key)
    .digest();
  const fingerprintKey = Buffer.from(
    hkdfSync("sha256", pepper, Buffer.from(key), "b3iq-idempotency-fingerprint-v1", 32),
  );
  const fingerprint = createHmac("sha256", fingerprintKey)
    .update(`${method}\0${path}\0${canonicalize(body)}`)
    .digest();
  return { key_hash, fingerprint };
}
