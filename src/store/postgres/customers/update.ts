import type { AuditOf } from "../control/audit_append.ts";
import { auditedTransaction } from "../control/audit_append.ts";
import type { Database } from "../database.ts";

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
