import type { Database } from "../database.ts";

/** Changes what is given; true when the customer exists. */
export async function updateCustomer(
  db: Database,
  customer_id: string,
  change: { label?: string | null; status?: string },
): Promise<boolean> {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  if (Object.keys(given).length === 0)
    return (await db.knex("customers").where({ customer_id }).first("customer_id")) !== undefined;
  return (await db.knex("customers").where({ customer_id }).update(given)) === 1;
}
