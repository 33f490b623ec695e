import type { ModelPrice } from "../../../core/gateway/control.ts";
import type { Database } from "../database.ts";
import { auditedTransaction, type AuditOf } from "./audit_append.ts";

export type SavedPrice = { updated_at: Date; hidden_reasoning: boolean };

/**
 * Sets the whole row of a model; null leaves a bound open. Without `hidden_reasoning` the column keeps its value, or is
 * false in a new row.
 */
export async function putPrice(
  db: Database,
  price: Omit<ModelPrice, "hidden_reasoning"> & { hidden_reasoning?: boolean },
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

/** Prices by model id, after `after`. */
export async function listPrices(
  db: Database,
  { after, limit }: { after: string | null; limit: number },
): Promise<(ModelPrice & { updated_at: Date })[]> {
  const query = db.knex("model_prices").select("*").orderBy("model_id").limit(limit);
  if (after !== null) query.where("model_id", ">", after);
  const rows = (await query) as Record<string, unknown>[];
  return rows.map(
    (row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          name.endsWith("_wei") && value !== null ? BigInt(value as string) : value,
        ]),
      ) as ModelPrice & { updated_at: Date },
  );
}
