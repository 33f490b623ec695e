import { createHmac, randomBytes } from "node:crypto";
import { FormatError } from "./outcome.ts";

export const KEY_PREFIXES = {
  gateway: "b3iq_gateway_",
  customer: "b3iq_customer_",
  admin: "b3iq_admin_",
  local: "b3iq_local_",
  setup: "b3iq_setup_",
} as const;

export type KeyPrefix = (typeof KEY_PREFIXES)[keyof typeof KEY_PREFIXES];

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** 62^43 is the first power of 62 above 2^256. */
const BODY_LENGTH = 43;
const CHECKSUM_LENGTH = 6;

/**
 * A fresh key: prefix, 256 random bits in 43 base62 characters, and 6 characters of checksum, so that secret scanners
 * find keys and typing errors are noticed without the database.
 */
export function mintKey(prefix: KeyPrefix): string {
  const text = prefix + base62(BigInt(`0x${randomBytes(32).toString("hex")}`), BODY_LENGTH);
  return text + checksum(text);
}

/** True when the text has the form of a key of this kind and its checksum is right; the key need not exist. */
export function checkKey(text: string, prefix: KeyPrefix): boolean {
  if (text.length !== prefix.length + BODY_LENGTH + CHECKSUM_LENGTH || !text.startsWith(prefix)) return false;
  if (!/^[0-9A-Za-z]+$/.test(text.slice(prefix.length))) return false;
  return checksum(text.slice(0, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH);
}

/**
 * HMAC-SHA256(pepper, token), 32 bytes; the database stores this hash and not the token. Throws FormatError for a pepper
 * below 32 bytes.
 */
export function keyedHash(pepper: Uint8Array, token: string): Buffer {
  if (pepper.length < 32) throw new FormatError("pepper", "the pepper is shorter than 32 bytes");
  return createHmac("sha256", pepper).update(token, "utf8").digest();
}

function base62(value: bigint, length: number): string {
  let text = "";
  for (let rest = value; rest > 0n; rest /= 62n) text = BASE62[Number(rest % 62n)]! + text;
  return text.padStart(length, "0");
}

/** CRC-32 (ISO 3309, polynomial 0xedb88320) of the text before it, in base62. */
function checksum(text: string): string {
  return base62(BigInt(crc32(text)), CHECKSUM_LENGTH);
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let at = 0; at < text.length; at++) crc = CRC_TABLE[(crc ^ text.charCodeAt(at)) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
