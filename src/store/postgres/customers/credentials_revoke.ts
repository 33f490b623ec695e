import type { AuditOf } from "../control/audit_append.ts";
import { auditedTransaction } from "../control/audit_append.ts";
import type { Database } from "../database.ts";

/** Revokes a key for good; a repetition is harmless, and may add `abort`. True when the key exists. */
export async function revokeCredential(
  db: Database,
  credential_id: string,
  customer_id: string | null,
  abort: boolean,
  audit?: AuditOf<boolean>,
): Promise<boolean> {
  return auditedTransaction(db, audit, async (trx) => {
    const found = trx("credentials")
      .where({ credential_id })
      .modify((query) => {
        if (customer_id !== null) query.where({ customer_id });
      });
    const changed = await found.update({
      revoked_at: trx.raw("coalesce(revoked_at, clock_timestamp())"),
      abort: trx.raw("abort or ?", [abort]),
    });
    return changed === 1;
  });
}
