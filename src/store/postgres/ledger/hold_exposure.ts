import type { Database } from "../database.ts";

/** What is held for work of this node now, in wei. */
export async function openExposure(db: Database, node_id: string): Promise<bigint> {
  const { rows } = await db.pool.query<{ held: string }>(
    "select coalesce(sum(h.amount_wei), 0)::text as held from open_holds join holds h using (hold_id) where h.node_id = $1",
    [node_id],
  );
  return BigInt(rows[0]!.held);
}
