import type { Database } from "../database.ts";

export type CallerRow = {
  node_id: string;
  status: string;
  ed25519_public_key: string;
  epoch: number;
  call_seq: number;
  opened_from_epoch: number | null;
  opened_seq: number | null;
};

/**
 * The database's row of a calling node, for nodes that are not in this gateway's memory yet, and for the reason of a
 * refusal.
 */
export async function readCaller(db: Database, node_id: string): Promise<CallerRow | null> {
  const { rows } = await db.pool.query<CallerRow>(
    `
    select n.node_id, n.status, n.epoch, n.call_seq, n.opened_from_epoch, n.opened_seq, k.ed25519_public_key
    from nodes n join node_keys k on k.node_id = n.node_id and k.valid_to is null where n.node_id = $1`,
    [node_id],
  );
  return rows[0] ?? null;
}
