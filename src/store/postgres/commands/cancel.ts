import { COMMAND_COLUMNS, type CommandRow } from "./row.ts";
import { type AuditOf, auditedPgTransaction } from "../control/audit_append.ts";
import type { Database } from "../database.ts";

/** Takes back a command that is open; null when it is closed or unknown. */
export async function cancelCommandRow(
  db: Database,
  command_id: string,
  audit?: AuditOf<CommandRow | null>,
): Promise<CommandRow | null> {
  return auditedPgTransaction(db, audit, async (client) => {
    const { rows } = await client.query<CommandRow>(
      `
    update commands set state = 'cancelled', lease_until = null, closed_at = clock_timestamp()
    where command_id = $1 and state in ('queued', 'leased') returning ${COMMAND_COLUMNS}`,
      [command_id],
    );
    return rows[0] ?? null;
  });
}
