import { setTimeout as sleep } from "node:timers/promises";
import type {
  Command,
  CommandFailure as Failure,
  CommandKind,
  CommandResultRequest,
  components,
  ReceiptVerdict,
} from "../../../../generated/hosted.ts";
import { errorFields, type Logger } from "../../log.ts";
import { GatewayCallError, type GatewayClient } from "./gateway_client.ts";

type Schemas = components["schemas"];

/** The payload of a command of each kind, and the result of a successful one. */
type Work = {
  benchmark_smoke: [Schemas["payload_benchmark_smoke"], Schemas["result_benchmark_smoke"]];
  tunnel_check: [Schemas["payload_tunnel_check"], Schemas["result_tunnel_check"]];
  runtime_probe: [Schemas["payload_runtime_probe"], Schemas["result_runtime_probe"]];
  model_install: [Schemas["payload_model_install"], Schemas["result_model_install"]];
  support_bundle: [Schemas["payload_support_bundle"], Schemas["result_support_bundle"]];
  private_job: [Schemas["payload_private_job"], Required<Pick<CommandResultRequest, "encrypted_response" | "receipt">>];
};

/**
 * Runs one command. Rejects with a CommandFailure that says why the command was not done. A handler must stand
 * repetition, and end when the signal does.
 */
export type CommandHandler<Kind extends CommandKind = CommandKind> = (
  payload: Work[Kind][0],
  signal: AbortSignal,
  command: Command,
) => Promise<Work[Kind][1]>;

export type CommandHandlers = { [Kind in CommandKind]?: CommandHandler<Kind> };

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
  handlers: CommandHandlers;
  /** Called with the gateway's verdict on the receipt that came with a private job's result. */
  onReceipt?: (receipt_hash: string, verdict: ReceiptVerdict) => void;
  /** How many commands run at once. */
  concurrency?: number;
  wait_seconds?: number;
  /** How often a running command's lease is renewed. */
  renew_ms?: number;
  retry_ms?: number;
  random?: () => number;
};

type Outcome = Omit<CommandResultRequest, "lease_token">;

type Loop = Required<Omit<CommandLoopDeps, "onReceipt">> &
  Pick<CommandLoopDeps, "onReceipt"> & {
    /** Aborted when the agent stops. */
    stop: AbortController;
    /** The commands that run now. */
    active: Set<Promise<void>>;
  };

/**
 * Gets commands from the gateway by long poll, renews their leases while they run, and reports each result until the
 * gateway accepts it or refuses it for good (docs/design/nodes.md, Commands).
 */
export function createCommandLoop(deps: CommandLoopDeps) {
  const loop: Loop = {
    concurrency: 1,
    wait_seconds: 20,
    renew_ms: 20_000,
    retry_ms: 5_000,
    random: Math.random,
    ...deps,
    stop: new AbortController(),
    active: new Set(),
  };
  let running: Promise<void> | null = null;
  return {
    start(): void {
      running ??= run(loop);
    },
    /** Aborts the commands that run, without a result: their leases end, and the gateway leases them again. */
    async stop(): Promise<void> {
      loop.stop.abort();
      await running;
      await Promise.all(loop.active);
    },
  };
}

export type CommandLoop = ReturnType<typeof createCommandLoop>;

async function run(loop: Loop): Promise<void> {
  const { client, log, active, concurrency, wait_seconds } = loop;
  const { signal } = loop.stop;
  while (!signal.aborted) {
    if (active.size >= concurrency) {
      await Promise.race(active);
      continue;
    }
    try {
      const body = { wait_seconds, max: concurrency - active.size };
      const { commands } = await client.call(
        "pollCommands",
        { body },
        { signal, timeout_ms: wait_seconds * 1_000 + 15_000 },
      );
      for (const command of commands) begin(loop, command);
    } catch (error) {
      if (signal.aborted) return;
      log.info(
        "commands_not_polled",
        error instanceof GatewayCallError ? { error_code: error.code } : errorFields(error),
      );
      await pause(loop, signal);
    }
  }
}

function begin(loop: Loop, command: Command): void {
  const done = execute(loop, command).finally(() => loop.active.delete(done));
  loop.active.add(done);
}

async function execute(loop: Loop, command: Command): Promise<void> {
  const cancel = new AbortController();
  const signal = AbortSignal.any([loop.stop.signal, cancel.signal]);
  const renewal = setInterval(() => {
    submit(loop, command, { status: "running" }, signal).catch((error: unknown) => {
      // The command was cancelled or leased to another process: no caller waits for its result.
      if (isFinal(error)) cancel.abort();
    });
  }, loop.renew_ms);
  try {
    const outcome = await outcomeOf(loop, command, signal);
    clearInterval(renewal);
    if (!signal.aborted) await report(loop, command, outcome, signal);
  } finally {
    clearInterval(renewal);
  }
}

async function outcomeOf({ handlers, log }: Loop, command: Command, signal: AbortSignal): Promise<Outcome> {
  const { kind, command_id, payload } = command;
  // The document ties the payload to the kind; the types of both are unions.
  const handler = Object.hasOwn(handlers, kind) ? (handlers[kind] as CommandHandler | undefined) : undefined;
  if (handler === undefined) return failed("command_not_supported", "This agent does not know the command.");
  try {
    const answer = await handler(payload, signal, command);
    return "encrypted_response" in answer
      ? { status: "succeeded", ...answer }
      : { status: "succeeded", result: answer };
  } catch (error) {
    if (error instanceof CommandFailure) return failed(error.code, error.message);
    if (!signal.aborted) log.warn("command_failed", { command_id, kind, ...errorFields(error) });
    return failed("command_failed", "The command failed; the agent's log says where.");
  }
}

function failed(code: Failure["code"], message: string): Outcome {
  return { status: "failed", failure: { code, message } };
}

/** Repeats until the gateway took the result, or refuses it for good. */
async function report(loop: Loop, command: Command, outcome: Outcome, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const { receipt } = await submit(loop, command, outcome, signal);
      if (outcome.receipt && receipt) loop.onReceipt?.(outcome.receipt.receipt_hash, receipt);
      return;
    } catch (error) {
      if (isFinal(error))
        return loop.log.info("command_result_refused", { command_id: command.command_id, error_code: error.code });
      await pause(loop, signal);
    }
  }
}

function submit({ client }: Loop, { command_id, lease_token }: Command, outcome: Outcome, signal: AbortSignal) {
  return client.call("submitCommandResult", { path: { command_id }, body: { lease_token, ...outcome } }, { signal });
}

/** Refusals that no repetition mends. */
function isFinal(error: unknown): error is GatewayCallError {
  return error instanceof GatewayCallError && [400, 404, 409, 413].includes(error.status);
}

/** Waits half to one and a half times the interval of repeats, or until the signal. */
function pause({ retry_ms, random }: Loop, signal: AbortSignal): Promise<void> {
  return sleep(retry_ms * (0.5 + random()), undefined, { signal }).catch(() => undefined);
}
