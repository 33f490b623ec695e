import type { Database } from "../../../store/postgres/database.ts";
import { publishTransportKeyRow, type TransportKeyRow } from "../../../store/postgres/nodes/publish_transport_key.ts";
import { readTransportKey } from "../../../store/postgres/nodes/read_transport_key.ts";
import { ApiError } from "../../errors.ts";
import { utcSeconds, verifyTransportKey } from "../../protocol/envelope/transport_key.ts";
import type { WireTransportKey } from "./enrollment.ts";
import type { NodeRegistry } from "./registry.ts";

/** The keys to which clients seal private jobs (docs/design/evidence.md, Private jobs). */
export function createTransportKeys({ db, registry }: { db: Database; registry: NodeRegistry }) {
  return {
    /** Takes a key that the node's identity signed. Throws `invalid_request`, `invalid_signature`, `conflict`. */
    async publish(node_id: string, key: WireTransportKey) {
      const identity = registry.keys(node_id).find(({ to }) => to === null);
      if (!identity) throw new ApiError("unauthorized", "The node has no identity key in force.");
      const { key_id, x25519_public_key, not_before, not_after, signature_ed25519 } = key;
      const checked = verifyTransportKey(
        { key_id, x25519: x25519_public_key, not_before, not_after, signature_ed25519 },
        identity.ed25519_public_key,
        registry.clock.now_ms(),
      );
      if (!checked.ok) throw new ApiError(checked.code, `The transport key is refused: ${checked.reason}.`);
      const row = await publishTransportKeyRow(db, {
        node_id,
        key_id,
        x25519_public_key,
        not_before,
        not_after,
        signature_ed25519,
      });
      if (!row)
        throw new ApiError("conflict", "This key_id or this key stands for another transport key.", {
          param: "key_id",
        });
      return { ...toWire(row), server_time: new Date(registry.clock.now_ms()).toISOString() };
    },
    /** The key in force and the identity that signed it, without its leaf in the log; null when there is none. */
    async current(node_id: string) {
      const row = await readTransportKey(db, node_id);
      return row && { ...toWire(row), ed25519_public_key: row.ed25519_public_key };
    },
  };
}

export type TransportKeys = ReturnType<typeof createTransportKeys>;

function toWire(row: TransportKeyRow) {
  return {
    node_id: row.node_id,
    key_id: row.key_id,
    x25519_public_key: row.x25519_public_key,
    not_before: utcSeconds(row.not_before.getTime()),
    not_after: utcSeconds(row.not_after.getTime()),
    signature_ed25519: row.signature_ed25519,
  };
}
