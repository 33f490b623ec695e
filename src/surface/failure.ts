import type { ServerResponse } from "node:http";
import type { ApiError } from "../core/errors.ts";
import { ClientLeft } from "./http/body.ts";
import { errorHeaders } from "../core/error_envelope.ts";
import { asApiError, describeThrown, errorBody } from "./errors.ts";
import type { Exchange } from "./http/exchange.ts";
import { cutAnswer, endAnswer, sendWhole } from "./http/reply.ts";
import { newRequestId } from "./http/request_id.ts";
import { checkAnswer } from "./serve.ts";
import type { Surfacing } from "./serve.ts";
import { dataFrame } from "./http/sse.ts";

/** Ends an exchange with a failure, in whatever way is still possible. Never throws. */
export function refuse(exchange: Exchange, thrown: unknown, surfacing: Surfacing): void {
  const { response, signal } = exchange;
  if (thrown instanceof ClientLeft || signal.aborted) {
    if (!response.writableEnded) cutAnswer(exchange);
    return;
  }
  const error = surfacing.options.explain?.(thrown) ?? asApiError(thrown);
  exchange.error_code = error.code;
  if (error.code === "internal_error") tell(exchange, error.cause ?? error, surfacing);
  try {
    if (exchange.stream_opened) endStream(exchange, error, surfacing);
    else if (response.headersSent) cutAnswer(exchange);
    else sendError(exchange, error, surfacing);
  } catch (failure) {
    tell(exchange, failure, surfacing);
    cutAnswer(exchange);
  }
}

/**
 * Answers for what failed before there was an exchange, or while it was refused: a fault of ours, told as any other,
 * and never by a framework's page. Never throws.
 */
export function answerUnserved(response: ServerResponse, thrown: unknown, { options }: Surfacing): void {
  const request_id = newRequestId();
  const error = asApiError(thrown);
  try {
    options.on_failure?.({ request_id, operation_id: null, ...describeThrown(thrown) });
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

/** The status is out: one error frame, which OpenAI clients throw on, and no [DONE]. */
function endStream(exchange: Exchange, error: ApiError, surfacing: Surfacing): void {
  if (exchange.response.writableEnded) return;
  const frame = dataFrame(errorBody(error, "openai", exchange.request_id));
  checking(exchange, surfacing, () => exchange.stream_check?.push(frame));
  exchange.response.write(frame);
  endAnswer(exchange, undefined, surfacing.head);
}

function sendError(exchange: Exchange, error: ApiError, surfacing: Surfacing): void {
  const headers = { "content-type": "application/json", ...errorHeaders(error) };
  const bytes = Buffer.from(JSON.stringify(errorBody(error, exchange.envelope, exchange.request_id)));
  checking(exchange, surfacing, () => checkAnswer(exchange, error.status, headers, bytes, surfacing));
  sendWhole(exchange, error.status, headers, bytes, surfacing.head);
}

/** A failure is answered even when its own form is a violation; that is told apart. */
function checking(exchange: Exchange, surfacing: Surfacing, check: () => void): void {
  try {
    check();
  } catch (violation) {
    tell(exchange, violation, surfacing);
  }
}

function tell(exchange: Exchange, thrown: unknown, surfacing: Surfacing): void {
  surfacing.options.on_failure?.({
    request_id: exchange.request_id,
    operation_id: exchange.operation?.operationId ?? null,
    ...describeThrown(thrown),
  });
}
