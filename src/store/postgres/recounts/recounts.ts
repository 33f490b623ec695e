import type { Database } from "../database.ts";

export type RecountRow = {
  node_id: string;
  model_profile_id: string;
  claimed_prompt_tokens: number;
  counted_prompt_tokens: number;
  claimed_completion_tokens: number;
  counted_completion_tokens: number;
  overstated: boolean;
};

/** Stores a recount, and deletes the recounts older than 30 days. */
export async function insertRecount(db: Database, row: RecountRow): Promise<void> {
  await db.knex("usage_recounts").insert(row);
  await db.pool.query("delete from usage_recounts where counted_at < clock_timestamp() - interval '30 days'");
}

export type RecountsOfNode = { node_id: string; sampled: number; overstated: number };

/** How often each node's counts were checked in the last `hours`, and how often they were overstated. */
export async function recountsByNode(db: Database, hours: number): Promise<RecountsOfNode[]> {
  const { rows } = await db.pool.query<RecountsOfNode>(
    `
    select node_id, count(*)::integer as sampled, (count(*) filter (where overstated))::integer as overstated
    from usage_recounts where counted_at > clock_timestamp() - make_interval(hours => $1) group by node_id`,
    [hours],
  );
  return rows;
}
