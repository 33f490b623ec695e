import type { AuditOf } from "./audit_append.ts";
import { auditedTransaction } from "./audit_append.ts";
import type { Database } from "../database.ts";

export type PriceRow = {
  model_id: string;
  default_prompt_price_wei: bigint | null;
  default_completion_price_wei: bigint | null;
  floor_prompt_price_wei: bigint | null;
  floor_completion_price_wei: bigint | null;
  ceiling_prompt_price_wei: bigint | null;
  ceiling_completion_price_wei: bigint | null;
  hidden_reasoning: boolean;
};

export type SavedPrice = { updated_at: Date; hidden_reasoning: boolean };

/**
 * Sets the whole row of a model; null leaves a bound open. Without `hidden_reasoning` the column keeps its value, at
 * first false.
 */
export async function putPrice(
  db: Database,
  price: Omit<PriceRow, "hidden_reasoning"> & { hidden_reasoning?: boolean },
  audit?: AuditOf<SavedPrice>,
): Promise<SavedPrice> {
  const row = Object.fromEntries(
    Object.entries(price).map(([name, value]) => [name, typeof value === "bigint" ? value.toString() : value]),
  );
  return auditedTransaction(db, audit, async (trx) => {
    const [saved] = await trx("model_prices")
      .insert({ ...row, updated_at: trx.raw("clock_timestamp()") })
      .onConflict("model_id")
      .merge()
      .returning(["updated_at", "hidden_reasoning"]);
    return saved as SavedPrice;
  });
}
