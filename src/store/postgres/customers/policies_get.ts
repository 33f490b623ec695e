import type { Database } from "../database.ts";

/** The customer's policy in force with its version; null when the customer does not exist. */
export async function getCustomerPolicy(
  db: Database,
  customer_id: string,
): Promise<{ policy: Record<string, unknown>; version: number } | null> {
  const { rows } = await db.pool.query<{ policy: Record<string, unknown>; version: number }>(
    `select coalesce(p.policy, '{}') as policy, c.policy_version as version
     from customers c left join customer_policies p on p.customer_id = c.customer_id and p.version = c.policy_version
     where c.customer_id = $1`,
    [customer_id],
  );
  return rows[0] ?? null;
}
