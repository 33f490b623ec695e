import type { Database } from "../../../store/postgres/database.ts";
import { buryCommands } from "../../../store/postgres/commands/bury.ts";
import { cancelCommandRow } from "../../../store/postgres/commands/cancel.ts";
import { createCommandRow } from "../../../store/postgres/commands/create.ts";
import { finishCommand } from "../../../store/postgres/commands/finish.ts";
import { leaseCommands } from "../../../store/postgres/commands/lease.ts";
import { listCommandRows } from "../../../store/postgres/commands/list.ts";
import { readCommand } from "../../../store/postgres/commands/read.ts";
import { renewLease } from "../../../store/postgres/commands/renew.ts";
import { retryCommandRow } from "../../../store/postgres/commands/retry.ts";
import type { CommandRow } from "../../../store/postgres/commands/row.ts";
import { ApiError } from "../../errors.ts";
import type { Logger } from "../../log.ts";
import { errorFields } from "../../log.ts";
import { canonicalize } from "../../protocol/bytes/canonical.ts";
import { sha256 } from "../../protocol/bytes/encoding.ts";
import { mintId } from "../../protocol/bytes/ids.ts";
import { pageBounds, toPage } from "../page.ts";
import type { PageQuery } from "../page.ts";
import { assertPayload } from "./command_payloads.ts";
import type { CommandKind } from "./command_payloads.ts";
import { createCommandWaiters } from "./command_waiters.ts";
import type { AuditContext } from "../../admin_tokens.ts";
import { audited } from "../audit/audit.ts";
import type { NodeRegistry } from "./registry.ts";

export type PollInput = { wait_seconds: number; max: number; kinds?: string[] };

export type ResultInput = {
  lease_token: number;
  status: "succeeded" | "failed" | "running";
  result?: Record<string, unknown>;
  failure?: { code: string; message: string };
};

export type WireCommand = {
  command_id: string;
  kind: string;
  lease_token: number;
  lease_until: string;
  attempt: number;
  payload: Record<string, unknown>;
};

export type CommandsConfig = { lease_ms?: number; lifetime_ms?: number; grace_ms?: number; bury_ms?: number };

const LARGEST_RESULT_BYTES = 256 * 1024;

/**
 * Commands to nodes: leases with rising tokens, delivered at least once, at most three attempts (docs/design/nodes.md,
 * Commands).
 */
