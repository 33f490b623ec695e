import type { Database } from "../../../store/postgres/database.ts";
import { expireCommands } from "../../../store/postgres/commands/expire.ts";
import { finishCommand } from "../../../store/postgres/commands/finish.ts";
import { leaseCommands } from "../../../store/postgres/commands/lease.ts";
import { readCommand } from "../../../store/postgres/commands/read.ts";
import { renewLease } from "../../../store/postgres/commands/renew.ts";
import type { CommandRow } from "../../../store/postgres/commands/row.ts";
import type { AuditContext } from "../../admin_tokens.ts";
import { ApiError } from "../../errors.ts";
import { errorFields, type Logger } from "../../log.ts";
import { canonicalize } from "../../protocol/bytes/canonical.ts";
import { sha256 } from "../../protocol/bytes/encoding.ts";
import { cancelCommand, createCommand, listCommands, retryCommand } from "./command_admin.ts";
import type { CommandAdminPorts, CommandQuery, NewCommand } from "./command_admin.ts";
import { COMMAND_ATTEMPTS_MAX } from "./command_payloads.ts";
import { createCommandWaiters, type CommandWaiters } from "./command_waiters.ts";
import type { NodeRegistry } from "./registry.ts";
import type { Clock } from "./types.ts";

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

export type PollAnswer = { commands: WireCommand[]; server_time: string };
export type ResultAnswer = { status: "renewed" | "accepted"; lease_until?: string; server_time: string };

export type CommandsConfig = { lease_ms?: number; lifetime_ms?: number; grace_ms?: number; expire_every_ms?: number };

const LARGEST_RESULT_BYTES = 256 * 1024;

type CommandContext = { db: Database; clock: Clock; waiters: CommandWaiters; lease_ms: number };

/**
 * Commands to nodes. Each lease has a higher token; delivery is at least once, at most COMMAND_ATTEMPTS_MAX times
 * (docs/design/nodes.md, Commands).
 */
export function createCommands(deps: { db: Database; registry: NodeRegistry; log: Logger; config?: CommandsConfig }) {
  const { db, registry, log, config = {} } = deps;
  const { lease_ms = 60_000, lifetime_ms = 24 * 3_600_000, grace_ms = 30_000, expire_every_ms = 1_000 } = config;
  const waiters = createCommandWaiters();
  registry.onWaitingCommands(waiters.replace);
  const context: CommandContext = { db, clock: registry.clock, waiters, lease_ms };
  const admin: CommandAdminPorts = { db, node: registry.view, wake: waiters.wake, lifetime_ms };
  const timer = setInterval(() => {
    expireCommands(db, { attempts_max: COMMAND_ATTEMPTS_MAX, grace_ms }).catch((error: unknown) =>
      log.warn("commands_not_expired", errorFields(error)),
    );
  }, expire_every_ms);
  timer.unref();
  return {
    create: (command: NewCommand, audit: AuditContext) => createCommand(admin, command, audit),
    cancel: (command_id: string, reason: string, audit: AuditContext) =>
      cancelCommand(admin, command_id, reason, audit),
    retry: (command_id: string, reason: string, audit: AuditContext) => retryCommand(admin, command_id, reason, audit),
    list: (query: CommandQuery) => listCommands(admin, query),
    /** Ends the waiting poll of a node for which a command was queued. */
    wake: waiters.wake,
    poll: (node_id: string, input: PollInput, signal: AbortSignal) => poll(context, node_id, input, signal),
    result: (node_id: string, command_id: string, input: ResultInput) =>
      takeResult(context, node_id, command_id, input),
    assertSameEnd: (command_id: string, node_id: string, input: ResultInput, result_hash: Buffer) =>
      assertSameEnd(db, command_id, node_id, input, result_hash),
    /** Ends the polls that wait. */
    stop(): void {
      clearInterval(timer);
      waiters.stop();
    },
  };
}

