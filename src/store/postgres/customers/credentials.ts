import { auditedTransaction, type AuditOf } from "../control/audit_append.ts";
import type { Database } from "../database.ts";

/** A gateway key with the columns that decide about a call; the policies are those in force. */
export type CredentialRow = {
  credential_id: string;
  customer_id: string | null;
  customer_status: "active" | "frozen" | "closed" | null;
  operator: boolean;
  label: string | null;
  scopes: string[];
  expires_at: Date | null;
  revoked_at: Date | null;
  abort: boolean;
  customer_policy: Record<string, unknown> | null;
  credential_policy: Record<string, unknown> | null;
};

/**
 * The credential with this keyed hash, also when it was revoked or has expired: the caller answers all three cases
 * alike and tells them apart in its log only.
 */
export async function findCredential(db: Database, key_hash: Buffer): Promise<CredentialRow | null> {
  const { rows } = await db.pool.query<CredentialRow>({
    name: "credentials_find",
    text: `select c.credential_id, c.customer_id, u.status as customer_status, c.operator, c.label, c.scopes, c.expires_at, c.revoked_at, c.abort,
             (select policy from customer_policies p where p.customer_id = c.customer_id and p.version = u.policy_version) as customer_policy,
             (select policy from credential_policies p where p.credential_id = c.credential_id and p.version = c.policy_version) as credential_policy
           from credentials c left join customers u using (customer_id) where c.key_hash = $1`,
    values: [key_hash],
  });
  return rows[0] ?? null;
}

export type CredentialListRow = {
  credential_id: string;
  customer_id: string | null;
  operator: boolean;
  display_tail: string;
  label: string | null;
  scopes: string[];
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
  policy: Record<string, unknown> | null;
  policy_version: number;
};

/** The keys of a customer by id, from the one behind `after`; or the one key with `credential_id`. */
export async function listCredentials(
  db: Database,
  {
    customer_id,
    credential_id,
    after,
    limit,
  }: { customer_id?: string; credential_id?: string; after: string | null; limit: number },
): Promise<CredentialListRow[]> {
  const query = db
    .knex("credentials as c")
    .leftJoin("credential_policies as p", (on) =>
      on.on("p.credential_id", "c.credential_id").andOn("p.version", "c.policy_version"),
    )
    .select(
      "c.credential_id",
      "c.customer_id",
      "c.operator",
      "c.display_tail",
      "c.label",
      "c.scopes",
      "c.created_at",
      "c.expires_at",
      "c.revoked_at",
      "c.policy_version",
      "p.policy",
    )
    .orderBy("c.credential_id")
    .limit(limit);
  if (customer_id !== undefined) query.where("c.customer_id", customer_id);
  if (credential_id !== undefined) query.where("c.credential_id", credential_id);
  if (after !== null) query.where("c.credential_id", ">", after);
  return (await query) as CredentialListRow[];
}

/** The given keys that were revoked with `abort`. */
export async function findAborted(db: Database, credential_ids: string[]): Promise<string[]> {
  const { rows } = await db.pool.query<{ credential_id: string }>(
    "select credential_id from credentials where credential_id = any($1) and abort",
    [credential_ids],
  );
  return rows.map(({ credential_id }) => credential_id);
}

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
