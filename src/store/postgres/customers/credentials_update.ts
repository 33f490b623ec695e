import type { AuditOf } from "../control/audit_append.ts";
import { auditedTransaction } from "../control/audit_append.ts";
import type { Database } from "../database.ts";

export type CredentialChange = { label?: string | null; scopes?: string[]; expires_at?: Date | null };

/** Scopes and expiry after a change. */
export type ChangedCredential = { scopes: string[]; expires_at: Date | null };

/** Changes a live key; `customer_id` narrows the change to that customer's own key. Null when there is no such key. */
export async function updateCredential(
  db: Database,
  credential_id: string,
  customer_id: string | null,
  change: CredentialChange,
  audit?: AuditOf<ChangedCredential | null>,
): Promise<ChangedCredential | null> {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  return auditedTransaction(db, audit, async (trx) => {
    const found = trx("credentials")
      .where({ credential_id })
      .whereNull("revoked_at")
      .modify((query) => {
        if (customer_id !== null) query.where({ customer_id });
      });
    const rows = (await (Object.keys(given).length === 0
      ? found.select("scopes", "expires_at")
      : found.update(given).returning(["scopes", "expires_at"]))) as ChangedCredential[];
    return rows[0] ?? null;
  });
}
