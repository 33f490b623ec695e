/** Body and headers of the errors of every program (docs/design/operations.md): built here and nowhere else. */
import { ERRORS } from "../../generated/errors.ts";
import type { ApiError } from "./errors.ts";

export type ErrorBody = { error: Record<string, unknown> };

/** The members that both envelopes share: the native one's `error`, and `b3iq` beside OpenAI's four keys. */
export function errorFacts(error: ApiError, request_id: string): Record<string, unknown> {
  const { status, title } = ERRORS[error.code];
  return {
    ...error.detail,
    ...(error.retry_after_ms === undefined ? {} : { retry_after_ms: error.retry_after_ms }),
    request_id,
    status,
    title,
    detail: error.message,
    code: error.code,
  };
}

/** The native envelope. */
export function nativeError(error: ApiError, request_id: string): ErrorBody {
  return { error: { ...errorFacts(error, request_id), ...(error.param === null ? {} : { param: error.param }) } };
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
