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

/** Keeps one recount; forgets those of more than a month ago. */
export async function insertRecount(db: Database, row: RecountRow): Promise<void> {
  await db.knex("usage_recounts").insert(row);
  await db.pool.query("delete from usage_recounts where counted_at < clock_timestamp() - interval '30 days'");
}
