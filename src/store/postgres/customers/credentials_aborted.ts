import type { Database } from "../database.ts";

/** Those of the given keys that were revoked with `abort`. */
export async function findAborted(db: Database, credential_ids: string[]): Promise<string[]> {
  const { rows } = await db.pool.query<{ credential_id: string }>(
    "select credential_id from credentials where credential_id = any($1) and abort",
    [credential_ids],
  );
  return rows.map(({ credential_id }) => credential_id);
}
