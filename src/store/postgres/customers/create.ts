import type { AuditOf } from "../control/audit_append.ts";
import { auditedTransaction } from "../control/audit_append.ts";
import type { Database } from "../database.ts";

export type NewCustomer = {
  customer_id: string;
  label: string | null;
  token_hash: Buffer;
  display_tail: string;
  policy: Record<string, unknown>;
};

/** A customer with its ledger account, first token and first policy, and the audit row, in one transaction. */
export async function insertCustomer(
  db: Database,
  { customer_id, label, token_hash, display_tail, policy }: NewCustomer,
  audit?: AuditOf<Date>,
): Promise<Date> {
  return auditedTransaction(db, audit, async (trx) => {
    const [row] = await trx("customers").insert({ customer_id, label }).returning("created_at");
    await trx("accounts").insert({ owner_kind: "customer", owner_id: customer_id });
    await trx("customer_tokens").insert({ customer_id, token_hash, display_tail });
    await trx("customer_policies").insert({ customer_id, version: 1, policy: JSON.stringify(policy) });
    return (row as { created_at: Date }).created_at;
  });
}
