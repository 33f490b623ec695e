import type { Database } from "./database.ts";

/** What is held for work of this node now, in wei. */
export async function openExposure(db: Database, node_id: string): Promise<bigint> {
  const { rows } = await db.pool.query<{ held: string }>("select coalesce(sum(amount_wei), 0)::text as held from holds where state = 'held' and node_id = $1", [node_id]);
  return BigInt(rows[0]!.held);
}
