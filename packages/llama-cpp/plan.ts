/** What one chat request asks of the engine, decided before a sequence is taken for it. */
import type { Llama, LlamaContext, LlamaGrammar, LlamaModel } from "node-llama-cpp";
import type { ChatRequest, RuntimeCounters } from "../../src/core/host/runtimes/runtime.ts";
import { constraintsOf, type Constraints } from "./constraints.ts";
import { EngineError } from "./engine_error.ts";
import type { ChatTemplate, RenderedPrompt } from "./template.ts";

export type LoadedModel = {
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
  /** The most tokens that the answer may have. */
  max_tokens: number;
};

/** Renders the prompt and compiles the grammars. Throws EngineError when the context has no room for an answer. */
export async function planOf(request: ChatRequest, { llama, template, context }: LoadedModel): Promise<Plan> {
  const constraints = constraintsOf(request);
  const prompt = template.render(request);
  const room = context.contextSize - prompt.tokens.length;
  if (room < 1) {
    throw new EngineError(
      "context_length_exceeded",
      `The prompt has ${prompt.tokens.length} tokens; this model's context length is ${context.contextSize}, answer included.`,
      { param: "messages", detail: { prompt_tokens: prompt.tokens.length, context_length: context.contextSize } },
    );
  }
  const asked = Math.min(request.max_completion_tokens ?? Infinity, request.max_tokens ?? Infinity);
  const compiled = async (grammar: string | null) => (grammar === null ? null : await llama.createGrammar({ grammar }));
  const grammars = { answer: await compiled(constraints.answer), tool_call: await compiled(constraints.tool_call) };
  return { request, prompt, constraints, grammars, max_tokens: Math.min(asked, room) };
}
