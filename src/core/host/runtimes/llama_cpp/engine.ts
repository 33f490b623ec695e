/**
 * One loaded GGUF model: several sequences at once, each serving one request from rendered prompt to counted answer.
 */
import { availableParallelism } from "node:os";
import { statSync } from "node:fs";
import {
  getLlama,
  LlamaLogLevel,
  type Llama,
  type LlamaContext,
  type LlamaContextSequence,
  type LlamaGrammar,
  type LlamaModel,
  type Token,
} from "node-llama-cpp";
import { ApiError } from "../../../errors.ts";
import type { FinishReason } from "../../../chat_form.ts";
import type { ChatDelta, ChatRequest, ChatUsage, RuntimeCounters, Tool } from "../runtime.ts";
import { createAnswer } from "./answer.ts";
import { constraintsOf, type Constraints } from "./constraints.ts";
import { samplingOptions } from "./sampling.ts";
import { createChatTemplate, type ChatTemplate, type RenderedPrompt } from "./template.ts";

export type EngineOptions = {
  model_path: string;
  /** Upper limit; the model's own training length bounds it too. */
  context_length: number;
  parallel: number;
  gpu: "auto" | "cuda" | "vulkan" | "metal" | false;
  /** 0: one for a small model, else all cores but one. */
  threads: number;
};

export type EngineFacts = {
  context_length: number;
  parallel: number;
  reasoning: boolean;
  thinking_switch: boolean;
  template_tokens: number;
  tokens_per_message: number;
};

export type Finished = { finish_reason: FinishReason | null; usage: ChatUsage };

export type Progress = {
  delta(delta: ChatDelta): void;
  /** Resolves when the reader has caught up enough for another token. */
  ready(): Promise<void>;
};

export type Engine = {
  facts: EngineFacts;
  counters: RuntimeCounters;
  count(request: ChatRequest): number;
  /**
   * Runs one request; an abort ends it within a token, or a slice of the prompt, with the usage so far and no finish
   * reason.
   */
  generate(request: ChatRequest, signal: AbortSignal, on: Progress): Promise<Finished>;
  close(): Promise<void>;
};

/**
 * Larger models leave one core to the agent: llama.cpp spins, and a thread without a core of its own makes all others
 * wait.
 */
/** Below this size more threads cost more than they bring: a token takes 0.3 ms on one thread and 20 ms on two. */
const SMALL_MODEL_BYTES = 32 * 1024 * 1024;
/** A prompt is evaluated in slices of about this long, so that an abort is noticed in time. */
const SLICE_MS = 200;

/** Loads the model. Throws with llama.cpp's reason when the file cannot be read or memory is short. */
export async function loadEngine(options: EngineOptions): Promise<Engine> {
  const threads =
    options.threads > 0
      ? options.threads
      : statSync(options.model_path).size < SMALL_MODEL_BYTES
        ? 1
        : Math.max(1, availableParallelism() - 1);
  const llama = await getLlama({
    gpu: options.gpu,
    build: "never",
    maxThreads: threads,
    progressLogs: false,
    logLevel: LlamaLogLevel.error,
  });
  const model = await llama.loadModel({ modelPath: options.model_path });
  const context = await model.createContext({
    contextSize: { max: Math.min(options.context_length, model.trainContextSize) },
    sequences: options.parallel,
    threads,
  });
  const template = createChatTemplate(model);
  const free = Array.from({ length: options.parallel }, () => context.getSequence());
  const counters: RuntimeCounters = { evaluated_tokens: 0, generated_tokens: 0, running: 0 };
  const shared: Shared = { llama, model, context, template, counters };
  return {
    facts: factsOf(shared, options.parallel),
    counters,
    count: (request) => template.render(request).tokens.length,
    async generate(request, signal, on) {
      const plan = await planOf(request, shared);
      const sequence = free.pop();
      if (sequence === undefined) {
        throw new ApiError("runtime_busy", "Every sequence of the model is in use.", { retry_after_ms: 1000 });
      }
      counters.running++;
      try {
        return await run(plan, sequence, shared, signal, on);
      } finally {
        // Nothing of one request is kept for the next: what is cached could be timed by another customer.
        await sequence.clearHistory();
        counters.running--;
        free.push(sequence);
      }
    },
    async close() {
      await context.dispose();
      await model.dispose();
      await llama.dispose();
    },
  };
}

