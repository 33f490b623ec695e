import type { AuditOf } from "../control/audit_append.ts";
import { auditedTransaction } from "../control/audit_append.ts";
import type { Database } from "../database.ts";

export type NewCredential = {
  credential_id: string;
  customer_id: string | null;
  operator: boolean;
  key_hash: Buffer;
  display_tail: string;
  label: string | null;
  scopes: string[];
  expires_at: Date | null;
  policy: Record<string, unknown>;
};

/** A gateway key with its first policy. Null when its customer does not exist. */
export async function insertCredential(
  db: Database,
  { policy, ...credential }: NewCredential,
  audit?: AuditOf<Date | null>,
): Promise<Date | null> {
  return auditedTransaction(db, audit, async (trx) => {
    if (
      credential.customer_id !== null &&
      !(await trx("customers").where({ customer_id: credential.customer_id }).first("customer_id"))
    )
      return null;
    const [row] = await trx("credentials").insert(credential).returning("created_at");
    await trx("credential_policies").insert({
      credential_id: credential.credential_id,
      version: 1,
      policy: JSON.stringify(policy),
    });
    return (row as { created_at: Date }).created_at;
  });
}
