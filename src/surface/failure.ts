import type { ServerResponse } from "node:http";
import type { ApiError } from "../core/errors.ts";
import { ClientLeft } from "./http/body.ts";
import { errorHeaders } from "../core/error_envelope.ts";
import { asApiError, describeThrown, errorBody } from "./error_answer.ts";
import type { Exchange } from "./http/exchange.ts";
import { cutAnswer, endAnswer, sendWhole } from "./http/reply.ts";
import { newRequestId } from "./http/request_id.ts";
import { checkAnswer, type SurfaceState } from "./serve.ts";
import { dataFrame } from "./http/sse.ts";

/** Ends an exchange with a failure, in whatever way is still possible. Never throws. */
export function refuse(exchange: Exchange, thrown: unknown, state: SurfaceState): void {
  const { response, signal } = exchange;
  if (thrown instanceof ClientLeft || signal.aborted) {
    if (!response.writableEnded) cutAnswer(exchange);
    return;
  }
  const error = state.options.explain?.(thrown) ?? asApiError(thrown);
  exchange.error_code = error.code;
  if (error.code === "internal_error") logFailure(exchange, error.cause ?? error, state);
  try {
    if (exchange.stream_opened) endStream(exchange, error, state);
    else if (response.headersSent) cutAnswer(exchange);
    else sendError(exchange, error, state);
  } catch (failure) {
    logFailure(exchange, failure, state);
    cutAnswer(exchange);
  }
}

/**
 * Answers a request that failed before there was an exchange, or while its refusal was written: our fault, logged like
 * any other and never answered by a page of a framework. Never throws.
 */
export function answerUnserved(response: ServerResponse, thrown: unknown, { options }: SurfaceState): void {
  const request_id = newRequestId();
  const error = asApiError(thrown);
  try {
    options.onFailure?.({ request_id, operation_id: null, ...describeThrown(thrown) });
  } catch {
    // A log that fails costs nobody the answer.
  }
  try {
    if (response.writableEnded) return;
    if (response.headersSent) return void response.destroy();
    response.shouldKeepAlive = false;
    response.writeHead(error.status, {
      "content-type": "application/json",
      ...errorHeaders(error),
      "x-request-id": request_id,
    });
    response.end(JSON.stringify(errorBody(error, "native", request_id)));
  } catch {
    response.destroy();
  }
}

/** Ends a stream whose status was sent already: one error frame, at which OpenAI clients throw, and no [DONE]. */
function endStream(exchange: Exchange, error: ApiError, state: SurfaceState): void {
  if (exchange.response.writableEnded) return;
  const frame = dataFrame(errorBody(error, "openai", exchange.request_id));
  checking(exchange, state, () => exchange.stream_check?.push(frame));
  exchange.response.write(frame);
  endAnswer(exchange, undefined, state.head);
}

function sendError(exchange: Exchange, error: ApiError, state: SurfaceState): void {
  const headers = { "content-type": "application/json", ...errorHeaders(error) };
  const bytes = Buffer.from(JSON.stringify(errorBody(error, exchange.envelope, exchange.request_id)));
  checking(exchange, state, () => checkAnswer(exchange, error.status, headers, bytes, state));
  sendWhole(exchange, error.status, headers, bytes, state.head);
}

/** Runs a check whose own failure must not keep the caller from the answer; the failure is logged apart. */
function checking(exchange: Exchange, state: SurfaceState, check: () => void): void {
  try {
    check();
  } catch (violation) {
    logFailure(exchange, violation, state);
  }
}

function logFailure(exchange: Exchange, thrown: unknown, state: SurfaceState): void {
  state.options.onFailure?.({
    request_id: exchange.request_id,
    operation_id: exchange.operation?.operationId ?? null,
    ...describeThrown(thrown),
  });
}
