import type { Database } from "../database.ts";

/** Closes what ran out of attempts or time. The last lease gets `grace_ms` more, since its result would still count. */
export async function buryCommands(db: Database, grace_ms: number): Promise<number> {
  const { rowCount } = await db.pool.query(
    `
    update commands set state = 'dead', lease_until = null, closed_at = clock_timestamp(),
      failure = case when attempts >= 3 then '{"code":"attempts_exhausted","message":"Three attempts ended without a result."}'::jsonb
        else '{"code":"not_taken","message":"No agent took the command in time."}'::jsonb end
    where command_id in (
      select command_id from commands
      where state in ('queued', 'leased') and (attempts >= 3 or not_after < clock_timestamp())
        and (state = 'queued' or lease_until < clock_timestamp() - $1 * interval '1 millisecond')
      for update skip locked)`,
    [grace_ms],
  );
  return rowCount ?? 0;
}
