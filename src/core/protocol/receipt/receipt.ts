import { canonicalize, parseStrict } from "../bytes/canonical.ts";
import { domainPreimage, fromBase64url, isBase64url, isHex, sha256Hex, toBase64url } from "../bytes/encoding.ts";
import { sign, verify, verifyInPool } from "../bytes/ed25519.ts";
import { FormatError, failure, success, type Outcome } from "../bytes/outcome.ts";
import { assertReceiptPayload, type ReceiptPayload } from "./receipt_schema.ts";

export type { ReceiptPayload };

export type SignedReceipt = { receipt: ReceiptPayload; receipt_hash: string; signature_ed25519: string };

export type ReceiptFailure = "invalid_request" | "receipt_hash_mismatch" | "invalid_signature";

export const RECEIPT_DOMAIN = "b3iq-receipt-v1";
export const RECEIPT_MAX_BYTES = 4096;

const LIMITS = { max_bytes: RECEIPT_MAX_BYTES, max_depth: 2, max_keys: 64 };

/** Lower-case hex SHA-256 of domain || 0x00 || JCS(payload): the same bytes that are signed. */
export function receiptHash(payload: ReceiptPayload): string {
  return sha256Hex(domainPreimage(RECEIPT_DOMAIN, canonicalize(payload)));
}

/**
 * Signs a payload with the node's identity key. Throws FormatError `receipt` when the payload is outside the schema.
 */
export function signReceipt(payload: ReceiptPayload, private_key: string): SignedReceipt {
  assertReceiptPayload(payload);
  const canonical = canonicalize(payload);
  return {
    receipt: payload,
    receipt_hash: sha256Hex(domainPreimage(RECEIPT_DOMAIN, canonical)),
    signature_ed25519: sign(RECEIPT_DOMAIN, canonical, private_key),
  };
}

/** Reads a signed receipt from JSON: 4 kB, depth 2, closed schema, no duplicate keys. Checks its form only. */
export function parseReceipt(text: string | Uint8Array): Outcome<SignedReceipt, "invalid_request"> {
  return read(() => checkSigned(parseStrict(text, LIMITS)));
}

/** The same check for a value that the caller has parsed strictly. */
export function readReceipt(value: unknown): Outcome<SignedReceipt, "invalid_request"> {
  return read(() => checkSigned(value));
}

/**
 * Checks form, hash and signature under the key of the receipt's dispatch. The caller checks that the dispatch is the
 * gateway's own.
 */
export function verifyReceipt(signed: SignedReceipt, public_key: string): Outcome<SignedReceipt, ReceiptFailure> {
  const hashed = canonicalReceipt(signed);
  if (!hashed.ok) return hashed;
  if (!verify(RECEIPT_DOMAIN, hashed.value, signed.signature_ed25519, public_key)) return unsigned();
  return success(signed);
}

/**
 * The same check under any of several keys, with the signature verified in Node's thread pool. Returns the canonical
 * payload, the text that was hashed and signed.
 */
export async function verifyReceiptInPool(
  signed: SignedReceipt,
  public_keys: readonly string[],
): Promise<Outcome<string, ReceiptFailure>> {
  const hashed = canonicalReceipt(signed);
  if (!hashed.ok) return hashed;
  for (const public_key of public_keys)
    if (await verifyInPool(RECEIPT_DOMAIN, hashed.value, signed.signature_ed25519, public_key)) return hashed;
  return unsigned();
}

/** Checks form and hash; returns the canonical payload. */
function canonicalReceipt(signed: SignedReceipt): Outcome<string, ReceiptFailure> {
  const formed = readReceipt(signed);
  if (!formed.ok) return formed;
  const canonical = canonicalize(signed.receipt);
  if (sha256Hex(domainPreimage(RECEIPT_DOMAIN, canonical)) !== signed.receipt_hash)
    return failure("receipt_hash_mismatch", "receipt_hash is not the hash of the canonical receipt");
  return success(canonical);
}

const unsigned = () => failure("invalid_signature" as const, "signature_ed25519 does not verify under the node's key");

/** A receipt as HTTP trailers of a dispatch. */
export function receiptTrailers(signed: SignedReceipt): {
  "x-b3iq-receipt": string;
  "x-b3iq-receipt-signature": string;
} {
  return {
    "x-b3iq-receipt": toBase64url(Buffer.from(canonicalize(signed.receipt), "utf8")),
    "x-b3iq-receipt-signature": signed.signature_ed25519,
  };
}

/** The counterpart of `receiptTrailers`: the hash is computed here, the signature is not yet checked. */
export function parseReceiptTrailers(trailers: Record<string, unknown>): Outcome<SignedReceipt, "invalid_request"> {
  return read(() => {
    const payload = trailers["x-b3iq-receipt"];
    if (typeof payload !== "string") throw new FormatError("receipt", "the trailer x-b3iq-receipt is missing");
    const receipt = assertReceiptPayload(parseStrict(fromBase64url(payload), { ...LIMITS, max_depth: 1 }));
    return checkSigned({
      receipt,
      receipt_hash: receiptHash(receipt),
      signature_ed25519: trailers["x-b3iq-receipt-signature"],
    });
  });
}

function checkSigned(value: unknown): SignedReceipt {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new FormatError("receipt", "expected an object with receipt, receipt_hash and signature_ed25519");
  }
  const record = value as Record<string, unknown>;
  const names = Object.keys(record);
  if (names.length !== 3) {
    throw new FormatError("receipt", "expected exactly receipt, receipt_hash and signature_ed25519");
  }
  const receipt = assertReceiptPayload(record["receipt"]);
  if (!isHex(record["receipt_hash"], 32)) {
    throw new FormatError("receipt", "receipt_hash: expected 64 lower-case hex characters");
  }
  if (!isBase64url(record["signature_ed25519"], 64)) {
    throw new FormatError("receipt", "signature_ed25519: expected 64 bytes as base64url without padding");
  }
  return { receipt, receipt_hash: record["receipt_hash"], signature_ed25519: record["signature_ed25519"] };
}

function read(build: () => SignedReceipt): Outcome<SignedReceipt, "invalid_request"> {
  try {
    return success(build());
  } catch (error) {
    if (error instanceof FormatError) return failure("invalid_request", error.message);
    throw error;
  }
}
