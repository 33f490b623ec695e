import { COMMAND_COLUMNS, type CommandRow } from "./row.ts";
import { type AuditOf, auditedPgTransaction } from "../control/audit_append.ts";
import type { Database } from "../database.ts";

export type NewCommand = {
  command_id: string;
  node_id: string;
  kind: string;
  payload: Record<string, unknown>;
  created_by: string;
  lifetime_ms: number;
};

/** Queues a command. */
export async function createCommandRow(
  db: Database,
  command: NewCommand,
  audit?: AuditOf<CommandRow>,
): Promise<CommandRow> {
  return auditedPgTransaction(db, audit, async (client) => {
    const { rows } = await client.query<CommandRow>(
      `
    insert into commands (command_id, node_id, kind, payload, created_by, not_after)
    values ($1, $2, $3, $4, $5, clock_timestamp() + $6 * interval '1 millisecond') returning ${COMMAND_COLUMNS}`,
      [command.command_id, command.node_id, command.kind, command.payload, command.created_by, command.lifetime_ms],
    );
    return rows[0]!;
  });
}
