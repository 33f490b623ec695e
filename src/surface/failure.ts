import { ClientLeft } from "./body.ts";
import { asApiError, describeThrown, errorBody, errorHeaders } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { sendWhole } from "./reply.ts";
import { checkAnswer } from "./serve.ts";
import type { Surfacing } from "./serve.ts";
import { dataFrame } from "./sse.ts";

/** Ends an exchange with a failure, in whatever way is still possible. Never throws. */
export function refuse(exchange: Exchange, thrown: unknown, surfacing: Surfacing): void {
  const { response, signal } = exchange;
  if (thrown instanceof ClientLeft || signal.aborted) {
    if (!response.writableEnded) response.destroy();
    return;
  }
  const error = asApiError(thrown);
  exchange.error_code = error.code;
  if (error.code === "internal_error") tell(exchange, error.cause ?? error, surfacing);
  try {
    const body = errorBody(error, exchange.envelope, exchange.request_id);
    if (exchange.stream_opened) {
      // The status is out: one error frame and no [DONE], which OpenAI clients throw on.
      if (!response.writableEnded) response.end(dataFrame(errorBody(error, "openai", exchange.request_id)));
    } else if (response.headersSent) {
      response.destroy();
    } else {
      const headers = { "content-type": "application/json", ...errorHeaders(error) };
      const bytes = Buffer.from(JSON.stringify(body));
      try {
        checkAnswer(exchange, error.status, headers, bytes, surfacing);
      } catch (violation) {
        tell(exchange, violation, surfacing);
      }
      sendWhole(exchange, error.status, headers, bytes, surfacing.head);
    }
  } catch (failure) {
    tell(exchange, failure, surfacing);
    response.destroy();
  }
}

function tell(exchange: Exchange, thrown: unknown, surfacing: Surfacing): void {
  surfacing.options.on_failure?.({
    request_id: exchange.request_id,
    operation_id: exchange.operation?.operationId ?? null,
    ...describeThrown(thrown),
  });
}
