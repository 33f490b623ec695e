import { createHash, timingSafeEqual } from "node:crypto";
import { FormatError } from "./outcome.ts";

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

/** Base64url without padding (RFC 4648 §5, §3.2). */
export function toBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64url");
}

/**
 * Reads strict base64url without padding. The decoded bytes are encoded again and compared with the text, because Node
 * skips foreign characters, and several texts can decode to the same bytes (RFC 4648 §3.5). Throws FormatError
 * `encoding`.
 */
export function fromBase64url(text: string, length?: number): Buffer {
  const bytes = Buffer.from(text, "base64url");
  if (bytes.toString("base64url") !== text) throw new FormatError("encoding", "not base64url without padding");
  if (length !== undefined && bytes.length !== length) {
    throw new FormatError("encoding", `expected ${length} bytes, found ${bytes.length}`);
  }
  return bytes;
}

/** Lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

/** Strict lower-case hex. Throws FormatError `encoding`. */
export function fromHex(text: string, length?: number): Buffer {
  const bytes = Buffer.from(text, "hex");
  if (bytes.toString("hex") !== text) throw new FormatError("encoding", "not lower-case hex");
  if (length !== undefined && bytes.length !== length) {
    throw new FormatError("encoding", `expected ${length} bytes, found ${bytes.length}`);
  }
  return bytes;
}

/** True for exactly `length` bytes as lower-case hex. */
export function isHex(text: unknown, length: number): text is string {
  return typeof text === "string" && text.length === 2 * length && /^[0-9a-f]*$/.test(text);
}

/** True for exactly `length` bytes as base64url without padding. */
export function isBase64url(text: unknown, length: number): text is string {
  if (typeof text !== "string" || text.length !== Math.ceil((length * 4) / 3)) return false;
  return Buffer.from(text, "base64url").toString("base64url") === text;
}

/** Lower-case base32 without padding (alphabet of RFC 4648 §6). */
export function toBase32(bytes: Uint8Array): string {
  let text = "";
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held & 31) << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32[(held >> bits) & 31];
    }
  }
  return bits > 0 ? text + BASE32[(held << (5 - bits)) & 31] : text;
}

/** SHA-256 over the parts in order (FIPS 180-4); texts as UTF-8. */
export function sha256(...parts: (Uint8Array | string)[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** SHA-256 over the parts as lower-case hex. */
export function sha256Hex(...parts: (Uint8Array | string)[]): string {
  return sha256(...parts).toString("hex");
}

/** domain || 0x00 || bytes. A signature or hash for one purpose is never valid for another. */
export function domainPreimage(domain: string, bytes: Uint8Array | string): Buffer {
  const content = typeof bytes === "string" ? Buffer.from(bytes, "utf8") : bytes;
  return Buffer.concat([Buffer.from(domain, "utf8"), Buffer.of(0), content]);
}

/** Compares in constant time for a length; the lengths are not secret. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
