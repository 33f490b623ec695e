import type { AuditOf } from "../control/audit_append.ts";
import { auditedTransaction } from "../control/audit_append.ts";
import type { Database } from "../database.ts";

export type TokenRotation = { customer_id: string; token_hash: Buffer; display_tail: string; overlap_seconds: number };

/**
 * Puts a new token in force; the earlier tokens end after the overlap. Returns the time of their end, or null when the
 * customer does not exist.
 */
export async function rotateCustomerToken(
  db: Database,
  { customer_id, token_hash, display_tail, overlap_seconds }: TokenRotation,
  audit?: AuditOf<Date | null>,
): Promise<Date | null> {
  return auditedTransaction(db, audit, async (trx) => {
    if (!(await trx("customers").where({ customer_id }).forUpdate().first("customer_id"))) return null;
    const { rows } = (await trx.raw("select clock_timestamp() + make_interval(secs => ?) as until", [
      overlap_seconds,
    ])) as { rows: { until: Date }[] };
    const until = rows[0]!.until;
    await trx("customer_tokens")
      .where({ customer_id })
      .whereRaw("(revoked_at is null or revoked_at > ?)", [until])
      .update({ revoked_at: until });
    await trx("customer_tokens").insert({ customer_id, token_hash, display_tail });
    return until;
  });
}