export type Commands = ReturnType<typeof createCommands>;

/** Leases the commands of a node, or waits for one. The answer is empty after the wait, or when the caller left. */
async function poll(
  { db, clock, waiters, lease_ms }: CommandContext,
  node_id: string,
  { wait_seconds, max, kinds }: PollInput,
  signal: AbortSignal,
): Promise<PollAnswer> {
  const until = clock.monotonic_ms() + wait_seconds * 1_000;
  for (;;) {
    if (waiters.take(node_id)) {
      const lease = { node_id, max, kinds: kinds ?? null, lease_ms, attempts_max: COMMAND_ATTEMPTS_MAX };
      const rows = await leaseCommands(db, lease);
      // A full answer: more commands may wait for the next poll.
      if (rows.length === max) waiters.wake(node_id);
      if (rows.length > 0) return { commands: rows.map(toWire), server_time: serverTime(clock) };
    }
    const left_ms = until - clock.monotonic_ms();
    if (left_ms <= 0 || signal.aborted || !(await waiters.wait(node_id, left_ms, signal)))
      return { commands: [], server_time: serverTime(clock) };
  }
}

/** Closes a command or lengthens its lease. Throws `not_found`, `lease_superseded`, `conflict`. */
async function takeResult(
  { db, clock, lease_ms }: CommandContext,
  node_id: string,
  command_id: string,
  input: ResultInput,
): Promise<ResultAnswer> {
  const { lease_token } = input;
  if (input.status === "running") {
    const renewed = await renewLease(db, { command_id, node_id, lease_token, lease_ms });
    if (!renewed) throw refusalOf(await readCommand(db, command_id), node_id, input);
    return { status: "renewed", lease_until: renewed.lease_until.toISOString(), server_time: serverTime(clock) };
  }
  const { state, result, failure } = outcomeOf(input);
  const result_hash = sha256(canonicalize({ state, result, failure }));
  const taken = await finishCommand(db, { command_id, node_id, lease_token, state, result, failure, result_hash });
  if (!taken) await assertSameEnd(db, command_id, node_id, input, result_hash);
  return { status: "accepted", server_time: serverTime(clock) };
}

/**
 * Returns when the same result already closed the command under the same lease, so that a repeated result gets the same
 * answer. Throws the refusal for every other result.
 */
async function assertSameEnd(
  db: Database,
  command_id: string,
  node_id: string,
  input: ResultInput,
  result_hash: Buffer,
): Promise<void> {
  const row = await readCommand(db, command_id);
  const refusal = refusalOf(row, node_id, input);
  if (refusal.code !== "conflict" || !row?.result_hash?.equals(result_hash)) throw refusal;
}

/** The refusal of a result under this lease; `conflict` when the same lease closed the command. */
function refusalOf(row: CommandRow | null, node_id: string, { lease_token }: ResultInput): ApiError {
  if (row?.node_id !== node_id)
    return new ApiError("not_found", "There is no such command for this node.", { param: "command_id" });
  if (row.state === "cancelled") return new ApiError("lease_superseded", "The command was cancelled. Drop the result.");
  if (row.lease_token !== lease_token || row.state === "queued")
    return new ApiError("lease_superseded", "A newer lease of this command exists. Drop the result.");
  return new ApiError("conflict", `The command is closed: ${row.state}. Another result is not taken.`);
}

function serverTime(clock: Clock): string {
  return new Date(clock.now_ms()).toISOString();
}

function outcomeOf(input: ResultInput) {
  if (input.status === "failed") {
    if (!input.failure || input.result)
      throw new ApiError("invalid_request", "The result of a failed command has failure, and no result.", {
        param: "failure",
      });
    return { state: "failed" as const, result: null, failure: input.failure };
  }
  if (!input.result || input.failure)
    throw new ApiError("invalid_request", "The result of a successful command has result, and no failure.", {
      param: "result",
    });
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
