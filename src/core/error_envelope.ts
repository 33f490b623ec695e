/** The error bodies of every program (docs/design/operations.md): built here and nowhere else. */
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
