import type { AcceptedCallers } from "./binding/accepted_callers.ts";
import { ApiError } from "../core/errors.ts";
import { STREAMED, type Streamed } from "../handlers/operation.ts";
import type { Binding, BoundCall } from "./binding/bind.ts";
import { checkMediaType, parseJsonBody, readBody } from "./http/body.ts";
import { cacheable, deprecationHeaders } from "./http/caching.ts";
import { callOf, inputOf, type BindableHandlers } from "./binding/call.ts";
import type { parseCidrs } from "./http/client_address.ts";
import { preflightHeaders } from "./http/cors.ts";
import { authenticateCall, groupsOf, type Authenticate, type Authenticated } from "./binding/credentials.ts";
import type { ServeDocs } from "./docs/docs.ts";
import { awaitsContinue, bringsBody, refuseAmbiguousHeaders, refuseUnservedLine } from "./http/exchange.ts";
import type { Exchange } from "./http/exchange.ts";
import type { Operation } from "./binding/document.ts";
import type { DefaultedOptions } from "./options.ts";
import { refuseForeignHost, refuseForeignOrigin } from "./http/origin.ts";
import { parseQuery } from "./binding/query.ts";
import type { AddressLimit } from "./http/rate_limit.ts";
import { sendParts, sendWhole, type AnyReply, type HeadOptions } from "./http/reply.ts";
import type { ResponseChecker, StreamAsked, Violation } from "./binding/response_check.ts";
import { requireRole } from "./binding/roles.ts";
import type { PreparedRequest } from "./binding/router.ts";
import { eventSink } from "./http/sse.ts";
import { envelopeOf, unknownPath } from "./unknown_path.ts";

/** The state of a surface, made once by createSurface. Only `stats` and `closing` change. */
export type SurfaceState = {
  binding: Binding;
  handlers: BindableHandlers<unknown>;
  context: unknown;
  authenticate: Authenticate;
  options: DefaultedOptions;
  stats: { requests: number; in_flight: number; violations: number };
  /** True once every answer ends its connection. */
  closing: boolean;
  head: HeadOptions;
  /** Proxies whose X-Forwarded-For counts; null: none. */
  trusted: ReturnType<typeof parseCidrs> | null;
  checker: ResponseChecker | null;
  anonymous: AddressLimit | null;
  failures: AddressLimit | null;
  accepted: AcceptedCallers;
  docs: ServeDocs;
};

/** Serves one request, top to bottom. Throws the error that the caller gets, or an error of our own. */
export async function serve(exchange: Exchange, state: SurfaceState): Promise<void> {
  const { binding, options, head } = state;
  exchange.envelope = envelopeOf(exchange.path);
  refuseUnservedLine(exchange);
  refuseAmbiguousHeaders(exchange.request);
  if (exchange.transport === "direct") refuseForeignHost(exchange.headers.host, options.allowed_hosts);
  if (exchange.transport === "direct" && state.docs(exchange, head)) return;
  const operation = route(exchange, state);
  if (operation === undefined) return;
  countAnonymous(exchange, operation, state);
  const request: PreparedRequest = {
    method: exchange.method,
    path: exchange.path,
    headers: { ...exchange.headers } as PreparedRequest["headers"],
    query: parseQuery(exchange.search, operation),
    cookies: exchange.cookies,
    params: exchange.params,
    body: undefined,
    operation,
  };
  const sink = eventSink(exchange, {
    ...head,
    check: () =>
      state.checker?.checkStream(operation, (violation) => report(violation, state), streamAsked(request.body)),
  });
  const call: BoundCall = {
    request,
    authenticate: () => (exchange.authenticated ??= authenticate(exchange, operation, state)),
    loadBody: () => loadBody(exchange, operation, options),
    run: (id) =>
      state.handlers[id]!(inputOf(request.body, request.params, request.query), callOf(exchange, sink), state.context),
  };
  const reply = await binding.dispatch(call);
  if (reply === STREAMED) {
    if (!exchange.stream_opened) throw new Error("A handler said that it streamed and opened no stream");
    return sink.end();
  }
  if (exchange.stream_opened) throw new Error("A handler opened a stream and returned another answer");
  await sendReply(exchange, operation, reply, state);
}

/** Whether a body of OpenAI's form asks for the usage frame (`stream_options.include_usage`). */
function streamAsked(body: unknown): StreamAsked {
  const options = (body as { stream_options?: { include_usage?: unknown } | null } | undefined)?.stream_options;
  return { usage: options?.include_usage === true };
}

/** Finds the operation; answers OPTIONS and preflights by itself, throws for unknown paths and methods. */
function route(exchange: Exchange, state: SurfaceState): Operation | undefined {
  const { router } = state.binding;
  const { method, path } = exchange;
  if (/%(?![0-9A-Fa-f]{2})/.test(path))
    throw new ApiError("invalid_request", "The path is not validly percent-encoded.");
  const match = router.find(method, path);
  if (match) {
    exchange.operation = match.operation;
    exchange.params = match.params;
    exchange.envelope = match.operation["x-b3iq-envelope"] ?? "native";
    for (const [name, value] of Object.entries(deprecationHeaders(match.operation)))
      exchange.extra_headers.set(name, value);
    return match.operation;
  }
  const methods = router.methods(path);
  if (method !== "OPTIONS" || methods.length === 0) throw unknownPath(router, method, path);
  const preflight = preflightHeaders(exchange, state.options.cors_origins, methods);
  sendWhole(exchange, 204, { allow: methods.join(", "), ...preflight }, Buffer.alloc(0), state.head);
  return undefined;
}

