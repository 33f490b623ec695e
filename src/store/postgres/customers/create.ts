import type { Database } from "../database.ts";

export type NewCustomer = {
  customer_id: string;
  label: string | null;
  token_hash: Buffer;
  display_tail: string;
  policy: Record<string, unknown>;
};

/** A customer with its ledger account, first token and first policy, in one transaction. */
export async function insertCustomer(
  db: Database,
  { customer_id, label, token_hash, display_tail, policy }: NewCustomer,
): Promise<Date> {
  return db.knex.transaction(async (trx) => {
    const [row] = await trx("customers").insert({ customer_id, label }).returning("created_at");
    await trx("accounts").insert({ owner_kind: "customer", owner_id: customer_id });
    await trx("customer_tokens").insert({ customer_id, token_hash, display_tail });
    await trx("customer_policies").insert({ customer_id, version: 1, policy: JSON.stringify(policy) });
    return (row as { created_at: Date }).created_at;
  });
}