export function createCommands(deps: { db: Database; registry: NodeRegistry; log: Logger; config?: CommandsConfig }) {
  const { db, registry, log } = deps;
  const { lease_ms = 60_000, lifetime_ms = 24 * 3_600_000, grace_ms = 30_000, bury_ms = 1_000 } = deps.config ?? {};
  const waiters = createCommandWaiters();
  registry.onWaitingCommands(waiters.replace);
  const serverTime = (): string => new Date(registry.clock.now_ms()).toISOString();
  const timer = setInterval(() => {
    buryCommands(db, grace_ms).catch((error: unknown) => log.warn("commands_not_buried", errorFields(error)));
  }, bury_ms);
  timer.unref();

  async function changed(row: CommandRow | null, command_id: string, refusal: string): Promise<CommandRow> {
    if (row) return row;
    const found = await readCommand(db, command_id);
    if (!found) throw new ApiError("not_found", "There is no such command.", { param: "command_id" });
    throw new ApiError("conflict", `${refusal} It is ${found.state}.`);
  }

  /** Why a result was not taken; returns when it is the very one that closed the command. */
  async function explain(command_id: string, node_id: string, input: ResultInput, hash: Buffer | null): Promise<void> {
    const row = await readCommand(db, command_id);
    if (!row || row.node_id !== node_id)
      throw new ApiError("not_found", "There is no such command for this node.", { param: "command_id" });
    if (row.state === "cancelled")
      throw new ApiError("lease_superseded", "The command was cancelled. Drop the result.");
    if (row.lease_token !== input.lease_token || row.state === "queued") {
      throw new ApiError("lease_superseded", "A newer lease of this command exists. Drop the result.");
    }
    if (hash === null || row.result_hash === null || !row.result_hash.equals(hash)) {
      throw new ApiError("conflict", `The command is closed: ${row.state}. Another result is not taken.`);
    }
  }

  return {
    /** Told of a command that was just queued for a node. */
    wake: waiters.wake,
    explain,
    /** Leases what is there, or waits; answers empty when nothing came in time or the caller left. */
    async poll(
      node_id: string,
      input: PollInput,
      signal: AbortSignal,
    ): Promise<{ commands: WireCommand[]; server_time: string }> {
      const until = registry.clock.monotonic_ms() + input.wait_seconds * 1_000;
      for (;;) {
        if (waiters.take(node_id)) {
          const rows = await leaseCommands(db, { node_id, max: input.max, kinds: input.kinds ?? null, lease_ms });
          // As many as were asked for: more may wait for the next poll.
          if (rows.length === input.max) waiters.wake(node_id);
          if (rows.length > 0) return { commands: rows.map(toWire), server_time: serverTime() };
        }
        const left_ms = until - registry.clock.monotonic_ms();
        if (left_ms <= 0 || signal.aborted || !(await waiters.wait(node_id, left_ms, signal)))
          return { commands: [], server_time: serverTime() };
      }
    },

    /** Closes a command or lengthens its lease. Throws `not_found`, `lease_superseded`, `conflict`. */
    async result(
      node_id: string,
      command_id: string,
      input: ResultInput,
    ): Promise<{ status: "renewed" | "accepted"; lease_until?: string; server_time: string }> {
      if (input.status === "running") {
        const renewed = await renewLease(db, { command_id, node_id, lease_token: input.lease_token, lease_ms });
        if (renewed)
          return { status: "renewed", lease_until: renewed.lease_until.toISOString(), server_time: serverTime() };
        await explain(command_id, node_id, input, null);
      }
      const { state, result, failure } = outcomeOf(input);
      const result_hash = sha256(canonicalize({ state, result, failure }));
      const taken = await finishCommand(db, {
        command_id,
        node_id,
        lease_token: input.lease_token,
        state,
        result,
        failure,
        result_hash,
      });
      if (!taken) await explain(command_id, node_id, input, result_hash);
      return { status: "accepted", server_time: serverTime() };
    },

    /** Queues a command by an admin. Throws `invalid_request`, `not_found`, `conflict`. */
    async create(
      { reason, ...input }: { node_id: string; kind: CommandKind; payload: Record<string, unknown>; reason: string },
      audit: AuditContext,
    ) {
      assertPayload(input.kind, input.payload);
      const node = registry.view(input.node_id);
      if (!node) throw new ApiError("not_found", "There is no such node.", { param: "node_id" });
      if (node.status === "retired" || node.status === "suspended")
        throw new ApiError("conflict", `The node is ${node.status}: it gets no commands.`);
      const { node_id, kind, payload } = input;
      const command_id = mintId("cmd");
      const command = { command_id, node_id, kind, payload, created_by: audit.actor, lifetime_ms };
      const row = await createCommandRow(db, command, () => audited(audit, command_id, { node_id, kind, reason }));
      waiters.wake(node_id);
      return toAdmin(row);
    },
    async cancel(command_id: string, reason: string, audit: AuditContext) {
      const cancelled = await cancelCommandRow(db, command_id, (row) => row && audited(audit, command_id, { reason }));
      return toAdmin(await changed(cancelled, command_id, "Only an open command can be cancelled."));
    },
    async retry(command_id: string, reason: string, audit: AuditContext) {
      const queued = await retryCommandRow(
        db,
        command_id,
        lifetime_ms,
        (found) => found && audited(audit, command_id, { reason }),
      );
      const row = await changed(queued, command_id, "Only a failed or dead command can be queued again.");
      waiters.wake(row.node_id);
      return toAdmin(row);
    },
    async list(
      query: PageQuery & { node_id?: string | undefined; kind?: string | undefined; state?: string | undefined },
    ) {
      const { limit, after } = pageBounds(query);
      const [created_at, command_id] = after?.split(" ") ?? [];
      if (after !== null && (!command_id || Number.isNaN(Date.parse(created_at!)))) {
        throw new ApiError(
          "invalid_request",
          "cursor is not one that this operation gave out; leave it out to start again.",
          { param: "cursor" },
        );
      }
      const rows = await listCommandRows(db, {
        limit: limit + 1,
        ...(query.node_id === undefined ? {} : { node_id: query.node_id }),
        ...(query.kind === undefined ? {} : { kind: query.kind }),
        ...(query.state === undefined ? {} : { state: query.state }),
        ...(after === null ? {} : { before: { created_at: new Date(created_at!), command_id: command_id! } }),
      });
      return toPage(rows, limit, (row) => `${row.created_at.toISOString()} ${row.command_id}`, toAdmin);
    },
    /** Ends the polls that wait. */
    stop(): void {
      clearInterval(timer);
      waiters.stop();
    },
  };
}

export type Commands = ReturnType<typeof createCommands>;

function outcomeOf(input: ResultInput) {
  if (input.status === "failed") {
    if (!input.failure || input.result)
      throw new ApiError("invalid_request", "A failed command carries failure, and no result.", { param: "failure" });
    return { state: "failed" as const, result: null, failure: input.failure };
  }
  if (!input.result || input.failure)
    throw new ApiError("invalid_request", "A succeeded command carries result, and no failure.", { param: "result" });
  if (JSON.stringify(input.result).length > LARGEST_RESULT_BYTES) {
    throw new ApiError("payload_too_large", `A result may have ${LARGEST_RESULT_BYTES} bytes.`, { param: "result" });
  }
  return { state: "succeeded" as const, result: input.result, failure: null };
}

function toWire(row: CommandRow): WireCommand {
  return {
    command_id: row.command_id,
    kind: row.kind,
    lease_token: row.lease_token,
    lease_until: row.lease_until!.toISOString(),
    attempt: row.attempts,
    payload: row.payload,
  };
}

/** As admins see it. */
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
