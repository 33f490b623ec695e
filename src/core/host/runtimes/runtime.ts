/**
 * The interface between host agent and model runtime. Requests and answers are OpenAI's chat completions. A streamed
 * answer comes as frames, whose text is relayed unchanged, with the parsed chunk for the counters: chunks without a
 * finish reason, then one with only a finish reason, then the usage.
 */

import type {
  ChatCompletion as DocumentCompletion,
  ChatDelta as DocumentDelta,
  ChatToolCall,
  ChatUsage,
  LocalChatCompletionRequest,
  RuntimeCounters,
  RuntimeKind,
} from "../../../../generated/local.ts";
import type { FinishReason } from "../../chat_form.ts";

/** A runtime counts itself: its counters rise while the model works, and stand still when it does not. */
export type { ChatUsage, RuntimeCounters, RuntimeKind };

/**
 * A chat request after the document's validation. Fields that the agent reads itself or that have no effect are not set;
 * every other one is in the runtime's `supported_parameters`.
 */
export type ChatRequest = LocalChatCompletionRequest;

export type ToolCallDelta = {
  index: number;
  id?: string;
  type?: "function";
  function?: { name?: string; arguments?: string };
};

/** The members of a runtime's delta that the agent sends; stricter than the documents. */
export type ChatDelta = Pick<DocumentDelta, "role" | "content" | "reasoning_content" | "reasoning"> & {
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

/** The documented form, except that an answer that was cut off has the finish reason null. */
export type ChatCompletion = Pick<DocumentCompletion, "id" | "object" | "created" | "model"> & {
  choices: {
    index: number;
    message: {
      role: "assistant";
      content: string | null;
      reasoning_content?: string | null;
      reasoning?: string | null;
      tool_calls?: ChatToolCall[];
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

/** `reason` names no address: the gateway gets it too, and must not learn where a runtime is. */
export type RuntimeHealth = { ready: boolean; reason: string | null };

/**
 * A model runtime. `chat` throws ApiError before its first event; after that it throws whatever broke, and ends soon
 * after an abort.
 */
export type Runtime = {
  kind: RuntimeKind;
  /** The server's address, for the owner and this machine's log only; null for a runtime that the agent runs itself. */
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
