import { keccak_256 } from "@noble/hashes/sha3.js";
import { canonicalize } from "../bytes/canonical.ts";
import { sign, verify } from "../bytes/ed25519.ts";
import { inclusionProof, leafHash, nodeHash, rootHash, type ReadNode } from "../log/merkle.ts";

/** The part of a batch that goes to one node; wei as a decimal string. */
export type PayoutLine = { index: number; node_id: string; amount_wei: string; receipt_count: number };

/**
 * The commitment to a batch, signed by the log's key; the batch is pinned to one size of the public log. Times are RFC
 * 3339 UTC with milliseconds.
 */
export type PayoutCommitment = {
  batch_id: string;
  merkle_root: string;
  payout_count: number;
  total_amount_wei: string;
  tree_size: number;
  period_end: string;
};

export const PAYOUT_DOMAIN = "b3iq-payout-v1";
export const PAYOUT_ADDRESS_DOMAIN = "b3iq-payout-address-v1";

/** SHA-256(0x00 || JCS(line)) (docs/design/evidence.md, Payouts). */
export function payoutLeaf({ index, node_id, amount_wei, receipt_count }: PayoutLine): Buffer {
  return leafHash(Buffer.from(canonicalize({ index, node_id, amount_wei, receipt_count }), "utf8"));
}

/**
 * The tree over the lines in the order of their index (RFC 6962 §2.1), with the path of each line from its sibling up.
 */
export function payoutTree(lines: readonly PayoutLine[]): { root: Buffer; proof(index: number): Buffer[] } {
  const levels = [lines.map(payoutLeaf)];
  for (let below = levels[0]!; below.length > 1; levels.push(below)) {
    const pairs = Math.floor(below.length / 2);
    below = Array.from({ length: pairs }, (_, at) => nodeHash(below[2 * at]!, below[2 * at + 1]!));
  }
  const read: ReadNode = (level, index) => levels[level]![index]!;
  return {
    root: Buffer.from(rootHash(lines.length, read)),
    proof: (index) => inclusionProof(index, lines.length, read).map((hash) => Buffer.from(hash)),
  };
}

/** The canonical text that is signed. */
export function payoutCommitmentText(commitment: PayoutCommitment): string {
  const { batch_id, merkle_root, payout_count, total_amount_wei, tree_size, period_end } = commitment;
  return canonicalize({ batch_id, merkle_root, payout_count, total_amount_wei, tree_size, period_end });
}

export type PayoutAddress = { node_id: string; payout_address: string; signed_at: string };

/**
 * Ed25519 by the node's identity over "b3iq-payout-address-v1" || 0x00 || JCS(node_id, payout_address, signed_at);
 * base64url.
 */
export function signPayoutAddress({ node_id, payout_address, signed_at }: PayoutAddress, private_key: string): string {
  return sign(PAYOUT_ADDRESS_DOMAIN, canonicalize({ node_id, payout_address, signed_at }), private_key);
}

/** The counterpart of `signPayoutAddress`. */
export function verifyPayoutAddress(
  { node_id, payout_address, signed_at }: PayoutAddress,
  signature: string,
  public_key: string,
): boolean {
  return verify(PAYOUT_ADDRESS_DOMAIN, canonicalize({ node_id, payout_address, signed_at }), signature, public_key);
}

/**
 * 0x and 40 hex digits. Where a letter is a capital, the capitals must be the checksum of EIP-55, which catches
 * mistyped digits; an address in small letters has no checksum. The zero address is refused.
 */
export function isPayoutAddress(text: string): boolean {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) return false;
  const digits = text.slice(2);
  const lower = digits.toLowerCase();
  if (/^0+$/.test(lower)) return false;
  if (digits === lower) return true;
  const hash = Buffer.from(keccak_256(Buffer.from(lower, "utf8"))).toString("hex");
  return [...lower].every((digit, at) => digits[at] === (parseInt(hash[at]!, 16) >= 8 ? digit.toUpperCase() : digit));
}
