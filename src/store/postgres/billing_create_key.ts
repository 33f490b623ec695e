import type { Database } from "./database.ts";

export type NewKey = {
  credential_id: string;
  /** null: an operator's key, from which no customer follows. */
  customer_id: string | null;
  /** Keyed hash of the key, 32 bytes. */
  key_hash: Buffer;
  /** Its last four characters. */
  display_tail: string;
  label: string | null;
  scopes: string[];
  expires_at: Date | null;
  /** As `policyJson` writes it. */
  policy: unknown;
};

/** A gateway key with its first policy. Fails with SQLSTATE 23503 when there is no such customer. */
export async function createKey(db: Database, key: NewKey): Promise<void> {
  await db.pool.query(
    `with k as (insert into credentials (credential_id, customer_id, operator, key_hash, display_tail, label, scopes, expires_at)
                values ($1, $2, $2::text is null, $3, $4, $5, $6, $7))
     insert into credential_policies (credential_id, version, policy) values ($1, 1, $8)`,
    [key.credential_id, key.customer_id, key.key_hash, key.display_tail, key.label, key.scopes, key.expires_at, JSON.stringify(key.policy)],
  );
}
