import type { ReceiptVerdict } from "../../../../generated/hosted.ts";
import type { Logger } from "../../log.ts";
import { errorFields } from "../../log.ts";
import { GatewayCallError } from "./gateway_client.ts";
import type { GatewayClient } from "./gateway_client.ts";

export type LeasedCommand = {
  command_id: string;
  kind: string;
  lease_token: number;
  lease_until: string;
  attempt: number;
  payload: Record<string, unknown>;
};

/**
 * Runs one command. What it answers is the result, or for a private job the sealed result with its receipt; a
 * CommandFailure says why not. It must stand repetition, and end when the signal does.
 */
export type CommandHandler = (
  payload: Record<string, unknown>,
  signal: AbortSignal,
  command: LeasedCommand,
) => Promise<object>;

/** A failure whose code and sentence the operator of the gateway may see. */
export class CommandFailure extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = "CommandFailure";
    this.code = code;
  }
}

export type CommandLoopDeps = {
  client: GatewayClient;
  log: Logger;
  handlers: Partial<Record<string, CommandHandler>>;
  /** Told what the gateway made of the receipt that came with a private job's result. */
  onReceipt?: (receipt_hash: string, verdict: ReceiptVerdict) => void;
  /** How many run at once. */
  concurrency?: number;
  wait_seconds?: number;
  /** How often a running command's lease is renewed. */
  renew_ms?: number;
  retry_ms?: number;
  random?: () => number;
};

type Outcome =
  { status: "succeeded"; result?: object } | { status: "failed"; failure: { code: string; message: string } };

/**
 * Takes commands from the gateway by long poll, renews their leases while they run, and reports each result until it is
 * taken or superseded (docs/design/nodes.md, Commands).
 */
export function createCommandLoop(deps: CommandLoopDeps) {
  const { concurrency = 1, wait_seconds = 20, renew_ms = 20_000, retry_ms = 5_000, random = Math.random } = deps;
  const stop = new AbortController();
  const active = new Set<Promise<void>>();
  let running: Promise<void> | null = null;

  async function execute(command: LeasedCommand): Promise<void> {
    const cancel = new AbortController();
    const signal = AbortSignal.any([stop.signal, cancel.signal]);
    const renewal = setInterval(() => {
      deps.client
        .call("POST", resultPath(command), { lease_token: command.lease_token, status: "running" }, { signal })
        .catch((error: unknown) => {
          // Cancelled, or leased to somebody else: go on for nobody.
          if (isFinal(error)) cancel.abort();
        });
    }, renew_ms);
    try {
      const outcome = await outcomeOf(command, signal);
      clearInterval(renewal);
      if (!signal.aborted) await report(command, outcome, signal);
    } finally {
      clearInterval(renewal);
    }
  }

  async function outcomeOf(command: LeasedCommand, signal: AbortSignal): Promise<Outcome> {
    const handler = Object.hasOwn(deps.handlers, command.kind) ? deps.handlers[command.kind] : undefined;
    if (!handler)
      return {
        status: "failed",
        failure: { code: "command_not_supported", message: "This agent does not know the command." },
      };
    try {
      const answer = await handler(command.payload, signal, command);
      return { status: "succeeded", ...(command.kind === "private_job" ? answer : { result: answer }) };
    } catch (error) {
      if (error instanceof CommandFailure)
        return { status: "failed", failure: { code: error.code, message: error.message } };
      if (!signal.aborted)
        deps.log.warn("command_failed", { command_id: command.command_id, kind: command.kind, ...errorFields(error) });
      return {
        status: "failed",
        failure: { code: "command_failed", message: "The command failed; the agent's log says where." },
      };
    }
  }

  async function report(command: LeasedCommand, outcome: Outcome, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const body = { lease_token: command.lease_token, ...outcome };
        const answer = await deps.client.call<{ receipt?: ReceiptVerdict }>("POST", resultPath(command), body, {
          signal,
        });
        const { receipt_hash } = (outcome as { receipt?: { receipt_hash?: string } }).receipt ?? {};
        if (receipt_hash !== undefined && answer.receipt) deps.onReceipt?.(receipt_hash, answer.receipt);
        return;
      } catch (error) {
        if (isFinal(error))
          return deps.log.info("command_result_refused", { command_id: command.command_id, error_code: error.code });
        await pause(retry_ms * (0.5 + random()), signal);
      }
    }
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      if (active.size >= concurrency) {
        await Promise.race(active);
        continue;
      }
      try {
        const { commands } = await deps.client.call<{ commands: LeasedCommand[] }>(
          "POST",
          "/v1/node/commands/poll",
          { wait_seconds, max: concurrency - active.size },
          { signal: stop.signal, timeout_ms: wait_seconds * 1_000 + 15_000 },
        );
        for (const command of commands) begin(command);
      } catch (error) {
        if (stop.signal.aborted) return;
        deps.log.info(
          "commands_not_polled",
          error instanceof GatewayCallError ? { error_code: error.code } : errorFields(error),
        );
        await pause(retry_ms * (0.5 + random()), stop.signal);
      }
    }
  }

  function begin(command: LeasedCommand): void {
    const done = execute(command).finally(() => active.delete(done));
    active.add(done);
  }

  return {
    start(): void {
      running ??= run();
    },
    /** What runs is aborted without a result: its lease ends, and it is leased again. */
    async stop(): Promise<void> {
      stop.abort();
      await running;
      await Promise.all(active);
    },
  };
}

export type CommandLoop = ReturnType<typeof createCommandLoop>;

function resultPath({ command_id }: LeasedCommand): string {
  return `/v1/node/commands/${command_id}/result`;
}

/** Refusals that no repetition mends. */
function isFinal(error: unknown): error is GatewayCallError {
  return error instanceof GatewayCallError && [400, 404, 409, 413].includes(error.status);
}

function pause(timeout_ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, timeout_ms);
    signal.addEventListener("abort", done, { once: true });
  });
}
