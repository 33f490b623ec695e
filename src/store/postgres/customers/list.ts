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
 * debits, and includes what is reserved.
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
