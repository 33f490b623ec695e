import { auditedTransaction, type AuditOf } from "../control/audit_append.ts";
import type { Database } from "../database.ts";

export type CustomerTokenRow = {
  customer_id: string;
  status: "active" | "frozen" | "closed";
  policy: Record<string, unknown> | null;
};

/** The customer of a live token with this keyed hash. */
export async function findCustomerToken(db: Database, token_hash: Buffer): Promise<CustomerTokenRow | null> {
  const { rows } = await db.pool.query<CustomerTokenRow>({
    name: "customer_tokens_find",
    text: `select c.customer_id, c.status,
             (select policy from customer_policies p where p.customer_id = c.customer_id and p.version = c.policy_version) as policy
           from customer_tokens t join customers c using (customer_id) where t.token_hash = $1 and (t.revoked_at is null or t.revoked_at > clock_timestamp())`,
    values: [token_hash],
  });
  return rows[0] ?? null;
}

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
