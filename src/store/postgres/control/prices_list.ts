import type { Database } from "../database.ts";
import type { PriceRow } from "./prices_put.ts";

/** Prices by model id, after `after`. */
export async function listPrices(
  db: Database,
  { after, limit }: { after: string | null; limit: number },
): Promise<(PriceRow & { updated_at: Date })[]> {
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
      ) as PriceRow & { updated_at: Date },
  );
}
