import type { LeafSubject } from "../../../../store/postgres/log/append.ts";
import type { PendingLeaf } from "../../../../store/postgres/log/pending.ts";
import { toBase64url, toHex } from "../../../protocol/bytes/encoding.ts";
import { payoutEntry, receiptEntry, transportKeyEntry } from "../../../protocol/log/log_entry.ts";
import { utcSeconds } from "../../../protocol/envelope/transport_key.ts";

/** The entry of a receipt, transport key or payout batch that waits for its leaf. */
export function entryOf(pending: PendingLeaf): Buffer {
  switch (pending.kind) {
    case "receipt":
      return receiptEntry(toHex(pending.receipt_hash), toBase64url(pending.signature));
    case "payout":
      return payoutEntry(pending.commitment, pending.commitment_signature);
    case "transport_key": {
      const { node_id, key_id, x25519, not_before, not_after, signature_ed25519 } = pending;
      return transportKeyEntry(node_id, {
        key_id,
        x25519,
        not_before: utcSeconds(not_before.getTime()),
        not_after: utcSeconds(not_after.getTime()),
        signature_ed25519,
      });
    }
  }
}

/** The columns of a leaf's row that name its subject. */
export function subjectOf(pending: PendingLeaf): LeafSubject {
  return {
    receipt_hash: pending.kind === "receipt" ? pending.receipt_hash : null,
    node_id: pending.kind === "transport_key" ? pending.node_id : null,
    key_id: pending.kind === "transport_key" ? pending.key_id : null,
    batch_id: pending.kind === "payout" ? pending.batch_id : null,
  };
}
