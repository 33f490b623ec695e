/**
 * Main of the chat engine's process: llama.cpp may crash or block here without the agent. The agent starts it with `fork`
 * (src/core/host/runtimes/llama_cpp.ts).
 */
import type { Engine } from "./engine.ts";
import { EngineError } from "./engine_error.ts";
import type { Gpu } from "./library.ts";
import { DELTAS_AHEAD, type ChildFailure, type FromChild, type ToChild } from "./messages.ts";

/** Chats in progress by the id that the agent gave them. */
const running = new Map<number, { controller: AbortController; flow: ReturnType<typeof createFlow> }>();
let engine: Engine | undefined;

function send(message: FromChild): void {
  process.send?.(message);
}

function failureOf(error: unknown): ChildFailure {
  if (error instanceof EngineError) {
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
      onDelta(delta) {
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

/** Counts the deltas that the agent has not taken; `ready` resolves when another may be made, or the chat was cancelled. */
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
    const { loadEngine } = await import("./engine.ts");
    engine = await loadEngine(message.options);
    send({ type: "loaded", facts: engine.facts });
  } catch (error) {
    send({ type: "load_failed", reason: loadFailure(error, message.options.gpu) });
  }
}

const NOT_INSTALLED =
  "llama.cpp is not installed: b3iq-llama-cpp fetches it; or set B3IQ_RUNTIME_URL to a model server";

function loadFailure(error: unknown, gpu: Gpu): string {
  if (!(error instanceof Error)) return "unknown failure";
  if ((error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND") return NOT_INSTALLED;
  if (error.constructor.name !== "NoBinaryFoundError") return error.message;
  if (gpu !== "cuda" && gpu !== "vulkan") return NOT_INSTALLED;
  return `B3IQ_GPU: found ${gpu}, but no llama.cpp binary for it is installed, or none loads here: b3iq-llama-cpp ${gpu} fetches one; allowed without: off, auto`;
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
// A Ctrl-C in the terminal reaches agent and child: the child must finish what the agent still relays, and ends with it.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit(0));
