/** The chat engine's process: started, asked, restarted when it dies, and stopped. */
import type { ChildProcess } from "node:child_process";
import {
  DELTAS_AHEAD,
  type ChildFailure,
  type EngineFacts,
  type EngineOptions,
  type Finished,
  type FromChild,
  type ToChild,
} from "../../../../packages/llama-cpp/messages.ts";
import { ApiError } from "../../errors.ts";
import { startLlamaCpp } from "../../llama_cpp_package.ts";
import type { ChatDelta, ChatRequest } from "./runtime.ts";

export type EngineProcess = {
  options: EngineOptions;
  /** Null from its end until it is started again. */
  child: ChildProcess | null;
  /** Null until the model is loaded. */
  facts: EngineFacts | null;
  /** The receivers by the id of the waiting question or chat. */
  listeners: Map<number, Listener>;
  last_id: number;
  /** True once the process is to end: no restart follows. */
  closing: boolean;
  restart_delay_ms: number;
  restart_timer: NodeJS.Timeout | undefined;
};

type Listener = { onMessage(message: FromChild): void; onExit(): void };

const RESTART_DELAY_MS = 500;
const LONGEST_RESTART_DELAY_MS = 30_000;
const EXIT_MS = 2_000;

/** Starts the process and loads the model. Throws Error with the reason when the model cannot be loaded. */
export async function startEngine(options: EngineOptions): Promise<EngineProcess> {
  const engine: EngineProcess = {
    options,
    child: null,
    facts: null,
    listeners: new Map(),
    last_id: 0,
    closing: false,
    restart_delay_ms: RESTART_DELAY_MS,
    restart_timer: undefined,
  };
  try {
    await start(engine);
  } catch (error) {
    engine.closing = true;
    engine.child?.kill("SIGKILL");
    throw error;
  }
  return engine;
}

async function start(engine: EngineProcess): Promise<void> {
  const child = startLlamaCpp("chat_child", "inherit");
  engine.child = child;
  child.on("message", (message: FromChild) => "id" in message && engine.listeners.get(message.id)?.onMessage(message));
  child.on("exit", () => {
    engine.child = null;
    engine.facts = null;
    for (const listener of [...engine.listeners.values()]) listener.onExit();
    if (!engine.closing) engine.restart_timer = setTimeout(() => restart(engine), engine.restart_delay_ms);
  });
  engine.facts = await loaded(child, engine.options);
  engine.restart_delay_ms = RESTART_DELAY_MS;
}

function restart(engine: EngineProcess): void {
  engine.restart_delay_ms = Math.min(engine.restart_delay_ms * 2, LONGEST_RESTART_DELAY_MS);
  start(engine).catch(() => engine.child?.kill("SIGKILL"));
}

function loaded(child: ChildProcess, options: EngineOptions): Promise<EngineFacts> {
  return new Promise((resolve, reject) => {
    child.on("message", (message: FromChild) => {
      if (message.type === "loaded") resolve(message.facts);
      if (message.type === "load_failed") reject(new Error(`llama.cpp cannot load the model: ${message.reason}`));
    });
    child.once("exit", (code, signal) =>
      reject(new Error(`the runtime child ended while loading (${signal ?? code})`)),
    );
    child.send({ type: "load", options } satisfies ToChild);
  });
}

/** Disconnects the process, which then ends by itself, and kills it when it does not. */
export async function stopEngine(engine: EngineProcess): Promise<void> {
  engine.closing = true;
  clearTimeout(engine.restart_timer);
  const { child } = engine;
  if (child === null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.disconnect();
  const kill = setTimeout(() => child.kill("SIGKILL"), EXIT_MS);
  await exited;
  clearTimeout(kill);
}

/** The facts of the loaded model; throws ApiError while no model is loaded. */
export function factsOf(engine: EngineProcess): EngineFacts {
  if (engine.facts === null) throw notReady();
  return engine.facts;
}

/** Asks the child one question; `read` extracts the result from the answer. */
export function ask<T>(
  engine: EngineProcess,
  question: (id: number) => ToChild,
  read: (answer: FromChild) => T | undefined,
): Promise<T> {
  const id = ++engine.last_id;
  return new Promise<T>((resolve, reject) => {
    engine.listeners.set(id, {
      onMessage(message) {
        const value = read(message);
        if (value !== undefined) resolve(value);
        else if (message.type === "failed") reject(errorOf(message.failure));
        else reject(new Error("the runtime child gave an unknown answer"));
      },
      onExit: () => reject(crashed()),
    });
    send(engine, question(id));
  }).finally(() => engine.listeners.delete(id));
}

/** The deltas of one answer; the generator's return value is its end. After an abort the child's last message still comes. */
export async function* chatDeltas(
  engine: EngineProcess,
  request: ChatRequest,
  signal: AbortSignal,
): AsyncGenerator<ChatDelta, Finished> {
  const id = ++engine.last_id;
  const queue: FromChild[] = [];
  let wake: (() => void) | undefined;
  let exited = false;
  engine.listeners.set(id, {
    onMessage(message) {
      queue.push(message);
      wake?.();
    },
    onExit() {
      exited = true;
      wake?.();
    },
  });
  const cancel = () => {
    if (!exited) send(engine, { type: "cancel", id });
  };
  let ended = false;
  let taken = 0;
  try {
    send(engine, { type: "chat", id, request });
    if (signal.aborted) cancel();
    else signal.addEventListener("abort", cancel, { once: true });
    for (;;) {
      const message = queue.shift();
      if (message === undefined) {
        if (exited) throw crashed();
        await new Promise<void>((resolve) => (wake = resolve));
      } else if (message.type === "delta") {
        yield message.delta;
        if (++taken < DELTAS_AHEAD / 2 || exited) continue;
        send(engine, { type: "taken", id, deltas: taken });
        taken = 0;
      } else {
        ended = true;
        if (message.type === "finished") return message.result;
        throw message.type === "failed" ? errorOf(message.failure) : crashed();
      }
    }
  } finally {
    signal.removeEventListener("abort", cancel);
    if (!ended && !signal.aborted) cancel();
    engine.listeners.delete(id);
  }
}

function send(engine: EngineProcess, message: ToChild): void {
  if (engine.child === null || engine.facts === null) throw notReady();
  engine.child.send(message, () => {});
}

function errorOf(failure: ChildFailure): Error {
  if (failure.code === null) return new ApiError("runtime_failed", `The model runtime failed: ${failure.message}`);
  return new ApiError(failure.code, failure.message, { param: failure.param, detail: failure.detail });
}

function crashed(): ApiError {
  return new ApiError("runtime_failed", "The model runtime ended in the middle of its work; it is being restarted.", {
    retry_after_ms: 1000,
  });
}

function notReady(): ApiError {
  return new ApiError("runtime_failed", "The model runtime is being restarted.", { retry_after_ms: 1000 });
}
