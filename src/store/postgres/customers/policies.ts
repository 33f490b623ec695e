import { auditedTransaction, type AuditOf } from "../control/audit_append.ts";
import type { Database } from "../database.ts";
import type { PolicyWindow } from "../../../core/gateway/billing/model.ts";
import { rebuildWindows } from "../ledger/rebuild_windows.ts";

/** The customer's policy in force with its version; null when the customer does not exist. */
export async function getCustomerPolicy(
  db: Database,
  customer_id: string,
): Promise<{ policy: Record<string, unknown>; version: number } | null> {
  const row = await db
    .knex("customers as c")
    .leftJoin("customer_policies as p", (on) =>
      on.on("p.customer_id", "c.customer_id").andOn("p.version", "c.policy_version"),
    )
    .where("c.customer_id", customer_id)
    .first("c.policy_version as version", "p.policy");
  return row ? { policy: (row.policy as Record<string, unknown> | null) ?? {}, version: row.version as number } : null;
}

export type PolicySubject = { table: "customer"; customer_id: string } | { table: "credential"; credential_id: string };

export type PutPolicy = { version: number } | "unknown" | "other_version";

/**
 * Writes the next version of a policy and puts it in force with its `windows`, unless `expected_version` is given and
 * another one is in force.
 */
export async function putPolicy(
  db: Database,
  subject: PolicySubject,
  policy: Record<string, unknown>,
  windows: PolicyWindow[],
  expected_version?: number,
  audit?: AuditOf<PutPolicy>,
): Promise<PutPolicy> {
  const [owners, policies, key] =
    subject.table === "customer"
      ? (["customers", "customer_policies", { customer_id: subject.customer_id }] as const)
      : (["credentials", "credential_policies", { credential_id: subject.credential_id }] as const);
  return auditedTransaction(db, audit, async (trx) => {
    const owner = (await trx(owners).where(key).forUpdate().first("policy_version", "customer_id")) as
      { policy_version: number; customer_id: string | null } | undefined;
    if (!owner) return "unknown";
    if (expected_version !== undefined && owner.policy_version !== expected_version) return "other_version";
    const last = (await trx(policies).where(key).max("version as version").first()) as
      { version: number | null } | undefined;
    const version = Number(last?.version ?? 0) + 1;
    // In this order: a new key, too, raises the generation of credentials before that of policies, and two orders could
    // deadlock.
    await trx(owners).where(key).update({ policy_version: version });
    await trx(policies).insert({ ...key, version, policy: JSON.stringify(policy) });
    const credential_id = subject.table === "credential" ? subject.credential_id : null;
    if (owner.customer_id !== null)
      await rebuildWindows(trx, { customer_id: owner.customer_id, credential_id }, windows);
    return { version };
  });
}
