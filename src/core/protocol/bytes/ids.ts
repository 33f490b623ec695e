import { randomFillSync, randomUUID } from "node:crypto";
import { domainPreimage, fromBase64url, sha256, toBase32 } from "./encoding.ts";

export const ID_PREFIXES = ["cus", "key", "node", "job", "cmd", "inc", "pay", "req"] as const;

export type IdPrefix = (typeof ID_PREFIXES)[number];

/** 26 characters hold 130 bits. */
export const ID_LENGTH = 26;

/** A fresh random id: `cus_` and 26 characters of lower-case base32, 130 bits from the system's source. */
export function mintId(prefix: IdPrefix): string {
  return `${prefix}_${toBase32(drawBytes(17)).slice(0, ID_LENGTH)}`;
}

const drawn = Buffer.alloc(4_096);
let next = drawn.length;

/**
 * Up to 4,096 random bytes of the system's source, drawn in large blocks, as randomUUID does: one call of the source
 * takes longer than the rest of minting an id.
 */
export function drawBytes(length: number): Buffer {
  if (next + length > drawn.length) {
    randomFillSync(drawn);
    next = 0;
  }
  return Buffer.from(drawn.subarray(next, (next += length)));
}

/** A hold's id: UUID version 7 (RFC 9562 §5.7), so that new holds are adjacent in each index by id. */
export function mintHoldId(now_ms = Date.now()): string {
  const time = now_ms.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

/** A job's id: 48 bits of time, so that new jobs are adjacent in an index, and 82 random bits. */
export function mintJobId(now_ms = Date.now()): string {
  const bytes = drawBytes(17);
  bytes.writeUIntBE(now_ms, 0, 6);
  return `job_${toBase32(bytes).slice(0, ID_LENGTH)}`;
}

/** The form of an id on the wire and in SQL: `^cus_[0-9a-z]{26}$`. */
const PATTERNS = Object.fromEntries(
  ID_PREFIXES.map((prefix) => [prefix, new RegExp(`^${prefix}_[0-9a-z]{${ID_LENGTH}}$`)]),
) as Record<IdPrefix, RegExp>;

/** True when the text has the form of an id of this kind. */
export function isId(prefix: IdPrefix, text: unknown): text is string {
  return typeof text === "string" && PATTERNS[prefix].test(text);
}

/** The id of a node, computed from its identity key (base64url), so that no other key can have the id. */
export function nodeIdOf(ed25519_public_key: string): string {
  const digest = sha256(domainPreimage("b3iq-node-id-v1", fromBase64url(ed25519_public_key, 32)));
  return `node_${toBase32(digest).slice(0, ID_LENGTH)}`;
}
