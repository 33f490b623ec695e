import type { Http2ServerResponse } from "node:http2";
import { addCorsHeaders } from "./cors.ts";
import { bringsBody, type Exchange } from "./exchange.ts";

/** The return value of a handler, without its types. */
export type AnyReply = {
  status: number;
  body?: unknown;
  media_type?: string;
  content?: string | Buffer | AsyncIterable<string | Buffer>;
  headers?: Record<string, string>;
  trailers?: Record<string, string>;
};

export type HeadOptions = {
  cors_origins: readonly string[];
  /** True while draining: connections end with their answer. */
  closing: () => boolean;
  /** How long a caller may read nothing of its answer before the connection is cut. */
  stall_ms: number;
};

/**
 * How long an unread body is still received after a refusal, so that the caller can read the refusal before the
 * connection ends.
 */
const LINGER_MS = 1000;
/** The largest unread body that Node drains, so that the connection stays open. */
const DRAINED_BYTES_MAX = 65_536;

/** Headers of an HTTP/1.1 connection, which HTTP/2 refuses. */
const HTTP1_ONLY = new Set(["connection", "keep-alive", "transfer-encoding", "upgrade"]);

/** Sends the status and the headers of the handler, of the call, and of every answer. */
export function sendHead(exchange: Exchange, status: number, own: Record<string, string>, options: HeadOptions): void {
  const headers: Record<string, string> = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "openai-processing-ms": String(Math.round(performance.now() - exchange.received_at)),
    ...Object.fromEntries(exchange.extra_headers),
  };
  for (const [name, value] of Object.entries(own)) headers[name.toLowerCase()] = value;
  headers["x-request-id"] = exchange.request_id;
  // Every answer to a node states the time, as late as possible: the agent corrects its clock by this header
  // (docs/protocol/node-call.md).
  if (exchange.path.startsWith("/v1/node/")) headers["x-b3iq-server-time"] ??= String(Date.now());
  addCorsHeaders(exchange, headers, options.cors_origins);
  if (options.closing()) headers["connection"] = "close";
  if (exchange.http2) for (const name of HTTP1_ONLY) delete headers[name];
  exchange.response.writeHead(status, headers);
}

/**
 * Cuts an answer that was sent in part, so that no caller takes it for whole: HTTP/2 would show a stream that is
 * destroyed without an error as a clean end.
 */
export function cutAnswer({ http2, response }: Exchange): void {
  if (http2) (response as unknown as Http2ServerResponse).stream.destroy(new Error("The answer was cut"));
  else response.destroy();
}

/** Writes, and resolves when the connection takes more. Rejects when the client left or read nothing for `stall_ms`. */
export function writeAndDrain(exchange: Exchange, bytes: Buffer | string, stall_ms: number): Promise<void> {
  const { response, signal } = exchange;
  if (signal.aborted) return Promise.reject(signal.reason as Error);
  if (response.write(bytes)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const settle = () => {
      clearTimeout(stalled);
      response.off("drain", onDrain);
      signal.removeEventListener("abort", onLeft);
    };
    const onDrain = () => {
      settle();
      resolve();
    };
    const onLeft = () => {
      settle();
      reject(signal.reason as Error);
    };
    const stalled = setTimeout(() => {
      settle();
      exchange.leave();
      cutAnswer(exchange);
      reject(signal.reason as Error);
    }, stall_ms);
    response.on("drain", onDrain);
    signal.addEventListener("abort", onLeft);
  });
}

/**
 * Adds trailers where the peer can read them, and ends the answer. A caller that reads nothing of the rest for
 * `stall_ms` is cut; the socket's own timer counts a write in progress as reading.
 */
export function endAnswer(
  exchange: Exchange,
  trailers: Record<string, string> | undefined,
  { stall_ms }: HeadOptions,
): void {
  const { response } = exchange;
  if (trailers && exchange.http2) response.addTrailers(trailers);
  response.setTimeout(stall_ms, () => cutAnswer(exchange));
  // Before Node's own listener, which sets the time-out of an idle connection.
  response.prependOnceListener("finish", () => response.setTimeout(0));
  response.end();
}

/** Whether so much of the request is unread that the connection cannot be used again. */
function leavesBodyUnread(exchange: Exchange): boolean {
  const { request } = exchange;
  if (exchange.http2 || request.complete || exchange.raw_body !== undefined || !bringsBody(exchange)) return false;
  const length = request.headers["content-length"];
  return length === undefined || Number(length) > DRAINED_BYTES_MAX || request.readableFlowing === false;
}

/**
 * Ends the answer only after the caller stopped sending: closing at once would reset the connection and lose the
 * answer.
 */
function linger(exchange: Exchange, options: HeadOptions): void {
  const { request } = exchange;
  const end = () => {
    request.off("end", end).off("close", end);
    clearTimeout(timer);
    endAnswer(exchange, undefined, options);
  };
  const timer = setTimeout(end, LINGER_MS);
  request.once("end", end).once("close", end).resume();
}

/** Sends a whole answer with its length. */
export function sendWhole(
  exchange: Exchange,
  status: number,
  headers: Record<string, string>,
  content: Buffer,
  options: HeadOptions,
  trailers?: Record<string, string>,
): void {
  const { response } = exchange;
  const unread = leavesBodyUnread(exchange);
  const bodiless = status === 204 || status === 304;
  sendHead(
    exchange,
    status,
    {
      ...headers,
      ...(bodiless || trailers ? {} : { "content-length": String(content.length) }),
      ...(unread ? { connection: "close" } : {}),
    },
    options,
  );
  if (exchange.method !== "HEAD" && !bodiless) response.write(content);
  if (unread) return linger(exchange, options);
  endAnswer(exchange, trailers, options);
  awaitRest(exchange);
}

/**
 * Lets Node drain a small rest of the body; the connection lives on when the rest arrives within the time of `linger`.
 */
function awaitRest(exchange: Exchange): void {
  const { request } = exchange;
  const isRead = () => exchange.http2 || request.complete || !bringsBody(exchange);
  if (!isRead()) setTimeout(() => !isRead() && request.socket.destroy(), LINGER_MS).unref();
}

/**
 * Sends content that arrives in parts; a failure in between cuts the connection, so that no caller takes the answer for
 * whole.
 */
export async function sendParts(
  exchange: Exchange,
  reply: AnyReply & { content: AsyncIterable<string | Buffer> },
  options: HeadOptions,
): Promise<void> {
  sendHead(exchange, reply.status, { "content-type": reply.media_type!, ...reply.headers }, options);
  if (exchange.method === "HEAD") return endAnswer(exchange, undefined, options);
  try {
    for await (const part of reply.content) {
      if (part.length > 0) await writeAndDrain(exchange, part, options.stall_ms);
    }
  } catch (error) {
    cutAnswer(exchange);
    throw error;
  }
  endAnswer(exchange, reply.trailers, options);
}
