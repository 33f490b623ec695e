/** One loaded GGUF model: several sequences at once, each of which takes one request from its prompt to its usage. */
import { availableParallelism } from "node:os";
import { statSync } from "node:fs";
import type { LlamaContextSequence, Token } from "node-llama-cpp";
import type { ChatTool } from "../../generated/local.ts";
import type { FinishReason } from "../../src/core/chat_form.ts";
import type { ChatDelta, ChatRequest, ChatUsage, RuntimeCounters } from "../../src/core/host/runtimes/runtime.ts";
import { createAnswer, type Answer } from "./answer.ts";
import { EngineError } from "./engine_error.ts";
import { layersOnGpu, openLibrary } from "./library.ts";
import type { EngineFacts, EngineOptions, Finished } from "./messages.ts";
import { planOf, type LoadedModel, type Plan } from "./plan.ts";
import { ENGINE_PARAMETERS, samplingOptions } from "./sampling.ts";
import { createChatTemplate } from "./template.ts";

export type Reader = {
  onDelta(delta: ChatDelta): void;
  /** Resolves when the reader has caught up enough for another token. */
  ready(): Promise<void>;
};

export type Engine = {
  facts: EngineFacts;
  counters: RuntimeCounters;
  /** Tokens of the request's prompt. */
  count(request: ChatRequest): number;
  /**
   * Runs one request. An abort ends it within a token, or a slice of the prompt, with the usage so far and no finish reason.
   * Throws EngineError for a request that it refuses.
   */
  generate(request: ChatRequest, signal: AbortSignal, reader: Reader): Promise<Finished>;
};

/** Below this size more threads cost more than they bring: a token takes 0.3 ms on one thread and 20 ms on two. */
const SMALL_MODEL_BYTES = 32 * 1024 * 1024;
/** A prompt is evaluated in slices of about this long, so that an abort is noticed in time. */
const SLICE_MS = 200;
/** The first slice has so many tokens; each later one as many as took SLICE_MS, within these bounds. */
const SLICE_TOKENS = { first: 64, least: 8, most: 512 };

/** Loads the model. Throws with llama.cpp's reason when the file cannot be read or memory is short. */
export async function loadEngine(options: EngineOptions): Promise<Engine> {
  const loaded = await loadModel(options);
  const { template, context, counters } = loaded;
  const free = Array.from({ length: options.parallel }, () => context.getSequence());
  return {
    facts: factsOf(loaded, options.parallel),
    counters,
    count: (request) => template.render(request).tokens.length,
    async generate(request, signal, reader) {
      const plan = await planOf(request, loaded);
      const sequence = free.pop();
      if (sequence === undefined) throw new EngineError("runtime_busy", "Every sequence of the model is in use.");
      counters.running++;
      try {
        return await run(plan, sequence, loaded, signal, reader);
      } finally {
        // Nothing of one request is kept for the next: another customer could tell by its time what is cached.
        await sequence.clearHistory();
        counters.running--;
        free.push(sequence);
      }
    },
  };
}

async function loadModel(options: EngineOptions): Promise<LoadedModel> {
  const threads = options.threads > 0 ? options.threads : threadsFor(options.model_path);
  const llama = await openLibrary(options.gpu, threads);
  const model = await llama.loadModel({ modelPath: options.model_path, ...layersOnGpu(options.gpu) });
  const context = await model.createContext({
    contextSize: { max: Math.min(options.context_length, model.trainContextSize) },
    sequences: options.parallel,
    threads,
  });
  const counters: RuntimeCounters = { evaluated_tokens: 0, generated_tokens: 0, running: 0 };
  return { llama, model, context, template: createChatTemplate(model), counters };
}

/**
 * A large model leaves one core to the agent: llama.cpp spins, and a thread without a core of its own makes all others
 * wait.
 */
function threadsFor(model_path: string): number {
  return statSync(model_path).size < SMALL_MODEL_BYTES ? 1 : Math.max(1, availableParallelism() - 1);
}

function factsOf({ template, context }: LoadedModel, parallel: number): EngineFacts {
  const tool: ChatTool = { type: "function", function: { name: "f" } };
  const tokens = (count: number, tools?: ChatTool[]) =>
    template.render({
      model: "",
      ...(tools ? { tools } : {}),
      messages: Array.from({ length: count }, (_, i) => ({ role: i % 2 === 0 ? "user" : "assistant", content: "" })),
    }).tokens.length;
  const [one, three, oneWithTool] = [tokens(1), tokens(3), tokens(1, [tool])];
  const perMessage = Math.ceil(Math.max(0, three - one) / 2);
  return {
    context_length: context.contextSize,
    parallel,
    supported_parameters: [...ENGINE_PARAMETERS, ...(template.facts.thinking_switch ? ["reasoning_effort"] : [])],
    template_tokens: Math.max(one, oneWithTool),
    tokens_per_message: perMessage + 2,
  };
}

async function run(
  plan: Plan,
  sequence: LlamaContextSequence,
  loaded: LoadedModel,
  signal: AbortSignal,
  reader: Reader,
): Promise<Finished> {
  const { model, counters } = loaded;
  const answer = createAnswer(plan, loaded, reader.onDelta);
  const finished = (finish_reason: FinishReason | null) => ({ finish_reason, usage: usageOf(plan, answer, loaded) });
  if (!(await evaluatePrompt(plan.prompt.tokens, sequence, counters, signal))) return finished(null);
  const options = {
    ...samplingOptions(plan.request, model, answer.tokens),
    grammarEvaluationState: () => answer.grammar,
  };
  for await (const token of sequence.evaluate(plan.prompt.tokens.slice(-1), options)) {
    counters.generated_tokens++;
    if (signal.aborted) return finished(null);
    const ended = model.isEogToken(token);
    if (ended) answer.finish();
    else answer.push(token);
    if (ended || answer.done) return finished(answer.tool_calls > 0 ? "tool_calls" : "stop");
    if (answer.tokens.length >= plan.max_tokens) {
      answer.finish();
      return finished("length");
    }
    await reader.ready();
    if (signal.aborted) return finished(null);
  }
  throw new Error("the model stopped without an end token");
}

function usageOf(plan: Plan, answer: Answer, { template }: LoadedModel): ChatUsage {
  const prompt_tokens = plan.prompt.tokens.length;
  const completion_tokens = answer.tokens.length;
  const usage: ChatUsage = { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
  if (template.facts.reasoning_marks) usage.completion_tokens_details = { reasoning_tokens: answer.reasoning_tokens };
  return usage;
}

/** Evaluates all tokens but the last; false when the request was cancelled meanwhile. */
async function evaluatePrompt(
  tokens: Token[],
  sequence: LlamaContextSequence,
  counters: RuntimeCounters,
  signal: AbortSignal,
): Promise<boolean> {
  let slice = SLICE_TOKENS.first;
  for (let at = 0; at < tokens.length - 1;) {
    if (signal.aborted) return false;
    const part = tokens.slice(at, Math.min(at + slice, tokens.length - 1));
    const started = performance.now();
    await sequence.evaluateWithoutGeneratingNewTokens(part);
    counters.evaluated_tokens += part.length;
    at += part.length;
    const took = Math.max(performance.now() - started, 1);
    const next = Math.floor((part.length * SLICE_MS) / took);
    slice = Math.min(SLICE_TOKENS.most, Math.max(SLICE_TOKENS.least, next));
  }
  return !signal.aborted;
}
