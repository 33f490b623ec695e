import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import express from "express";
import type { BindableHandlers } from "./binding/call.ts";
import { bind } from "./binding/bind.ts";
import { clientAddress, parseCidrs } from "./http/client_address.ts";
import type { Authenticate } from "./binding/credentials.ts";
import type { Document } from "./binding/document.ts";
import { serveDocs } from "./docs/docs.ts";
import { servePages } from "./docs/pages.ts";
import { answerUnserved, refuse } from "./failure.ts";
import { openExchange } from "./http/exchange.ts";
import type { Transport } from "./http/exchange.ts";
import type { SurfaceOptions } from "./options.ts";
import { withDefaults } from "./options.ts";
import { responseChecker } from "./binding/response_check.ts";
import { acceptedCallers } from "./binding/accepted_callers.ts";
import { addressLimit } from "./http/rate_limit.ts";
import { serve } from "./serve.ts";
import type { Surfacing } from "./serve.ts";

export type SurfaceDefinition<Context> = {
  /** The bundled document, as in `generated/`. */
  document: unknown;
  handlers: BindableHandlers<Context>;
  context: Context;
  authenticate: Authenticate;
  options?: SurfaceOptions;
};

type Facts = { transport?: Transport };

export type Surface = {
  /** For a server of HTTP/1.1. */
  app: RequestListener;
  /**
   * Serves one request; for HTTP/1.1 and for the HTTP/2 compatibility API (the agent's end of the tunnel). Never
   * rejects: whatever fails is answered here.
   */
  handle(
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
    facts?: Facts,
  ): Promise<void>;
  /** From now on every answer ends its connection. */
  close(): void;
  stats: { requests: number; in_flight: number; violations: number };
};

/**
 * Builds a surface: a document, its handlers and who may call, as one request function and an express app around it.
 * Rejects when document and handlers do not fit, or when a setting is wrong.
 */
export async function createSurface<Context>(definition: SurfaceDefinition<Context>): Promise<Surface> {
  const document = definition.document as Document;
  const options = withDefaults(definition.options);
  const binding = await bind({ document, operationIds: Object.keys(definition.handlers), lazy: options.lazy });
  const stats = { requests: 0, in_flight: 0, violations: 0 };
  const trusted = options.trusted_proxies.length > 0 ? parseCidrs(options.trusted_proxies) : null;
  let closing = false;
  const docs = serveDocs(document, options.docs);
  const pages = servePages(options.pages);
  const surfacing: Surfacing = {
    binding,
    handlers: definition.handlers as BindableHandlers<unknown>,
    context: definition.context,
    authenticate: definition.authenticate,
    options,
    stats,
    head: { cors_origins: options.cors_origins, closing: () => closing, stall_ms: options.stall_ms },
    checker: options.check_responses ? responseChecker() : null,
    anonymous: options.anonymous_rate ? addressLimit(options.anonymous_rate) : null,
    failures: options.failure_rate ? addressLimit(options.failure_rate) : null,
    accepted: acceptedCallers(),
    docs: (exchange, head_options) => docs(exchange, head_options) || pages(exchange, head_options),
  };
  const addressOf = (request: IncomingMessage) => {
    const forwarded = request.headers["x-forwarded-for"];
    return clientAddress(
      request.socket?.remoteAddress,
      Array.isArray(forwarded) ? forwarded.join(",") : forwarded,
      trusted,
    );
  };

  const exchangeOne = async (request: IncomingMessage, response: ServerResponse, facts: Facts) => {
    const transport = facts.transport ?? "direct";
    const client_address = transport === "tunnel" ? "tunnel" : addressOf(request);
    const exchange = openExchange(request, response, { transport, client_address });
    try {
      await serve(exchange, surfacing);
    } catch (error) {
      refuse(exchange, error, surfacing);
    } finally {
      options.on_answer?.({
        request_id: exchange.request_id,
        operation_id: exchange.operation?.operationId ?? null,
        method: exchange.method,
        status: response.headersSent ? response.statusCode : null,
        code: exchange.error_code,
        duration_ms: performance.now() - exchange.received_at,
        transport,
        streamed: exchange.stream_opened,
        client_left: exchange.signal.aborted,
      });
    }
  };

  const handle: Surface["handle"] = async (anyRequest, anyResponse, facts = {}) => {
    const request = anyRequest as IncomingMessage;
    const response = anyResponse as ServerResponse;
    stats.requests += 1;
    stats.in_flight += 1;
    try {
      await exchangeOne(request, response, facts);
    } catch (error) {
      answerUnserved(response, error, surfacing);
    } finally {
      stats.in_flight -= 1;
    }
  };

  const app = express();
  app.disable("x-powered-by").disable("etag");
  app.use((request, response) => handle(request, response));

  return {
    // Express parses the target before it asks us. What it cannot parse (`http://[`) it would answer with a page of its
    // own, and write into the log; so it is given only paths, and its last handler is never the one that it brings.
    app: (request, response) =>
      request.url?.startsWith("/")
        ? app(request as express.Request, response as express.Response, () => void handle(request, response))
        : void handle(request, response),
    handle,
    close: () => (closing = true),
    stats,
  };
}
