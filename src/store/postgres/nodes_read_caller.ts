import type { Database } from "./database.ts";

export type CallerRow = { node_id: string; status: string; epoch: number; ed25519_public_key: string };

/** What is needed to check a call of a node that this gateway has not heard of yet. */
export async function readCaller(db: Database, node_id: string): Promise<CallerRow | null> {
  const { rows } = await db.pool.query<CallerRow>(`
    select n.node_id, n.status, n.epoch, k.ed25519_public_key
    from nodes n join node_keys k on k.node_id = n.node_id and k.valid_to is null where n.node_id = $1`, [node_id]);
  return rows[0] ?? null;
}
