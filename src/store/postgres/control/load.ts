import type { Database } from "../database.ts";

const wei = (value: string | null): bigint | null => (value === null ? null : BigInt(value));

/** Generation counters by name: `control`, `credentials`, `nodes`, ... */
export async function readGenerations(db: Database): Promise<Map<string, string>> {
  const { rows } = await db.pool.query<{ name: string; value: string }>(
    "select name, value::text from control_generations",
  );
  return new Map(rows.map(({ name, value }) => [name, value]));
}

/** The sum of the open holds for work of each node that has an exposure limit, in wei. */
export async function loadExposure(db: Database): Promise<Map<string, bigint>> {
  const { rows } = await db.pool.query<{ node_id: string; held: string }>(`
    select n.node_id, coalesce(sum(h.amount_wei), 0)::text as held
    from nodes n left join (open_holds join holds h using (hold_id)) on h.node_id = n.node_id
    where n.stake_max_open_exposure_wei is not null group by n.node_id`);
  return new Map(rows.map(({ node_id, held }) => [node_id, BigInt(held)]));
}

/** Prices, open incidents and observed benchmarks in one snapshot. */
export async function loadControl(db: Database) {
  const { rows } = await db.pool.query<{
    prices: PriceTexts[] | null;
    incidents: OpenIncidentRow[] | null;
    benchmarks: BenchmarkRow[] | null;
  }>(`
    select (select json_agg(p) from (select model_id, default_prompt_price_wei::text, default_completion_price_wei::text, floor_prompt_price_wei::text,
              floor_completion_price_wei::text, ceiling_prompt_price_wei::text, ceiling_completion_price_wei::text,
              hidden_reasoning from model_prices) p) as prices,
           (select json_agg(i) from (select incident_id, scope, target, opened_at from incidents where cleared_at is null) i) as incidents,
           (select json_agg(b) from (select node_id, model_profile_id, ttft_ms, tokens_per_second, observed_at from observed_benchmarks) b) as benchmarks`);
  const { prices, incidents, benchmarks } = rows[0]!;
  return {
    prices: new Map(
      (prices ?? []).map((row) => [
        row.model_id,
        {
          model_id: row.model_id,
          default_prompt_price_wei: wei(row.default_prompt_price_wei),
          default_completion_price_wei: wei(row.default_completion_price_wei),
          floor_prompt_price_wei: wei(row.floor_prompt_price_wei),
          floor_completion_price_wei: wei(row.floor_completion_price_wei),
          ceiling_prompt_price_wei: wei(row.ceiling_prompt_price_wei),
          ceiling_completion_price_wei: wei(row.ceiling_completion_price_wei),
          hidden_reasoning: row.hidden_reasoning,
        },
      ]),
    ),
    incidents: (incidents ?? []).map((row) => ({ ...row, opened_at: new Date(row.opened_at) })),
    benchmarks: new Map(
      (benchmarks ?? []).map((row) => [
        `${row.node_id} ${row.model_profile_id}`,
        { ...row, observed_at: new Date(row.observed_at) },
      ]),
    ),
  };
}

type PriceTexts = Record<`${"default" | "floor" | "ceiling"}_${"prompt" | "completion"}_price_wei`, string | null> & {
  model_id: string;
  hidden_reasoning: boolean;
};
type OpenIncidentRow = {
  incident_id: string;
  scope: "global" | "route_class" | "tier" | "model" | "node" | "customer" | "payouts";
  target: string;
  opened_at: string;
};
type BenchmarkRow = {
  node_id: string;
  model_profile_id: string;
  ttft_ms: number;
  tokens_per_second: number;
  observed_at: string;
};
