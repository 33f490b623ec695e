import type { Database } from "../database.ts";

export type EnrollRow = {
  nonce_hash: Buffer;
  node_id: string;
  ed25519_public_key: string;
  /** The status of a new node; a known one keeps its status. */
  status: "pending" | "active";
  display_name: string | null;
  agent_version: string;
  protocol_version: number;
  router_secret_wrapped: Buffer;
  transport_key: {
    key_id: string;
    x25519_public_key: string;
    not_before: string;
    not_after: string;
    signature_ed25519: string;
  };
};

/**
 * Uses up the challenge and writes the node, in one statement: of two enrollments with one nonce, one finds it unused.
 * A node that enrolls again keeps epoch and history and gets a new router secret. Null when the challenge was used, is
 * unknown or too old;
 * `retired` writes nothing.
 */
export async function enrollNode(db: Database, row: EnrollRow): Promise<{ status: string; epoch: number } | null> {
  const { rows } = await db.pool.query<{ status: string; epoch: number }>(
    `
    with challenge as (
      update enrollment_challenges set used_at = clock_timestamp()
      where nonce_hash = $1 and ed25519_public_key = $3 and used_at is null and expires_at > clock_timestamp() returning 1
    ), node as (
      insert into nodes (node_id, status, display_name, agent_version, protocol_version, router_secret_wrapped)
      select $2, $4, $5, $6, $7, $8 from challenge
      on conflict (node_id) do update set display_name = coalesce(excluded.display_name, nodes.display_name),
        agent_version = excluded.agent_version, protocol_version = excluded.protocol_version,
        router_secret_wrapped = case when nodes.status = 'retired' then nodes.router_secret_wrapped else excluded.router_secret_wrapped end,
        enrolled_at = clock_timestamp()
      returning node_id, status, epoch
    ), identity as (
      insert into node_keys (node_id, ed25519_public_key) select node_id, $3 from node on conflict do nothing
    ), transport as (
      insert into node_transport_keys (node_id, key_id, x25519_public_key, not_before, not_after, signature_ed25519)
      select node_id, $9, $10, $11, $12, $13 from node where status <> 'retired' on conflict do nothing
    )
    select status, epoch from node`,
    [
      row.nonce_hash,
      row.node_id,
      row.ed25519_public_key,
      row.status,
      row.display_name,
      row.agent_version,
      row.protocol_version,
      row.router_secret_wrapped,
      row.transport_key.key_id,
      row.transport_key.x25519_public_key,
      row.transport_key.not_before,
      row.transport_key.not_after,
      row.transport_key.signature_ed25519,
    ],
  );
  return rows[0] ?? null;
}
