import type { Database } from "./database.ts";

export type PriceRow = {
  model_id: string;
  default_prompt_price_wei: bigint | null;
  default_completion_price_wei: bigint | null;
  floor_prompt_price_wei: bigint | null;
  floor_completion_price_wei: bigint | null;
  ceiling_prompt_price_wei: bigint | null;
  ceiling_completion_price_wei: bigint | null;
};

/** Sets the whole row of a model; null leaves a bound open. */
export async function putPrice(db: Database, price: PriceRow): Promise<Date> {
  const row = Object.fromEntries(
    Object.entries(price).map(([name, value]) => [name, typeof value === "bigint" ? value.toString() : value]),
  );
  const [saved] = await db
    .knex("model_prices")
    .insert({ ...row, updated_at: db.knex.raw("clock_timestamp()") })
    .onConflict("model_id")
    .merge()
    .returning("updated_at");
  return (saved as { updated_at: Date }).updated_at;
}
