/** What gateway and agent must say alike of a chat chunk: whether it ends the answer, and whether it adds to it. */

const FINISH_REASONS = ["stop", "length", "tool_calls", "content_filter", "function_call"] as const;

export type FinishReason = (typeof FINISH_REASONS)[number];

/** An answer calls so many tools at most: clients use a call's `index` as a place in an array. */
export const TOOL_CALLS_MAX = 1024;

type Fields = Record<string, unknown>;

/** Whether it is one of the published list. An empty or unknown finish reason ends no answer. */
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
