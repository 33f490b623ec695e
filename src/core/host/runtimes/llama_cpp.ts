/** The llama_cpp runtime: a GGUF file that a child process serves. */
import { randomBytes } from "node:crypto";
import { basename } from "node:path";
import type { EngineOptions, Finished } from "../../../../packages/llama-cpp/messages.ts";
import { joinChunks } from "./join.ts";
import { ask, chatDeltas, factsOf, startEngine, stopEngine, type EngineProcess } from "./llama_cpp_process.ts";
import {
  chunkFrame,
  type ChatChunk,
  type ChatDelta,
  type ChatRequest,
  type Runtime,
  type RuntimeCounters,
  type RuntimeEvent,
  type RuntimeModel,
} from "./runtime.ts";

export type LlamaCppOptions = EngineOptions & {
  /** Defaults to the file's name. */
  model_id?: string;
};

export type LlamaCppRuntime = Omit<Runtime, "counters"> & {
  counters(): Promise<RuntimeCounters>;
  /** Process id of the child; null while it is being restarted. */
  pid(): number | null;
};

/** Starts the child and loads the model. Throws Error with the reason when it cannot be loaded. */
export async function createLlamaCppRuntime({ model_id, ...options }: LlamaCppOptions): Promise<LlamaCppRuntime> {
  const id = model_id ?? basename(options.model_path);
  const engine = await startEngine(options);
  return {
    kind: "llama_cpp",
    url: null,
    models: async () => [modelOf(engine, id)],
    chat: (request, { signal }) => frames(request, id, chatDeltas(engine, request, signal)),
    countTokens: (request) =>
      ask(
        engine,
        (question) => ({ type: "count", id: question, request }),
        (answer) => (answer.type === "counted" ? answer.prompt_tokens : undefined),
      ),
    counters: () =>
      ask(
        engine,
        (question) => ({ type: "counters", id: question }),
        (answer) => (answer.type === "counters" ? answer.counters : undefined),
      ),
    pid: () => engine.child?.pid ?? null,
    health: async () =>
      engine.facts === null ? { ready: false, reason: "the model is being loaded" } : { ready: true, reason: null },
    close: () => stopEngine(engine),
  };
}

function modelOf(engine: EngineProcess, id: string): RuntimeModel {
  return { id, ...factsOf(engine), growth_factor_milli: 1000, hidden_reasoning: false };
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
  const chunk = (delta: ChatDelta, finish_reason: Finished["finish_reason"] = null): ChatChunk => ({
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
    // A reader that leaves here must stop the child too: `next` alone does not tell a generator that its caller has gone.
    await deltas.return({ finish_reason: null, usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } });
  }
}
