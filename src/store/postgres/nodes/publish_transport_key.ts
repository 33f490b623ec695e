import type { Database } from "../database.ts";

export type TransportKeyRow = {
  node_id: string;
  key_id: string;
  x25519_public_key: string;
  not_before: Date;
  not_after: Date;
  signature_ed25519: string;
};

type NewKey = Omit<TransportKeyRow, "not_before" | "not_after"> & { not_before: string; not_after: string };

/**
 * Stores a transport key; null when another row has its id or its key. Publishing the same key again changes nothing.
 */
export async function publishTransportKeyRow(db: Database, key: NewKey): Promise<TransportKeyRow | null> {
  const { rows } = await db.pool.query<TransportKeyRow>(
    `
    with written as (
      insert into node_transport_keys (node_id, key_id, x25519_public_key, not_before, not_after, signature_ed25519)
      values ($1, $2, $3, $4, $5, $6) on conflict do nothing
      returning node_id, key_id, x25519_public_key, not_before, not_after, signature_ed25519
    )
    select * from written union all
    select node_id, key_id, x25519_public_key, not_before, not_after, signature_ed25519 from node_transport_keys
    where node_id = $1 and key_id = $2 and x25519_public_key = $3 and not_before = $4 and not_after = $5 and signature_ed25519 = $6
    limit 1`,
    [key.node_id, key.key_id, key.x25519_public_key, key.not_before, key.not_after, key.signature_ed25519],
  );
  return rows[0] ?? null;
}
