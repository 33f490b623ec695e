import { ERRORS } from "../../generated/errors.ts";
import { type ErrorBody, errorFacts, nativeError } from "../core/error_envelope.ts";
import { ApiError } from "../core/errors.ts";
import type { Envelope } from "./binding/document.ts";

/** The two error bodies (docs/design/operations.md): OpenAI's four keys with `b3iq` beside them, or the native one. */
export function errorBody(error: ApiError, envelope: Envelope, request_id: string): ErrorBody {
  if (envelope === "native") return nativeError(error, request_id);
  const { message, param, code } = error;
  return { error: { message, type: ERRORS[code].type, param, code, b3iq: errorFacts(error, request_id) } };
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
