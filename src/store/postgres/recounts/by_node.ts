import type { Database } from "../database.ts";

export type RecountsOfNode = { node_id: string; sampled: number; overstated: number };

/** Of the last `hours`: how often each node's counts were checked, and how often they were overstated. */
export async function recountsByNode(db: Database, hours: number): Promise<RecountsOfNode[]> {
  const { rows } = await db.pool.query<RecountsOfNode>(
    `
    select node_id, count(*)::integer as sampled, (count(*) filter (where overstated))::integer as overstated
    from usage_recounts where counted_at > clock_timestamp() - make_interval(hours => $1) group by node_id`,
    [hours],
  );
  return rows;
}
