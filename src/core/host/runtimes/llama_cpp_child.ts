/** Main of the runtime child: llama.cpp may crash or block here without taking the agent along. Started by llama_cpp.ts with `fork`. */
import { ApiError } from "../../errors.ts";
import { loadEngine, type Engine } from "./llama_cpp/engine.ts";
import type { ChildFailure, FromChild, ToChild } from "./llama_cpp/messages.ts";

const running = new Map<number, AbortController>();
let engine: Engine | undefined;

function send(message: FromChild): void {
  process.send?.(message);
}

function failureOf(error: unknown): ChildFailure {
  if (error instanceof ApiError) return { code: error.code, message: error.message, param: error.param, detail: error.detail };
  return { code: null, message: error instanceof Error ? error.message : "unknown failure", param: null, detail: {} };
}

async function chat(id: number, message: Extract<ToChild, { type: "chat" }>): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const result = await engine!.generate(message.request, controller.signal, (delta) => send({ type: "delta", id, delta }));
    send({ type: "finished", id, result });
  } catch (error) {
    send({ type: "failed", id, failure: failureOf(error) });
  } finally {
    running.delete(id);
  }
}

async function load(message: Extract<ToChild, { type: "load" }>): Promise<void> {
  try {
    engine = await loadEngine(message.options);
    send({ type: "loaded", facts: engine.facts });
  } catch (error) {
    send({ type: "load_failed", reason: error instanceof Error ? error.message : "unknown failure" });
  }
}

process.on("message", (message: ToChild) => {
  switch (message.type) {
    case "load": return void load(message);
    case "chat": return void chat(message.id, message);
    case "cancel": return running.get(message.id)?.abort();
    case "count":
      try {
        return send({ type: "counted", id: message.id, prompt_tokens: engine!.count(message.request) });
      } catch (error) {
        return send({ type: "failed", id: message.id, failure: failureOf(error) });
      }
    case "counters": return send({ type: "counters", id: message.id, counters: { ...engine!.counters } });
  }
});
// The agent stops the child; a Ctrl-C in the terminal reaches both, and the child must finish what the agent still relays.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit(0));
