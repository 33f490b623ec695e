import { COMMAND_COLUMNS, LEASE_UNTIL, type CommandRow } from "./row.ts";
import type { Database } from "../database.ts";

/** Leases a node's oldest commands that have no valid lease and have attempts left; each lease raises the token. */
export async function leaseCommands(
  db: Database,
  lease: { node_id: string; max: number; kinds: string[] | null; lease_ms: number; attempts_max: number },
): Promise<CommandRow[]> {
  const { rows } = await db.pool.query<CommandRow>(
    `
    with due as (
      select command_id from commands
      where node_id = $1 and (state = 'queued' or (state = 'leased' and lease_until < clock_timestamp()))
        and attempts < $5 and not_after > clock_timestamp() and ($3::text[] is null or kind = any($3))
      order by created_at limit $2 for update skip locked
    )
    update commands set state = 'leased', lease_token = lease_token + 1, attempts = attempts + 1,
      lease_until = ${LEASE_UNTIL}
    where command_id in (select command_id from due) returning ${COMMAND_COLUMNS}`,
    [lease.node_id, lease.max, lease.kinds, lease.lease_ms, lease.attempts_max],
  );
  return rows.sort((one, other) => one.created_at.getTime() - other.created_at.getTime());
}
