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
import { openExchange, type Transport } from "./http/exchange.ts";
import { withDefaults, type SurfaceOptions } from "./options.ts";
import { responseChecker } from "./binding/response_check.ts";
import { acceptedCallers } from "./binding/accepted_callers.ts";
import { addressLimit } from "./http/rate_limit.ts";
import { serve, type SurfaceState } from "./serve.ts";

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
  /** The request listener for a server of HTTP/1.1. */
  app: RequestListener;
  /**
   * Serves one request, over HTTP/1.1 or over the HTTP/2 compatibility API (the agent's end of the tunnel). Never
   * rejects: every failure is answered here.
   */
  handle(
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
    facts?: Facts,
  ): Promise<void>;
  /** Makes every later answer end its connection. */
  close(): void;
  stats: { requests: number; in_flight: number; violations: number };
};

/**
 * Builds a surface from a document, its handlers and the authentication, as one request function and an express app
 * around it. Rejects when document and handlers do not fit, or when a setting is wrong.
 */
export async function createSurface<Context>(definition: SurfaceDefinition<Context>): Promise<Surface> {
  const state = await openState(definition);
  const handle: Surface["handle"] = (request, response, facts = {}) =>
    handleOne(state, request as IncomingMessage, response as ServerResponse, facts);
  return { app: expressAround(handle), handle, close: () => (state.closing = true), stats: state.stats };
}

async function openState<Context>(definition: SurfaceDefinition<Context>): Promise<SurfaceState> {
  const document = definition.document as Document;
  const options = withDefaults(definition.options);
  const docs = serveDocs(document, options.docs);
  const pages = servePages(options.pages);
  const state: SurfaceState = {
    binding: await bind({ document, operationIds: Object.keys(definition.handlers), lazy: options.lazy }),
    handlers: definition.handlers as BindableHandlers<unknown>,
    context: definition.context,
    authenticate: definition.authenticate,
    options,
    stats: { requests: 0, in_flight: 0, violations: 0 },
    closing: false,
    head: { cors_origins: options.cors_origins, closing: () => state.closing, stall_ms: options.stall_ms },
    trusted: options.trusted_proxies.length > 0 ? parseCidrs(options.trusted_proxies) : null,
    checker: options.check_responses ? responseChecker() : null,
    anonymous: options.anonymous_rate ? addressLimit(options.anonymous_rate) : null,
    failures: options.failure_rate ? addressLimit(options.failure_rate) : null,
    accepted: acceptedCallers(),
    docs: (exchange, head_options) => docs(exchange, head_options) || pages(exchange, head_options),
  };
  return state;
}

/** Serves one request and counts it; what fails outside of an exchange is answered here. */
async function handleOne(
  state: SurfaceState,
  request: IncomingMessage,
  response: ServerResponse,
  facts: Facts,
): Promise<void> {
  const { stats } = state;
  stats.requests += 1;
  stats.in_flight += 1;
  try {
    await exchangeOne(state, request, response, facts.transport ?? "direct");
  } catch (error) {
    answerUnserved(response, error, state);
  } finally {
    stats.in_flight -= 1;
  }
}

async function exchangeOne(
  state: SurfaceState,
  request: IncomingMessage,
  response: ServerResponse,
  transport: Transport,
): Promise<void> {
  const client_address = transport === "tunnel" ? "tunnel" : addressOf(request, state.trusted);
  const exchange = openExchange(request, response, { transport, client_address });
  try {
    await serve(exchange, state);
  } catch (error) {
    refuse(exchange, error, state);
  } finally {
    state.options.onAnswer?.({
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
}

function addressOf(request: IncomingMessage, trusted: SurfaceState["trusted"]): string {
  const forwarded = request.headers["x-forwarded-for"];
  const list = Array.isArray(forwarded) ? forwarded.join(",") : forwarded;
  return clientAddress(request.socket?.remoteAddress, list, trusted);
}

/**
 * The express app around the request function. Express parses the target first; a target that express cannot parse
 * (`http://[`) would get a page of express, and a line in the log. So express is given only paths, and its last handler
 * is always ours.
 */
function expressAround(handle: Surface["handle"]): RequestListener {
  const app = express();
  app.disable("x-powered-by").disable("etag");
  app.use((request, response) => handle(request, response));
  return (request, response) =>
    request.url?.startsWith("/")
      ? app(request as express.Request, response as express.Response, () => void handle(request, response))
      : void handle(request, response);
}
