import { ERRORS } from "../../generated/errors.ts";
import { ApiError } from "../core/errors.ts";
import type { Envelope } from "./binding/document.ts";

export type ErrorBody = { error: Record<string, unknown> };

/** The two error bodies (docs/design/operations.md): OpenAI's four keys with `b3iq` beside them, or the native one. */
export function errorBody(error: ApiError, envelope: Envelope, request_id: string): ErrorBody {
  const entry = ERRORS[error.code];
  const native: Record<string, unknown> = {
    ...error.detail,
    ...(error.retry_after_ms === undefined ? {} : { retry_after_ms: error.retry_after_ms }),
    request_id,
    status: entry.status,
    title: entry.title,
    detail: error.message,
    code: error.code,
  };
  if (envelope === "native") return { error: { ...native, ...(error.param === null ? {} : { param: error.param }) } };
  return { error: { message: error.message, type: entry.type, param: error.param, code: error.code, b3iq: native } };
}

/**
 * The headers of an error: `retry-after` in whole seconds (some clients cannot read dates), the exact time, and whether
 * the OpenAI clients should retry.
 */
export function errorHeaders(error: ApiError): Record<string, string> {
  const wait = error.retry_after_ms;
  return {
    "x-should-retry": ERRORS[error.code].retryable ? "true" : "false",
    ...(wait === undefined
      ? {}
      : { "retry-after": String(Math.max(1, Math.ceil(wait / 1000))), "retry-after-ms": String(wait) }),
    ...Object.fromEntries(Object.entries(error.headers).map(([name, value]) => [name.toLowerCase(), value])),
  };
}

/** Any thrown value as an error that the caller may see. The text of an unknown error stays in the process. */
export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  return new ApiError(
    "internal_error",
    "The server failed while it served this request. The request id names it in the log.",
    {
      cause: thrown,
    },
  );
}

/** Class and stack places of a thrown value for the log: its message may hold a prompt, a key or a query. */
export function describeThrown(thrown: unknown): { error_name: string; frames: string[] } {
  if (!(thrown instanceof Error)) return { error_name: typeof thrown, frames: [] };
  const stack = thrown.stack ?? "";
  const lines = stack
    .slice(stack.indexOf(thrown.message) + thrown.message.length)
    .split("\n")
    .map((line) => line.trim());
  return { error_name: thrown.name, frames: lines.filter((line) => /^at .*:\d+:\d+\)?$/.test(line)).slice(0, 12) };
}
