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
