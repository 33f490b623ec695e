import { canonicalize } from "../bytes/canonical.ts";
import { domainPreimage, fromBase64url, fromHex, sha256 } from "../bytes/encoding.ts";
import type { SignedTransportKey } from "../envelope/transport_key.ts";

/**
 * The entry of a receipt in the public log: SHA-256("b3iq-leaf-v1" || receipt_hash || signature), 32 bytes, both parts
 * raw. The entry is blinded: the tiles contain no hash by which a receipt can be looked up (docs/protocol/log.md).
 */
export function receiptEntry(receipt_hash: string, signature_ed25519: string): Buffer {
  return sha256("b3iq-leaf-v1", fromHex(receipt_hash, 32), fromBase64url(signature_ed25519, 64));
}

/**
 * The entry of a node's transport key: SHA-256("b3iq-transport-leaf-v1" || 0x00 || JCS(node_id and the signed key)). A
 * key that the control plane substitutes for the node's own is visible in the log.
 */
export function transportKeyEntry(node_id: string, key: SignedTransportKey): Buffer {
  const { key_id, x25519, not_before, not_after, signature_ed25519 } = key;
  return sha256(
    domainPreimage(
      "b3iq-transport-leaf-v1",
      canonicalize({
        node_id,
        key_id,
        x25519,
        not_before,
        not_after,
        signature_ed25519,
      }),
    ),
  );
}

/**
 * The entry of a submitted payout batch: SHA-256("b3iq-payout-leaf-v1" || 0x00 || signature || JCS(commitment)), the
 * signature's 64 bytes raw. The commitment is what the log's key has signed (docs/design/evidence.md, Payouts).
 */
export function payoutEntry(commitment: string, signature: Uint8Array): Buffer {
  return sha256(domainPreimage("b3iq-payout-leaf-v1", signature), commitment);
}
