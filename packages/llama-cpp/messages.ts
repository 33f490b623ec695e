/** The messages between the agent and the chat engine's process, over the IPC channel of `fork`. */
import type { FinishReason } from "../../src/core/chat_form.ts";
import type { ErrorCode } from "../../src/core/errors.ts";
import type { ChatDelta, ChatRequest, ChatUsage, RuntimeCounters } from "../../src/core/host/runtimes/runtime.ts";
import type { Gpu } from "./library.ts";

/** The most deltas that the agent has not taken yet: a model must not run far ahead of a reader who may leave. */
export const DELTAS_AHEAD = 64;

export type EngineOptions = {
  model_path: string;
  /** Upper limit; the length that the model was trained for is another. */
  context_length: number;
  parallel: number;
  gpu: Gpu;
  /** 0: one for a small model, else all cores but one. */
  threads: number;
};

export type EngineFacts = {
  context_length: number;
  parallel: number;
  supported_parameters: string[];
  template_tokens: number;
  tokens_per_message: number;
};

/** The end of an answer; `finish_reason` is null when the request was cancelled. */
export type Finished = { finish_reason: FinishReason | null; usage: ChatUsage };

export type ToChild =
  | { type: "load"; options: EngineOptions }
  | { type: "chat"; id: number; request: ChatRequest }
  | { type: "cancel"; id: number }
  /** The agent's reader took so many further deltas. */
  | { type: "taken"; id: number; deltas: number }
  | { type: "count"; id: number; request: ChatRequest }
  | { type: "counters"; id: number };

/** A failure as plain data; `code` is null for one that the request did not cause. */
export type ChildFailure = {
  code: ErrorCode | null;
  message: string;
  param: string | null;
  detail: Record<string, unknown>;
};

export type FromChild =
  | { type: "loaded"; facts: EngineFacts }
  | { type: "load_failed"; reason: string }
  | { type: "delta"; id: number; delta: ChatDelta }
  | { type: "finished"; id: number; result: Finished }
  | { type: "failed"; id: number; failure: ChildFailure }
  | { type: "counted"; id: number; prompt_tokens: number }
  | { type: "counters"; id: number; counters: RuntimeCounters };
