import type { Database } from "../database.ts";

/** The customer's policy in force with its version; null when the customer does not exist. */
export async function getCustomerPolicy(
  db: Database,
  customer_id: string,
): Promise<{ policy: Record<string, unknown>; version: number } | null> {
  const row = await db
    .knex("customers as c")
    .leftJoin("customer_policies as p", (on) =>
      on.on("p.customer_id", "c.customer_id").andOn("p.version", "c.policy_version"),
    )
    .where("c.customer_id", customer_id)
    .first("c.policy_version as version", "p.policy");
  return row ? { policy: (row.policy as Record<string, unknown> | null) ?? {}, version: row.version as number } : null;
}
