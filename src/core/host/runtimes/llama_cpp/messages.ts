/** What agent and runtime child say to each other over the IPC channel of `fork`. */
import type { ErrorCode } from "../../../errors.ts";
import type { ChatDelta, ChatRequest, RuntimeCounters } from "../runtime.ts";
import type { EngineFacts, EngineOptions, Finished } from "./engine.ts";

/** Deltas that may be on their way: a model must not run far ahead of a reader who may leave. */
export const DELTAS_AHEAD = 64;

export type ToChild =
  | { type: "load"; options: EngineOptions }
  | { type: "chat"; id: number; request: ChatRequest }
  | { type: "cancel"; id: number }
  /** So many more deltas were taken off the agent's hands. */
  | { type: "taken"; id: number; deltas: number }
  | { type: "count"; id: number; request: ChatRequest }
  | { type: "counters"; id: number };

/** A failure as plain data; `code` is null for one that no caller caused. */
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
