import type { Logger } from "../log.ts";
import { errorFields } from "../log.ts";
import { GatewayCallError } from "./gateway_client.ts";
import type { GatewayClient } from "./gateway_client.ts";

export type LeasedCommand = { command_id: string; kind: string; arguments: Record<string, unknown>; lease_token: number; lease_ms: number };

/** Runs one command. What it answers is the result; what it throws makes the command fail with a stable code. Must stand repetition. */
export type CommandHandler = (args: Record<string, unknown>, signal: AbortSignal) => Promise<Record<string, unknown>>;

/** A failure with a code that may be shown to the operator; any other error is `command_failed`. */
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
  /** How many run at once. */
  concurrency?: number;
  wait_ms?: number;
  random?: () => number;
};

type Running = { command: LeasedCommand; stop: AbortController };
type Poll = { commands: LeasedCommand[]; cancelled: string[] };

const RETRY_MS = 5_000;

/**
 * Takes commands from the gateway by long poll, renews the leases of those that run with each poll, and reports each result until it
 * is taken or superseded (design: nodes.md, Commands).
 */
export function createCommandLoop(deps: CommandLoopDeps) {
  const concurrency = deps.concurrency ?? 1;
  const wait_ms = deps.wait_ms ?? 20_000;
  const random = deps.random ?? Math.random;
  const stop = new AbortController();
  const active = new Map<string, Running>();
  let running: Promise<void> | null = null;

  async function execute({ command, stop: cancel }: Running): Promise<void> {
    const { command_id, lease_token, kind } = command;
    let result: Record<string, unknown>;
    try {
      const handler = deps.handlers[kind];
      if (!handler) throw new CommandFailure("command_not_supported", "This agent does not know the command.");
      result = { lease_token, outcome: "succeeded", result: await handler(command.arguments, cancel.signal) };
    } catch (error) {
      if (cancel.signal.aborted) return;
      if (!(error instanceof CommandFailure)) deps.log.warn("command_failed", { command_id, ...errorFields(error) });
      result = { lease_token, outcome: "failed", error_code: error instanceof CommandFailure ? error.code : "command_failed" };
    }
    await report(command_id, result, cancel.signal);
  }

  async function report(command_id: string, result: Record<string, unknown>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await deps.client.call("POST", `/v1/node/commands/${command_id}/result`, result, { signal });
        return;
      } catch (error) {
        if (signal.aborted) return;
        // Another lease, a cancel, or a result that is not wanted: nothing is left to do here.
        if (error instanceof GatewayCallError && error.status >= 400 && error.status < 500 && error.status !== 429) {
          return deps.log.info("command_result_refused", { command_id, error_code: error.code });
        }
        await pause(RETRY_MS * (0.5 + random()), signal);
      }
    }
  }

  async function poll(): Promise<void> {
    const held = [...active.values()].map(({ command: { command_id, lease_token } }) => ({ command_id, lease_token }));
    const free = concurrency - active.size;
    // With nothing free the poll only renews leases: it needs no long wait.
    const body = { wait_ms: free > 0 && held.length === 0 ? wait_ms : Math.min(wait_ms, 5_000), max: Math.max(0, free), running: held };
    const { commands, cancelled } = await deps.client.call<Poll>("POST", "/v1/node/commands/poll", body, { signal: stop.signal, timeout_ms: wait_ms + 15_000 });
    for (const command_id of cancelled) active.get(command_id)?.stop.abort();
    for (const command of commands) {
      const entry: Running = { command, stop: new AbortController() };
      active.get(command.command_id)?.stop.abort();
      active.set(command.command_id, entry);
      void execute(entry).finally(() => { if (active.get(command.command_id) === entry) active.delete(command.command_id); });
    }
    if (free <= 0) await pause(1_000, stop.signal);
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      try {
        await poll();
      } catch (error) {
        if (stop.signal.aborted) return;
        deps.log.info("commands_not_polled", error instanceof GatewayCallError ? { error_code: error.code } : errorFields(error));
        await pause(RETRY_MS * (0.5 + random()), stop.signal);
      }
    }
  }

  return {
    start(): void { running ??= run(); },
    /** What runs is aborted without a result: its lease ends, and it is leased again. */
    async stop(): Promise<void> {
      stop.abort();
      for (const entry of active.values()) entry.stop.abort();
      await running;
    },
  };
}

export type CommandLoop = ReturnType<typeof createCommandLoop>;

function pause(timeout_ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => { clearTimeout(timer); signal.removeEventListener("abort", done); resolve(); };
    const timer = setTimeout(done, timeout_ms);
    signal.addEventListener("abort", done, { once: true });
  });
}
