/**
 * What the host agent asks of a model runtime. Requests and answers are OpenAI's chat completions; an answer that
 * streams comes as frames whose text is relayed unchanged, beside the parsed chunk that the counters read: chunks
 * without a finish reason, one with nothing else, and the usage.
 */

import type { FinishReason } from "../../chat_form.ts";

export type RuntimeKind = "llama_cpp" | "openai" | "vllm" | "sglang" | "ollama";

export type ContentPart = {
  type: string;
  text?: string;
  refusal?: string;
  image_url?: { url: string; detail?: string };
};

export type ToolCall = { id: string; type: "function"; function: { name: string; arguments: string } };

export type ChatMessage = {
  role: string;
  content?: string | ContentPart[] | null;
  name?: string;
  tool_call_id?: string;
  tool_calls?: ToolCall[];
};

export type Tool = {
  type: "function";
  function: { name: string; description?: string; parameters?: Record<string, unknown>; strict?: boolean | null };
};

export type ToolChoice = "none" | "auto" | "required" | { type: "function"; function: { name: string } };

export type ResponseFormat =
  | { type: "text" }
  | { type: "json_object" }
  | { type: "json_schema"; json_schema: { name: string; schema?: Record<string, unknown>; strict?: boolean | null } };

/** A chat request after the document's validation; every field of it is in the runtime's `supported_parameters`. */
export type ChatRequest = {
  model: string;
  messages: ChatMessage[];
  stream?: boolean | null;
  max_tokens?: number | null;
  max_completion_tokens?: number | null;
  temperature?: number | null;
  top_p?: number | null;
  top_k?: number | null;
  min_p?: number | null;
  repetition_penalty?: number | null;
  frequency_penalty?: number | null;
  presence_penalty?: number | null;
  logit_bias?: Record<string, number> | null;
  seed?: number | null;
  stop?: string | string[] | null;
  tools?: Tool[] | null;
  tool_choice?: ToolChoice | null;
  parallel_tool_calls?: boolean | null;
  response_format?: ResponseFormat | null;
  reasoning_effort?: string | null;
};

export type ChatUsage = {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  completion_tokens_details?: { reasoning_tokens?: number };
};

export type ToolCallDelta = {
  index: number;
  id?: string;
  type?: "function";
  function?: { name?: string; arguments?: string };
};

export type ChatDelta = {
  role?: string;
  content?: string | null;
  reasoning_content?: string | null;
  reasoning?: string | null;
  tool_calls?: ToolCallDelta[];
};

export type ChatChunk = {
  id: string;
  object: "chat.completion.chunk";
  created: number;
  model: string;
  choices: { index: number; delta: ChatDelta; finish_reason: FinishReason | null }[];
  usage?: ChatUsage | null;
};

export type ChatCompletion = {
  id: string;
  object: "chat.completion";
  created: number;
  model: string;
  choices: {
    index: number;
    message: {
      role: "assistant";
      content: string | null;
      reasoning_content?: string | null;
      reasoning?: string | null;
      tool_calls?: ToolCall[];
    };
    finish_reason: FinishReason | null;
  }[];
  usage?: ChatUsage | null;
};

/** `frame` is the event's text with its blank line. */
export type RuntimeEvent =
  { type: "frame"; frame: string; chunk: ChatChunk } | { type: "answer"; completion: ChatCompletion };

export type RuntimeModel = {
  id: string;
  /** Tokens of prompt and answer together. */
  context_length: number;
  /**
   * The request fields that the runtime honours beyond those of every node (openapi/chat_parameters.yaml, rule
   * `capability`).
   */
  supported_parameters: readonly string[];
  /** Requests that run at the same time; the rest waits in the agent. */
  parallel: number;
  /**
   * How prompts grow over their bytes: allowance of the template with tools, of each message, and the tokenizer's
   * factor x 1000.
   */
  template_tokens: number;
  tokens_per_message: number;
  growth_factor_milli: number;
  /** True when the runtime counts reasoning that it does not show. */
  hidden_reasoning: boolean;
};

/** Counted by the runtime itself: they rise while the model works and stand still when it does not. */
export type RuntimeCounters = { evaluated_tokens: number; generated_tokens: number; running: number };

/** `reason` goes to the gateway too, which must not learn where a runtime is: it names no address. */
export type RuntimeHealth = { ready: boolean; reason: string | null };

/**
 * A model runtime. `chat` throws ApiError before its first event; after that it throws whatever broke, and ends soon
 * after an abort.
 */
export type Runtime = {
  kind: RuntimeKind;
  /** Where it is asked, for its owner and this machine's log only; null for one that the agent runs itself. */
  url: string | null;
  models(): Promise<RuntimeModel[]>;
  chat(request: ChatRequest, options: { signal: AbortSignal }): AsyncIterable<RuntimeEvent>;
  /** Tokens of the prompt as the model would see it; undefined where the runtime has no tokenizer to ask. */
  countTokens(request: ChatRequest): Promise<number | undefined>;
  health(): Promise<RuntimeHealth>;
  /** Null where the runtime has none to read. */
  counters(): Promise<RuntimeCounters | null>;
  close(): Promise<void>;
};

/** One server-sent event of a chunk. */
export function chunkFrame(chunk: ChatChunk): RuntimeEvent {
  return { type: "frame", frame: `data: ${JSON.stringify(chunk)}\n\n`, chunk };
}
