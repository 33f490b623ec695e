import type { Database } from "../database.ts";

export type CustomerTokenRow = {
  customer_id: string;
  status: "active" | "frozen" | "closed";
  policy: Record<string, unknown> | null;
};

/** The customer of a live token with this keyed hash. */
export async function findCustomerToken(db: Database, token_hash: Buffer): Promise<CustomerTokenRow | null> {
  const { rows } = await db.pool.query<CustomerTokenRow>({
    name: "customer_tokens_find",
    text: `select c.customer_id, c.status,
             (select policy from customer_policies p where p.customer_id = c.customer_id and p.version = c.policy_version) as policy
           from customer_tokens t join customers c using (customer_id) where t.token_hash = $1 and (t.revoked_at is null or t.revoked_at > clock_timestamp())`,
    values: [token_hash],
  });
  return rows[0] ?? null;
}
