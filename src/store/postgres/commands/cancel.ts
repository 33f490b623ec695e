import { COMMAND_COLUMNS } from "./row.ts";
import type { CommandRow } from "./row.ts";
import type { Database } from "../database.ts";

/** Takes back a command that is open; null when it is closed or unknown. */
export async function cancelCommandRow(db: Database, command_id: string): Promise<CommandRow | null> {
  const { rows } = await db.pool.query<CommandRow>(
    `
    update commands set state = 'cancelled', lease_until = null, closed_at = clock_timestamp()
    where command_id = $1 and state in ('queued', 'leased') returning ${COMMAND_COLUMNS}`,
    [command_id],
  );
  return rows[0] ?? null;
}
