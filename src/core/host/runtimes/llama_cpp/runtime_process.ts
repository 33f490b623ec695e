/** The llama_cpp runtime: a GGUF file served by a child process, restarted when it dies. */
import { fork, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { basename, extname } from "node:path";
import { fileURLToPath } from "node:url";
import { ApiError } from "../../../errors.ts";
import { joinChunks } from "../join.ts";
import type { EngineFacts, EngineOptions, Finished } from "./engine.ts";
import { DELTAS_AHEAD, type ChildFailure, type FromChild, type ToChild } from "./messages.ts";
import { LLAMA_CPP_PARAMETERS } from "./sampling.ts";
import {
  chunkFrame,
  type ChatChunk,
  type ChatDelta,
  type ChatRequest,
  type Runtime,
  type RuntimeCounters,
  type RuntimeEvent,
} from "../runtime.ts";

export type LlamaCppOptions = EngineOptions & {
  /** Defaults to the file's name. */
  model_id?: string;
};

export type LlamaCppRuntime = Omit<Runtime, "counters"> & {
  counters(): Promise<RuntimeCounters>;
  /** Process id of the child; null while it is being restarted. */
  pid(): number | null;
};

type Listener = { onMessage(message: FromChild): void; onExit(): void };

const RESTART_DELAY_MS = 500;
const LONGEST_RESTART_DELAY_MS = 30_000;

/** Starts the child and loads the model. Throws Error with the reason when it cannot be loaded. */
export async function createLlamaCppRuntime(options: LlamaCppOptions): Promise<LlamaCppRuntime> {
  const model_id = options.model_id ?? basename(options.model_path);
  const listeners = new Map<number, Listener>();
  let lastId = 0;
  let child: ChildProcess | null = null;
  let facts: EngineFacts | null = null;
  let closing = false;
  let restartDelay = RESTART_DELAY_MS;
  let restartTimer: NodeJS.Timeout | undefined;

  const start = async () => {
    const started = forkChild();
    child = started;
    started.on("message", (message: FromChild) => "id" in message && listeners.get(message.id)?.onMessage(message));
    started.on("exit", () => {
      child = null;
      facts = null;
      for (const listener of [...listeners.values()]) listener.onExit();
      if (!closing) restartTimer = setTimeout(restart, restartDelay);
    });
    facts = await loaded(started, options);
    restartDelay = RESTART_DELAY_MS;
  };
  const restart = () => {
    restartDelay = Math.min(restartDelay * 2, LONGEST_RESTART_DELAY_MS);
    start().catch(() => child?.kill("SIGKILL"));
  };
  const send = (message: ToChild) => {
    if (child === null || facts === null) throw notReady();
    child.send(message, () => {});
  };
  const ask = <T>(message: (id: number) => ToChild, answer: (message: FromChild) => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      const done = () => listeners.delete(id);
      listeners.set(id, {
        onMessage(received) {
          done();
          const value = answer(received);
          if (value !== undefined) resolve(value);
          else
            reject(
              received.type === "failed"
                ? errorOf(received.failure)
                : new Error("the runtime child gave an unknown answer"),
            );
        },
        onExit() {
          done();
          reject(crashed());
        },
      });
      try {
        send(message(id));
      } catch (error) {
        done();
        reject(error as Error);
      }
    });
  const events = (request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatDelta, Finished> =>
    listen({ request, signal, listeners, nextId: () => ++lastId, send });

  try {
    await start();
  } catch (error) {
    closing = true;
    (child as ChildProcess | null)?.kill("SIGKILL");
    throw error;
  }
  return {
    kind: "llama_cpp",
    url: null,
    async models() {
      if (facts === null) throw notReady();
      return [
        {
          id: model_id,
          context_length: facts.context_length,
          parallel: facts.parallel,
          template_tokens: facts.template_tokens,
          supported_parameters: facts.thinking_switch
            ? [...LLAMA_CPP_PARAMETERS, "reasoning_effort"]
            : LLAMA_CPP_PARAMETERS,
          tokens_per_message: facts.tokens_per_message,
          growth_factor_milli: 1000,
          hidden_reasoning: false,
        },
      ];
    },
    chat: (request, { signal }) => frames(request, model_id, events(request, signal)),
    countTokens: (request) =>
      ask(
        (id) => ({ type: "count", id, request }),
        (message) => (message.type === "counted" ? message.prompt_tokens : undefined),
      ),
    counters: () =>
      ask(
        (id) => ({ type: "counters", id }),
        (message) => (message.type === "counters" ? message.counters : undefined),
      ),
    pid: () => child?.pid ?? null,
    async health() {
      return facts === null ? { ready: false, reason: "the model is being loaded" } : { ready: true, reason: null };
    },
    async close() {
      closing = true;
      clearTimeout(restartTimer);
      const leaving = child;
      if (leaving === null) return;
      const exited = new Promise((resolve) => leaving.once("exit", resolve));
      leaving.disconnect();
      const kill = setTimeout(() => leaving.kill("SIGKILL"), 2_000);
      await exited;
      clearTimeout(kill);
    },
  };
}

function forkChild(): ChildProcess {
  // The packed program has .js files where the checkout has .ts files.
  const file = fileURLToPath(new URL(`./child${extname(import.meta.url)}`, import.meta.url));
  // Prompts are in its memory: no signal may open the inspector there.
  return fork(file, {
    execArgv: ["--disable-sigusr1"],
    serialization: "json",
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

function loaded(
  child: ChildProcess,
  { model_path, context_length, parallel, gpu, threads }: EngineOptions,
): Promise<EngineFacts> {
  return new Promise((resolve, reject) => {
    child.on("message", (message: FromChild) => {
      if (message.type === "loaded") resolve(message.facts);
      if (message.type === "load_failed") reject(new Error(`llama.cpp cannot load the model: ${message.reason}`));
    });
    child.once("exit", (code, signal) =>
      reject(new Error(`the runtime child ended while loading (${signal ?? code})`)),
    );
    child.send({ type: "load", options: { model_path, context_length, parallel, gpu, threads } } satisfies ToChild);
  });
}

type Listening = {
  request: ChatRequest;
  signal: AbortSignal;
  listeners: Map<number, Listener>;
  nextId(): number;
  send(message: ToChild): void;
};

/**
 * The deltas of one answer; the generator's return value is its usage. An abort is passed to the child, whose last word
 * still comes.
 */
async function* listen({ request, signal, listeners, nextId, send }: Listening): AsyncGenerator<ChatDelta, Finished> {
  const id = nextId();
  const queue: FromChild[] = [];
  let wake: (() => void) | undefined;
  let exited = false;
  listeners.set(id, {
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
    if (!exited) send({ type: "cancel", id });
  };
  let ended = false;
  let taken = 0;
  try {
    send({ type: "chat", id, request });
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
        send({ type: "taken", id, deltas: taken });
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
    listeners.delete(id);
  }
}

async function* frames(
  request: ChatRequest,
  model: string,
  deltas: AsyncGenerator<ChatDelta, Finished>,
): AsyncGenerator<RuntimeEvent> {
  const chunks = chunksOf(model, deltas);
  if (request.stream) {
    for await (const chunk of chunks) yield chunkFrame(chunk);
    return;
  }
  yield { type: "answer", completion: joinChunks(await Array.fromAsync(chunks)) };
}

/** The role first, then the deltas, the finish reason (none when the answer was cut off), and the usage. */
async function* chunksOf(model: string, deltas: AsyncGenerator<ChatDelta, Finished>): AsyncGenerator<ChatChunk> {
  const id = `chatcmpl-${randomBytes(15).toString("base64url")}`;
  const created = Math.floor(Date.now() / 1000);
  const chunk = (delta: ChatDelta, finish_reason: ChatChunk["choices"][0]["finish_reason"] = null): ChatChunk => ({
    id,
    object: "chat.completion.chunk",
    created,
    model,
    choices: [{ index: 0, delta, finish_reason }],
  });
  try {
    let next = await deltas.next();
    yield chunk({ role: "assistant", content: "" });
    for (; !next.done; next = await deltas.next()) yield chunk(next.value);
    const { finish_reason, usage } = next.value;
    if (finish_reason !== null) yield chunk({}, finish_reason);
    yield { ...chunk({}), choices: [], usage };
  } finally {
    // Whoever stops reading here must stop the child as well; a generator that is only stepped is not told by itself.
    await deltas.return({ finish_reason: null, usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } });
  }
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