/**
 * Refusals of calls with a good signature. They do not count as refused credentials, since a node's calls overtake each
 * other and many nodes may share an address.
 */
const SIGNED_WELL: ReadonlySet<string> = new Set(["replayed_request", "stale_epoch", "clock_skew"]);

/** Limits callers without a credential by address, and callers whose credentials were refused. */
function countAnonymous(exchange: Exchange, operation: Operation, state: SurfaceState): void {
  const { options, anonymous, failures, accepted } = state;
  if (exchange.transport === "tunnel") return;
  if (groupsOf(operation).groups.length > 0) {
    if (failures && !accepted.has(exchange.client_address, exchange.headers)) failures.check(exchange.client_address);
    return;
  }
  if (options.unlimited_operations.includes(operation.operationId)) return;
  anonymous?.check(exchange.client_address);
  anonymous?.take(exchange.client_address);
}

async function authenticate(exchange: Exchange, operation: Operation, state: SurfaceState): Promise<Authenticated> {
  const { headers, cookies, transport } = exchange;
  try {
    const found = await authenticateCall(
      operation,
      {
        headers,
        cookies,
        transport,
        signedCall: async () => ({
          method: exchange.method,
          target: exchange.target,
          headers,
          body: await loadRaw(exchange, operation, state.options),
        }),
      },
      state.authenticate,
    );
    if (found.group === "ownerSession") refuseForeignOrigin(exchange);
    exchange.principal = found.principal;
    if (state.failures) state.accepted.add(exchange.client_address, headers);
    requireRole(operation, found.principal);
    return found;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401 && !SIGNED_WELL.has(error.code))
      state.failures?.take(exchange.client_address);
    throw error;
  }
}

/** The body's bytes, read once. */
async function loadRaw(exchange: Exchange, operation: Operation, options: DefaultedOptions): Promise<Buffer> {
  if (exchange.raw_body !== undefined) return exchange.raw_body;
  if (!bringsBody(exchange)) return (exchange.raw_body = Buffer.alloc(0));
  const limits = {
    bytes_max: options.body_bytes_by_operation[operation.operationId] ?? options.body_bytes_max,
    idle_ms: options.body_idle_ms,
    total_ms: options.body_total_ms,
  };
  exchange.raw_body = await readBody(exchange.request, limits, () => {
    if (awaitsContinue.delete(exchange.request)) exchange.response.writeContinue();
  });
  return exchange.raw_body;
}

/** The parsed body; undefined where none is documented or none was sent. */
async function loadBody(exchange: Exchange, operation: Operation, options: DefaultedOptions): Promise<unknown> {
  const raw = await loadRaw(exchange, operation, options);
  if (!operation.requestBody || raw.length === 0) return undefined;
  const media = checkMediaType(operation, exchange.headers["content-type"]);
  return media === "application/json" ? parseJsonBody(raw, options.body_depth_max) : raw;
}

function report(violation: Violation, { options, stats }: SurfaceState): void {
  stats.violations += 1;
  options.check_responses?.(violation);
}

/** Checks an answer where checking is on; the callback may throw to make a failure of a violation. */
export function checkAnswer(
  exchange: Exchange,
  status: number,
  headers: Record<string, string>,
  body: Buffer,
  state: SurfaceState,
): void {
  if (!state.checker || !exchange.operation) return;
  const sent = { ...Object.fromEntries(exchange.extra_headers), ...headers, "x-request-id": exchange.request_id };
  const violation = state.checker.check(exchange.operation, {
    method: exchange.method,
    status,
    headers: sent,
    body,
  });
  if (violation) report(violation, state);
}

async function sendReply(
  exchange: Exchange,
  operation: Operation,
  reply: AnyReply | Exclude<Streamed, Streamed>,
  state: SurfaceState,
) {
  const { content, status, trailers } = reply;
  const own = Object.fromEntries(
    Object.entries(reply.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  if (content !== undefined && typeof content !== "string" && !Buffer.isBuffer(content)) {
    return sendParts(exchange, { ...reply, content }, state.head);
  }
  const empty = reply.body === undefined && content === undefined;
  const bytes = Buffer.from(content ?? (empty ? "" : JSON.stringify(reply.body)));
  const type = reply.media_type ?? "application/json";
  const asked = { method: exchange.method, if_none_match: exchange.headers["if-none-match"] };
  const answer = cacheable(operation, asked, {
    status,
    headers: empty ? own : { "content-type": type, ...own },
    bytes,
  });
  checkAnswer(exchange, answer.status, answer.headers, answer.bytes, state);
  sendWhole(exchange, answer.status, answer.headers, answer.bytes, state.head, trailers);
}
