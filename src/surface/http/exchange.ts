import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { constants, Http2ServerResponse, type Http2ServerRequest } from "node:http2";
import { ApiError } from "../../core/errors.ts";
import type { Principal } from "../../handlers/operation.ts";
import { ClientLeft } from "./body.ts";
import type { Authenticated } from "../binding/credentials.ts";
import type { Envelope, Operation } from "../binding/document.ts";
import { clientRequestId, newRequestId } from "./request_id.ts";
import type { StreamCheck } from "../binding/response_check.ts";

export type Transport = "direct" | "tunnel";

/** One request and its answer, over HTTP/1.1 or the HTTP/2 compatibility API alike. */
export type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly http2: boolean;
  readonly transport: Transport;
  readonly request_id: string;
  readonly received_at: number;
  readonly client_address: string;
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  readonly path: string;
  readonly search: string;
  readonly headers: IncomingHttpHeaders;
  readonly cookies: Record<string, string>;
  readonly signal: AbortSignal;
  /** Aborts the signal: the caller has left, or counts as gone. */
  readonly leave: () => void;
  /** Headers for success and failure alike. */
  readonly extra_headers: Map<string, string>;
  envelope: Envelope;
  operation: Operation | undefined;
  params: Record<string, string>;
  raw_body: Buffer | undefined;
  authenticated: Promise<Authenticated> | undefined;
  principal: Principal;
  /** Code of the failure that was answered, for metrics. */
  error_code: string | null;
  stream_opened: boolean;
  /** Checks the frames of the open stream, where checking is on. */
  stream_check: StreamCheck | undefined;
};

/** Requests that wait for `100 Continue` before they send their body. */
export const awaitsContinue = new WeakSet<object>();

/**
 * Headers that decide about the caller or the charge: a second one is an attempt to confuse, or comes from a broken
 * proxy.
 */
const SINGLE = /^(host|authorization|idempotency-key|content-type|content-length|x-b3iq-.*)$/;

/**
 * The refusal of a version of HTTP that is not served here; the connection closes, since such a peer would not
 * understand the next answer either.
 */
export function unservedVersion(): ApiError {
  return new ApiError("http_version_not_supported", "HTTP/1.1 is served here; the request names another version.", {
    headers: { connection: "close" },
  });
}

/**
 * Throws for a version in the request line that is not served, since the parser lets 0.9 and 2.0 through; and for an
 * expectation that is not met (RFC 9110 §10.1.1), for which the caller may wait with its body unsent.
 */
export function refuseUnservedLine({ request, http2 }: Exchange): void {
  if (http2) return;
  if (request.httpVersion !== "1.1" && request.httpVersion !== "1.0") throw unservedVersion();
  const { expect } = request.headers;
  if (request.httpVersion === "1.1" && expect !== undefined && expect.toLowerCase() !== "100-continue")
    throw new ApiError("invalid_request", "The only supported expectation is 100-continue.", {
      param: "expect",
      headers: { connection: "close" },
    });
}

/**
 * Throws `invalid_request` for a repeated header that must be single, and for HTTP/1.1 without Host (RFC 9112 §3.2).
 */
export function refuseAmbiguousHeaders(request: IncomingMessage): void {
  if (request.httpVersion === "1.1" && request.headers.host === undefined) {
    throw new ApiError("invalid_request", "The Host header is missing.", { param: "host" });
  }
  const seen = new Set<string>();
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index]!.toLowerCase();
    if (!SINGLE.test(name)) continue;
    if (seen.has(name)) {
      const field = /^[a-z0-9-]{1,64}$/.test(name) ? name : null;
      throw new ApiError("invalid_request", `The header ${field ?? ""} came more than once; send it once.`, {
        param: field,
      });
    }
    seen.add(name);
  }
}

function parseCookies(header: string | undefined): Record<string, string> {
  const cookies: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const pair of (header ?? "").split(";")) {
    const equals = pair.indexOf("=");
    if (equals < 1) continue;
    const name = pair.slice(0, equals).trim();
    cookies[name] ??= pair
      .slice(equals + 1)
      .trim()
      .replace(/^"|"$/g, "");
  }
  return cookies;
}

function plainHeaders(request: IncomingMessage, http2: boolean): IncomingHttpHeaders {
  if (!http2) return request.headers;
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !name.startsWith(":")));
  return { host: (request as unknown as Http2ServerRequest).authority, ...headers };
}

/**
 * Aborts when the connection closes before the answer was written. The reason is an Error, as fetch and streams expect.
 */
function leaving(response: ServerResponse, http2: boolean): Pick<Exchange, "signal" | "leave"> {
  const left = new AbortController();
  const leave = () => left.abort(new ClientLeft());
  response.on("error", leave);
  if (http2) {
    // The compatibility response says `finish` also when the peer reset the stream; the stream itself knows.
    const { stream } = response as unknown as Http2ServerResponse;
    stream.once("aborted", leave).once("close", () => {
      if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) leave();
    });
    return { signal: left.signal, leave };
  }
  let finished = false;
  response.once("finish", () => (finished = true));
  response.once("close", () => {
    if (!finished) leave();
  });
  return { signal: left.signal, leave };
}

/** Starts the record of a request; the id exists before anything can fail. */
export function openExchange(
  request: IncomingMessage,
  response: ServerResponse,
  facts: { transport: Transport; client_address: string },
): Exchange {
  // The connection decides the version, not the request line, in which an HTTP/1.1 client may write any version.
  const http2 = (response as unknown) instanceof Http2ServerResponse;
  const target = request.url ?? "/";
  const mark = target.indexOf("?");
  const extra_headers = new Map<string, string>();
  const theirs = clientRequestId(request.headers["x-request-id"] ?? request.headers["x-client-request-id"]);
  if (theirs) extra_headers.set("x-client-request-id", theirs);
  return {
    request,
    response,
    http2,
    ...facts,
    request_id: newRequestId(),
    received_at: performance.now(),
    method: request.method ?? "GET",
    target,
    // Absolute-form targets must be understood too (RFC 9112 §3.2.2).
    path: (mark < 0 ? target : target.slice(0, mark)).replace(/^https?:\/\/[^/]*/i, "") || "/",
    search: mark < 0 ? "" : target.slice(mark + 1),
    headers: plainHeaders(request, http2),
    cookies: parseCookies(request.headers.cookie),
    ...leaving(response, http2),
    extra_headers,
    envelope: "native",
    operation: undefined,
    params: {},
    raw_body: undefined,
    authenticated: undefined,
    principal: { kind: "none" },
    error_code: null,
    stream_opened: false,
    stream_check: undefined,
  };
}

/** Whether the request brings a body; an HTTP/2 request does when its stream stays open behind the headers. */
export function bringsBody({ request, http2 }: Exchange): boolean {
  if (http2) return !(request as unknown as Http2ServerRequest).stream.endAfterHeaders;
  return Number(request.headers["content-length"] ?? 0) > 0 || request.headers["transfer-encoding"] !== undefined;
}
