import type { Database } from "../database.ts";

/** Revokes a key for good; again is harmless, and `abort` may be added later. True when the key exists. */
export async function revokeCredential(
  db: Database,
  credential_id: string,
  customer_id: string | null,
  abort: boolean,
): Promise<boolean> {
  const found = db
    .knex("credentials")
    .where({ credential_id })
    .modify((query) => {
      if (customer_id !== null) query.where({ customer_id });
    });
  const changed = await found.update({
    revoked_at: db.knex.raw("coalesce(revoked_at, clock_timestamp())"),
    abort: db.knex.raw("abort or ?", [abort]),
  });
  return changed === 1;
}
