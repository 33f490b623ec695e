import type { Database } from "../database.ts";

/**
 * Stores the hash of a challenge's nonce for `lifetime_ms`, deletes expired ones, and returns the end by the database's
 * clock.
 */
export async function insertChallenge(
  db: Database,
  challenge: { nonce_hash: Buffer; ed25519_public_key: string; lifetime_ms: number },
): Promise<{ expires_at: Date }> {
  const { rows } = await db.pool.query<{ expires_at: Date }>(
    `
    with forgotten as (delete from enrollment_challenges where expires_at < clock_timestamp() - interval '10 minutes')
    insert into enrollment_challenges (nonce_hash, ed25519_public_key, expires_at)
    values ($1, $2, date_trunc('second', clock_timestamp()) + $3 * interval '1 millisecond') returning expires_at`,
    [challenge.nonce_hash, challenge.ed25519_public_key, challenge.lifetime_ms],
  );
  return rows[0]!;
}
