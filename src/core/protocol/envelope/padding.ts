import { FormatError } from "../bytes/outcome.ts";

const SPACE = 0x20;
const LEAST = 256;

/**
 * The smallest of 256, 512, 1024, ... that holds the length; `max` itself is the last class. Throws FormatError
 * `too_large`.
 */
export function sizeClass(length: number, max: number): number {
  if (length > max) throw new FormatError("too_large", `the plaintext is longer than ${max} bytes`);
  let size = LEAST;
  while (size < length) size *= 2;
  return Math.min(size, max);
}

/**
 * Pads JSON text with spaces to its size class, so that the length of a ciphertext shows a class only. White space
 * after a JSON text has no meaning (RFC 8259 §2), so a reader that does not know of padding reads the same value.
 */
export function pad(plaintext: Uint8Array, max: number): Uint8Array {
  const padded = new Uint8Array(sizeClass(plaintext.length, max)).fill(SPACE);
  padded.set(plaintext);
  return padded;
}

/** The plaintext without the spaces at its end. */
export function unpad(padded: Uint8Array): Uint8Array {
  let end = padded.length;
  while (end > 0 && padded[end - 1] === SPACE) end--;
  return padded.subarray(0, end);
}
