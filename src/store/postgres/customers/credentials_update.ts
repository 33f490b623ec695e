import type { Database } from "../database.ts";

export type CredentialChange = { label?: string | null; scopes?: string[]; expires_at?: Date | null };

/** Changes a live key; `customer_id` narrows it to that customer's own. True when there was one. */
export async function updateCredential(
  db: Database,
  credential_id: string,
  customer_id: string | null,
  change: CredentialChange,
): Promise<boolean> {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const found = db
    .knex("credentials")
    .where({ credential_id })
    .whereNull("revoked_at")
    .modify((query) => {
      if (customer_id !== null) query.where({ customer_id });
    });
  if (Object.keys(given).length === 0) return (await found.first("credential_id")) !== undefined;
  return (await found.update(given)) === 1;
}
