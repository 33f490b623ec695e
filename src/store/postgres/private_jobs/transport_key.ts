import type { Database } from "../database.ts";

/** A transport key of a node, in force or not; null when the node never had this key. */
export async function findTransportKey(
  db: Database,
  node_id: string,
  key_id: string,
): Promise<{ x25519_public_key: string; not_before: Date; not_after: Date } | null> {
  const { rows } = await db.pool.query<{ x25519_public_key: string; not_before: Date; not_after: Date }>(
    "select x25519_public_key, not_before, not_after from node_transport_keys where node_id = $1 and key_id = $2",
    [node_id, key_id],
  );
  return rows[0] ?? null;
}
