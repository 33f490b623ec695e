/**
 * Turns a runtime's refusal into an error of the catalogue. The runtime's text is not passed on: it may quote the prompt or
 * name this machine.
 */
import { ApiError } from "../../errors.ts";

type RuntimeError = { message?: unknown; code?: unknown; param?: unknown };

/** @param body the parsed answer of the runtime, or null. */
export function refusal(status: number, body: unknown): ApiError {
  const error = ((body as { error?: RuntimeError } | null)?.error ?? body ?? {}) as RuntimeError;
  const message = typeof error.message === "string" ? error.message : typeof error === "string" ? error : "";
  if ((status === 400 || status === 413 || status === 422) && isContextLength(error, message)) {
    return contextLength(message);
  }
  switch (status) {
    case 400:
    case 422: {
      const param = typeof error.param === "string" && /^[a-z0-9_.[\]]{1,64}$/i.test(error.param) ? error.param : null;
      return new ApiError(
        "invalid_request",
        `The model runtime refused the request${param === null ? "" : ` for its field ${param}`}.`,
        { param },
      );
    }
    case 404:
      return new ApiError("model_not_found", "The model runtime does not have this model.", { param: "model" });
    case 429:
    case 503:
      return new ApiError("runtime_busy", "The model runtime is busy.", { retry_after_ms: 1000 });
    case 401:
    case 403:
      return new ApiError("runtime_failed", "The model runtime does not accept the agent's key.");
    default:
      return new ApiError("runtime_failed", `The model runtime failed with status ${status}.`);
  }
}

function isContextLength(error: RuntimeError, message: string): boolean {
  return (
    error.code === "context_length_exceeded" ||
    /context (length|size|window)|maximum (context|model) len|exceed\w* .*context|input.* too long/i.test(message)
  );
}

/** The two numbers of a refusal for length: the larger is the prompt's, the smaller the context's. */
function contextLength(message: string): ApiError {
  const numbers = [...message.matchAll(/\d{2,9}/g)].map(([digits]) => Number(digits));
  const [context_length, prompt_tokens] = [Math.min(...numbers), Math.max(...numbers)];
  const known = numbers.length >= 2 && prompt_tokens > context_length;
  const text = known
    ? `The prompt has ${prompt_tokens} tokens with the answer's; this model's context length is ${context_length}.`
    : "The prompt and the answer's bound are longer than this model's context length.";
  return new ApiError("context_length_exceeded", text, {
    param: "messages",
    detail: known ? { prompt_tokens, context_length } : {},
  });
}
