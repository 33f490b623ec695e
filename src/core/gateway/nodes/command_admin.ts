import { cancelCommandRow } from "../../../store/postgres/commands/cancel.ts";
import { createCommandRow } from "../../../store/postgres/commands/create.ts";
import { listCommandRows } from "../../../store/postgres/commands/list.ts";
import { readCommand } from "../../../store/postgres/commands/read.ts";
import { retryCommandRow } from "../../../store/postgres/commands/retry.ts";
import type { CommandRow } from "../../../store/postgres/commands/row.ts";
import type { Database } from "../../../store/postgres/database.ts";
import type { AuditContext } from "../../admin_tokens.ts";
import { ApiError } from "../../errors.ts";
import { mintId } from "../../protocol/bytes/ids.ts";
import { audited } from "../audit/audit.ts";
import { pageBounds, toPage, wrongCursor, type PageQuery } from "../page.ts";
import { assertPayload, type CommandKind } from "./command_payloads.ts";
import type { NodeView } from "./types.ts";

export type CommandAdminPorts = {
  db: Database;
  node: (node_id: string) => NodeView | undefined;
  /** Ends the waiting poll of a node for which a command was queued. */
  wake: (node_id: string) => void;
  lifetime_ms: number;
};

export type CommandQuery = PageQuery & {
  node_id?: string | undefined;
  kind?: string | undefined;
  state?: string | undefined;
};

export type NewCommand = { node_id: string; kind: CommandKind; payload: Record<string, unknown>; reason: string };

/** Queues a command by an admin. Throws `invalid_request`, `not_found`, `conflict`. */
export async function createCommand(
  { db, node, wake, lifetime_ms }: CommandAdminPorts,
  { node_id, kind, payload, reason }: NewCommand,
  audit: AuditContext,
) {
  assertPayload(kind, payload);
  const found = node(node_id);
  if (!found) throw new ApiError("not_found", "There is no such node.", { param: "node_id" });
  if (found.status === "retired" || found.status === "suspended")
    throw new ApiError("conflict", `The node is ${found.status}: it gets no commands.`);
  const command_id = mintId("cmd");
  const command = { command_id, node_id, kind, payload, created_by: audit.actor, lifetime_ms };
  const row = await createCommandRow(db, command, () => audited(audit, command_id, { node_id, kind, reason }));
  wake(node_id);
  return toAdmin(row);
}

/** Takes back an open command. Throws `not_found`, `conflict`. */
export async function cancelCommand(
  { db }: CommandAdminPorts,
  command_id: string,
  reason: string,
  audit: AuditContext,
) {
  const row = await cancelCommandRow(db, command_id, (found) => found && audited(audit, command_id, { reason }));
  return toAdmin(row ?? (await unchanged(db, command_id, "Only an open command can be cancelled.")));
}

/** Queues a failed or dead command again. Throws `not_found`, `conflict`. */
export async function retryCommand(
  { db, wake, lifetime_ms }: CommandAdminPorts,
  command_id: string,
  reason: string,
  audit: AuditContext,
) {
  const record = (found: CommandRow | null) => found && audited(audit, command_id, { reason });
  const row =
    (await retryCommandRow(db, command_id, lifetime_ms, record)) ??
    (await unchanged(db, command_id, "Only a failed or dead command can be queued again."));
  wake(row.node_id);
  return toAdmin(row);
}

/** Commands, the newest first. */
export async function listCommands({ db }: CommandAdminPorts, query: CommandQuery) {
  const { limit, after } = pageBounds(query);
  const [created_at, command_id] = after?.split(" ") ?? [];
  if (after !== null && (!command_id || Number.isNaN(Date.parse(created_at!)))) throw wrongCursor();
  const rows = await listCommandRows(db, {
    limit: limit + 1,
    ...(query.node_id === undefined ? {} : { node_id: query.node_id }),
    ...(query.kind === undefined ? {} : { kind: query.kind }),
    ...(query.state === undefined ? {} : { state: query.state }),
    ...(after === null ? {} : { before: { created_at: new Date(created_at!), command_id: command_id! } }),
  });
  return toPage(rows, limit, (row) => `${row.created_at.toISOString()} ${row.command_id}`, toAdmin);
}

/** Throws why a command was not changed. */
async function unchanged(db: Database, command_id: string, refusal: string): Promise<never> {
  const found = await readCommand(db, command_id);
  if (!found) throw new ApiError("not_found", "There is no such command.", { param: "command_id" });
  throw new ApiError("conflict", `${refusal} It is ${found.state}.`);
}

/** A command as the document shows it to admins. */
function toAdmin(row: CommandRow) {
  return {
    command_id: row.command_id,
    node_id: row.node_id,
    kind: row.kind as CommandKind,
    state: row.state,
    attempts: row.attempts,
    lease_until: row.lease_until?.toISOString() ?? null,
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
    closed_at: row.closed_at?.toISOString() ?? null,
    failure: row.failure,
    result: row.result,
  };
}
