import { FormatError } from "./outcome.ts";

/** Amounts are below 2^256, as on chain and as the SQL domain `wei`. */
export const MAX_WEI = 2n ** 256n - 1n;

const WEI_PATTERN = /^(?:0|[1-9][0-9]{0,77})$/;

/** True for a decimal string without sign or leading zeros, below 2^256. */
export function isWei(text: unknown): text is string {
  return typeof text === "string" && WEI_PATTERN.test(text) && BigInt(text) <= MAX_WEI;
}

/** A decimal string as wei. Throws FormatError `wei`. */
export function parseWei(text: string): bigint {
  if (!isWei(text)) {
    throw new FormatError("wei", "expected wei: a decimal string below 2^256 without sign or leading zeros");
  }
  return BigInt(text);
}

/** Wei as the decimal string of the wire. Throws FormatError `wei` outside 0..2^256-1. */
export function formatWei(wei: bigint): string {
  if (wei < 0n || wei > MAX_WEI) throw new FormatError("wei", "an amount in wei lies outside 0..2^256-1");
  return wei.toString();
}
