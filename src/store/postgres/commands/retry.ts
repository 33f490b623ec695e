import { COMMAND_COLUMNS, type CommandRow } from "./row.ts";
import { type AuditOf, auditedPgTransaction } from "../control/audit_append.ts";
import type { Database } from "../database.ts";

/**
 * Queues a failed or dead command again with new attempts; its token keeps rising. Null in any other state, and for
 * private jobs, whose request is deleted.
 */
export async function retryCommandRow(
  db: Database,
  command_id: string,
  lifetime_ms: number,
  audit?: AuditOf<CommandRow | null>,
): Promise<CommandRow | null> {
  return auditedPgTransaction(db, audit, async (client) => {
    const { rows } = await client.query<CommandRow>(
      `
    update commands set state = 'queued', attempts = 0, result = null, failure = null, result_hash = null, closed_at = null,
      not_after = clock_timestamp() + $2 * interval '1 millisecond'
    where command_id = $1 and state in ('failed', 'dead') and kind <> 'private_job' returning ${COMMAND_COLUMNS}`,
      [command_id, lifetime_ms],
    );
    return rows[0] ?? null;
  });
}
