import type { Database } from "./database.ts";

/**
 * Stores the fingerprints when the database has none, and returns the names of the secrets whose stored fingerprint
 * differs. Fingerprints are 32 bytes.
 */
export async function differingSecrets(
  db: Database,
  fingerprints: Record<"pepper" | "log-key", Buffer>,
): Promise<string[]> {
  const names = Object.keys(fingerprints);
  const values = Object.values(fingerprints);
  await db.pool.query(
    "insert into secret_fingerprints (name, fingerprint) select * from unnest($1::text[], $2::bytea[]) on conflict (name) do nothing",
    [names, values],
  );
  const found = await db.pool.query<{ name: string }>(
    `select name from unnest($1::text[], $2::bytea[]) as mine (name, fingerprint)
     join secret_fingerprints using (name) where secret_fingerprints.fingerprint <> mine.fingerprint order by name`,
    [names, values],
  );
  return found.rows.map((row) => row.name);
}