export type Shared = {
  llama: Llama;
  model: LlamaModel;
  context: LlamaContext;
  template: ChatTemplate;
  counters: RuntimeCounters;
};

export type Plan = {
  request: ChatRequest;
  prompt: RenderedPrompt;
  constraints: Constraints;
  grammars: { answer: LlamaGrammar | null; tool_call: LlamaGrammar | null };
  /** Tokens that the answer may have. */
  most: number;
};

function factsOf({ template, context }: Shared, parallel: number): EngineFacts {
  const tool: Tool = { type: "function", function: { name: "f" } };
  const tokens = (count: number, tools?: Tool[]) =>
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
    thinking_switch: template.facts.thinking_switch,
    reasoning: template.facts.reasoning_marks !== null,
    template_tokens: Math.max(one, oneWithTool),
    tokens_per_message: perMessage + 2,
  };
}

async function planOf(request: ChatRequest, { llama, template, context }: Shared): Promise<Plan> {
  const constraints = constraintsOf(request);
  const prompt = template.render(request);
  const room = context.contextSize - prompt.tokens.length;
  if (room < 1) {
    throw new ApiError(
      "context_length_exceeded",
      `The prompt has ${prompt.tokens.length} tokens; this model's context length is ${context.contextSize}, answer included.`,
      { param: "messages", detail: { prompt_tokens: prompt.tokens.length, context_length: context.contextSize } },
    );
  }
  const asked = Math.min(request.max_completion_tokens ?? Infinity, request.max_tokens ?? Infinity);
  const compiled = async (grammar: string | null) => (grammar === null ? null : await llama.createGrammar({ grammar }));
  const grammars = { answer: await compiled(constraints.answer), tool_call: await compiled(constraints.tool_call) };
  return { request, prompt, constraints, grammars, most: Math.min(asked, room) };
}

async function run(
  plan: Plan,
  sequence: LlamaContextSequence,
  shared: Shared,
  signal: AbortSignal,
  on: Progress,
): Promise<Finished> {
  const answer = createAnswer(plan, shared, on.delta);
  const finished = (finish_reason: FinishReason | null): Finished => {
    const usage: ChatUsage = {
      prompt_tokens: plan.prompt.tokens.length,
      completion_tokens: answer.tokens.length,
      total_tokens: plan.prompt.tokens.length + answer.tokens.length,
    };
    if (shared.template.facts.reasoning_marks) {
      usage.completion_tokens_details = { reasoning_tokens: answer.reasoning_tokens };
    }
    return { finish_reason, usage };
  };
  if (!(await readPrompt(plan.prompt.tokens, sequence, shared.counters, signal))) return finished(null);
  const options = {
    ...samplingOptions(plan.request, shared.model, answer.tokens),
    grammarEvaluationState: () => answer.grammar,
  };
  for await (const token of sequence.evaluate(plan.prompt.tokens.slice(-1), options)) {
    shared.counters.generated_tokens++;
    if (signal.aborted) return finished(null);
    if (shared.model.isEogToken(token)) {
      answer.finish();
      return finished(answer.tool_calls > 0 ? "tool_calls" : "stop");
    }
    answer.push(token);
    if (answer.done) return finished(answer.tool_calls > 0 ? "tool_calls" : "stop");
    if (answer.tokens.length >= plan.most) {
      answer.finish();
      return finished("length");
    }
    await on.ready();
    if (signal.aborted) return finished(null);
  }
  throw new Error("the model stopped without an end token");
}

/** Evaluates all but the last token; false when the caller left meanwhile. */
async function readPrompt(
  tokens: Token[],
  sequence: LlamaContextSequence,
  counters: RuntimeCounters,
  signal: AbortSignal,
): Promise<boolean> {
  let slice = 64;
  for (let at = 0; at < tokens.length - 1;) {
    if (signal.aborted) return false;
    const part = tokens.slice(at, Math.min(at + slice, tokens.length - 1));
    const started = performance.now();
    await sequence.evaluateWithoutGeneratingNewTokens(part);
    counters.evaluated_tokens += part.length;
    at += part.length;
    const took = performance.now() - started;
    slice = Math.min(512, Math.max(8, Math.floor((part.length * SLICE_MS) / Math.max(took, 1))));
  }
  return !signal.aborted;
}
