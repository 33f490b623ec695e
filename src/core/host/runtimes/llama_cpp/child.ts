/**
 * Main of the runtime child: llama.cpp may crash or block here without taking the agent along. Started by runtime_process.ts
 * with `fork`.
 */
import { ApiError } from "../../../errors.ts";
import { loadEngine, type Engine } from "./engine.ts";
import { DELTAS_AHEAD, type ChildFailure, type FromChild, type ToChild } from "./messages.ts";

const running = new Map<number, { controller: AbortController; flow: ReturnType<typeof createFlow> }>();
let engine: Engine | undefined;

function send(message: FromChild): void {
  process.send?.(message);
}

function failureOf(error: unknown): ChildFailure {
  if (error instanceof ApiError) {
    return { code: error.code, message: error.message, param: error.param, detail: error.detail };
  }
  return { code: null, message: error instanceof Error ? error.message : "unknown failure", param: null, detail: {} };
}

async function chat(id: number, message: Extract<ToChild, { type: "chat" }>): Promise<void> {
  const controller = new AbortController();
  const flow = createFlow(controller.signal);
  running.set(id, { controller, flow });
  try {
    const result = await engine!.generate(message.request, controller.signal, {
      ready: flow.ready,
      delta(delta) {
        flow.sent();
        send({ type: "delta", id, delta });
      },
    });
    send({ type: "finished", id, result });
  } catch (error) {
    send({ type: "failed", id, failure: failureOf(error) });
  } finally {
    running.delete(id);
  }
}

/** Counts the deltas on their way; `ready` resolves when another one may be made, or when the request was cancelled. */
function createFlow(signal: AbortSignal) {
  let ahead = 0;
  let wake: (() => void) | undefined;
  signal.addEventListener("abort", () => wake?.());
  return {
    sent: () => void ahead++,
    taken(deltas: number) {
      ahead -= deltas;
      wake?.();
    },
    async ready() {
      while (ahead >= DELTAS_AHEAD && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}

async function load(message: Extract<ToChild, { type: "load" }>): Promise<void> {
  try {
    engine = await loadEngine(message.options);
    send({ type: "loaded", facts: engine.facts });
  } catch (error) {
    send({ type: "load_failed", reason: loadFailure(error, message.options.gpu) });
  }
}

function loadFailure(error: unknown, gpu: string | false): string {
  if (!(error instanceof Error)) return "unknown failure";
  if (error.name === "NoBinaryFoundError" || error.constructor.name === "NoBinaryFoundError") {
    return gpu === false
      ? "llama.cpp has no binary for this machine; use B3IQ_RUNTIME_URL"
      : `B3IQ_GPU: found ${gpu}, but its llama.cpp binary is not installed; allowed here: off, auto`;
  }
  return error.message;
}

process.on("message", (message: ToChild) => {
  switch (message.type) {
    case "load":
      return void load(message);
    case "chat":
      return void chat(message.id, message);
    case "cancel":
      return running.get(message.id)?.controller.abort();
    case "taken":
      return running.get(message.id)?.flow.taken(message.deltas);
    case "count":
      try {
        return send({ type: "counted", id: message.id, prompt_tokens: engine!.count(message.request) });
      } catch (error) {
        return send({ type: "failed", id: message.id, failure: failureOf(error) });
      }
    case "counters":
      return send({ type: "counters", id: message.id, counters: { ...engine!.counters } });
  }
});
// The agent stops the child; a Ctrl-C in the terminal reaches both, and the child must finish what the agent still
// relays.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit(0));
