import type { Database } from "./database.ts";

export type NewCustomer = {
  customer_id: string;
  label: string | null;
  /** As `policyJson` writes it. */
  policy: unknown;
  /** Keyed hash of the first customer token, 32 bytes, and its last four characters. */
  token: { token_hash: Buffer; display_tail: string } | null;
};

/** A customer with its first policy, its account and its token, at once. */
export async function createCustomer(db: Database, customer: NewCustomer): Promise<void> {
  await db.pool.query(
    `with c as (insert into customers (customer_id, label) values ($1, $2)),
          p as (insert into customer_policies (customer_id, version, policy) values ($1, 1, $3)),
          t as (insert into customer_tokens (customer_id, token_hash, display_tail) select $1, $4::bytea, $5::text where $4::bytea is not null)
     insert into accounts (owner_kind, owner_id) values ('customer', $1)`,
    [customer.customer_id, customer.label, JSON.stringify(customer.policy), customer.token?.token_hash ?? null, customer.token?.display_tail ?? null],
  );
}
