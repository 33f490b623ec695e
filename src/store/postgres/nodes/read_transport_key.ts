import type { Database } from "../database.ts";
import type { TransportKeyRow } from "./publish_transport_key.ts";

/** The transport key of a node that is good now and lasts longest; null when it has none. */
export async function readTransportKey(
  db: Database,
  node_id: string,
): Promise<(TransportKeyRow & { ed25519_public_key: string }) | null> {
  const { rows } = await db.pool.query<TransportKeyRow & { ed25519_public_key: string }>(
    `
    select t.node_id, t.key_id, t.x25519_public_key, t.not_before, t.not_after, t.signature_ed25519, k.ed25519_public_key
    from node_transport_keys t join node_keys k on k.node_id = t.node_id and k.valid_to is null
    where t.node_id = $1 and t.not_before <= clock_timestamp() and t.not_after > clock_timestamp()
    order by t.not_after desc limit 1`,
    [node_id],
  );
  return rows[0] ?? null;
}
