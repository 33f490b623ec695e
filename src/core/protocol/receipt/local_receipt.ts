import { canonicalize } from "../bytes/canonical.ts";
import { sign, verify } from "../bytes/ed25519.ts";
import { domainPreimage, sha256Hex } from "../bytes/encoding.ts";
import { FormatError, failure, success, type Outcome } from "../bytes/outcome.ts";
import { assertLocalReceiptPayload, type LocalReceiptPayload } from "./receipt_schema.ts";

export type { LocalReceiptPayload };

export type SignedLocalReceipt = { receipt: LocalReceiptPayload; receipt_hash: string; signature_ed25519: string };

export const LOCAL_RECEIPT_DOMAIN = "b3iq-local-receipt-v1";

/**
 * Signs a payload with the node's identity key. Throws FormatError `receipt` when the payload is outside the schema.
 */
export function signLocalReceipt(payload: LocalReceiptPayload, private_key: string): SignedLocalReceipt {
  const canonical = canonicalize(assertLocalReceiptPayload(payload));
  return {
    receipt: payload,
    receipt_hash: sha256Hex(domainPreimage(LOCAL_RECEIPT_DOMAIN, canonical)),
    signature_ed25519: sign(LOCAL_RECEIPT_DOMAIN, canonical, private_key),
  };
}

/** Checks form, hash and signature. */
export function verifyLocalReceipt(
  signed: SignedLocalReceipt,
  public_key: string,
): Outcome<SignedLocalReceipt, "invalid_request" | "receipt_hash_mismatch" | "invalid_signature"> {
  try {
    assertLocalReceiptPayload(signed.receipt);
  } catch (error) {
    if (error instanceof FormatError) return failure("invalid_request", error.message);
    throw error;
  }
  const canonical = canonicalize(signed.receipt);
  if (sha256Hex(domainPreimage(LOCAL_RECEIPT_DOMAIN, canonical)) !== signed.receipt_hash) {
    return failure("receipt_hash_mismatch", "receipt_hash is not the hash of the canonical receipt");
  }
  if (!verify(LOCAL_RECEIPT_DOMAIN, canonical, signed.signature_ed25519, public_key)) {
    return failure("invalid_signature", "signature_ed25519 does not verify under the node's key");
  }
  return success(signed);
}
