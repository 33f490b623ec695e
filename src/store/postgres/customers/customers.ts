import { auditedTransaction, type AuditOf } from "../control/audit_append.ts";
import type { Database } from "../database.ts";

export type CustomerRow = {
  customer_id: string;
  label: string | null;
  status: "active" | "frozen" | "closed";
  created_at: Date;
  balance_wei: bigint;
  reserved_wei: bigint;
  policy_version: number;
};

type Selected = Omit<CustomerRow, "balance_wei" | "reserved_wei"> & { balance_wei: string; reserved_wei: string };

/**
 * Customers by id, from the one behind `after`; or the one with `customer_id`. The balance is all credits less all
 * debits; reserved wei are part of it.
 */
export async function listCustomers(
  db: Database,
  { after, limit, customer_id, status }: { after: string | null; limit: number; customer_id?: string; status?: string },
): Promise<CustomerRow[]> {
  const query = db
    .knex("customers as c")
    .join("accounts as a", (on) => on.on("a.owner_id", "c.customer_id").andOnVal("a.owner_kind", "customer"))
    .select(
      "c.customer_id",
      "c.label",
      "c.status",
      "c.created_at",
      "c.policy_version",
      "a.reserved_wei",
      db.knex.raw("a.credited_wei - a.debited_wei as balance_wei"),
    )
    .orderBy("c.customer_id")
    .limit(limit);
  if (after !== null) query.where("c.customer_id", ">", after);
  if (customer_id !== undefined) query.where("c.customer_id", customer_id);
  if (status !== undefined) query.where("c.status", status);
  const rows = (await query) as Selected[];
  return rows.map((row) => ({ ...row, balance_wei: BigInt(row.balance_wei), reserved_wei: BigInt(row.reserved_wei) }));
}

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

/** Changes the given columns and returns the status after that; null when the customer does not exist. */
export async function updateCustomer(
  db: Database,
  customer_id: string,
  change: { label?: string | null; status?: string },
  audit?: AuditOf<string | null>,
): Promise<string | null> {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  return auditedTransaction(db, audit, async (trx) => {
    const found = trx("customers").where({ customer_id });
    const rows = (await (Object.keys(given).length === 0
      ? found.select("status")
      : found.update(given).returning("status"))) as { status: string }[];
    return rows[0]?.status ?? null;
  });
}
