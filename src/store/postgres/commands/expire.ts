import type { Database } from "../database.ts";

/**
 * Closes commands that ran out of attempts or time as `dead`. The last lease gets `grace_ms` more, since its result
 * would still count.
 */
export async function expireCommands(
  db: Database,
  limits: { attempts_max: number; grace_ms: number },
): Promise<number> {
  const { rowCount } = await db.pool.query(
    `
    update commands set state = 'dead', lease_until = null, closed_at = clock_timestamp(),
      failure = case when attempts >= $2
        then jsonb_build_object('code', 'attempts_exhausted', 'message', format('%s attempts ended without a result.', $2))
        else '{"code":"not_taken","message":"No agent took the command in time."}'::jsonb end
    where command_id in (
      select command_id from commands
      where state in ('queued', 'leased') and (attempts >= $2 or not_after < clock_timestamp())
        and (state = 'queued' or lease_until < clock_timestamp() - $1 * interval '1 millisecond')
      for update skip locked)`,
    [limits.grace_ms, limits.attempts_max],
  );
  return rowCount ?? 0;
}
