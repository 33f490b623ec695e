/** The questions on a chat chunk that gateway and agent must answer alike: does it end the answer, does it add to it. */

const FINISH_REASONS = ["stop", "length", "tool_calls", "content_filter", "function_call"] as const;

export type FinishReason = (typeof FINISH_REASONS)[number];

/** The most tool calls of an answer: clients use a call's `index` as a place in an array. */
export const TOOL_CALLS_MAX = 1024;

/**
 * How many events an answer may have beyond its tokens: a tool call opens with an event of its own, and a token may end
 * in the middle of a character.
 */
export const EVENT_SLACK = 64;

type Fields = Record<string, unknown>;

/** Whether the value is a published finish reason. An empty or unknown one ends no answer. */
export function isFinishReason(value: unknown): value is FinishReason {
  return FINISH_REASONS.includes(value as FinishReason);
}

/** Whether a delta adds anything to the answer but its role. */
export function addsToAnswer(delta: Fields): boolean {
  return Object.entries(delta).some(
    ([name, value]) =>
      name !== "role" && value != null && value !== "" && !(Array.isArray(value) && value.length === 0),
  );
}
