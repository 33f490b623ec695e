import { connect, constants } from "node:http2";
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import { Readable, type Duplex } from "node:stream";
import { within } from "../core/time.ts";
import { destroyOnceEnded } from "./end.ts";
import { TunnelError } from "./tunnel_error.ts";

/**
 * At most this much of one answer waits in memory for a slow client (docs/design/chat.md, Answer): the HTTP/2 window of
 * a stream.
 */
export const STREAM_WINDOW_BYTES = 256 * 1024;

export type TunnelAnswer = {
  status: number;
  headers: Record<string, string>;
  /**
   * Errors when a reset cuts the stream. A cut can also look like a clean end: only `trailers` prove an answer whole.
   */
  body: Readable;
  /** Resolves to undefined when the stream closed without trailers; never rejects. */
  trailers: Promise<Record<string, string> | undefined>;
  cancel(): void;
};

export type StreamCall = {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer;
  signal?: AbortSignal | undefined;
  /** Called when the agent accepts the call, which may be long before its answer (status 100, RFC 9110 §15.2.1). */
  onAccepted?: (() => void) | undefined;
  /** How long the call may wait for a stream of the session, in ms. */
  connect_timeout_ms: number;
};

export type GatewayEndOptions = {
  ping_interval_ms: number;
  ping_timeout_ms: number;
  /** How long the agent may take to speak HTTP/2 at all. */
  settings_timeout_ms: number;
  /**
   * Called once, when the session accepts no more calls. With the reason `draining`, open streams may still end in
   * order.
   */
  onDown: (reason: DownReason) => void;
};

export type DownReason = "draining" | "ping_lost" | "closed" | "error";

export type GatewayEnd = {
  /** Resolves when the agent's SETTINGS arrive; rejects with a TunnelError when they do not arrive in time. */
  ready: Promise<void>;
  call(call: StreamCall): Promise<TunnelAnswer>;
  readonly accepting: boolean;
  readonly in_flight: number;
  /** Accepts no more calls, lets open calls end, then closes. */
  drain(): void;
  destroy(): void;
  /** Resolves when the session is closed. */
  closed: Promise<void>;
};

/** The gateway's end of a tunnel: an HTTP/2 client over whatever Duplex a carrier yields (docs/design/nodes.md, Tunnel). */
export function openGatewayEnd(duplex: Duplex, options: GatewayEndOptions): GatewayEnd {
  const session = connect("http://agent.b3iq.invalid", {
    createConnection: () => duplex,
    maxSessionMemory: 256,
    settings: { enablePush: false, initialWindowSize: STREAM_WINDOW_BYTES },
  });
  const state: State = { accepting: true, in_flight: 0, waiting: new Set() };
  const down = (reason: DownReason): void => {
    if (!state.accepting) return;
    state.accepting = false;
    options.onDown(reason);
  };

  const { promise: closed, resolve: nowClosed } = Promise.withResolvers<void>();
  session.on("error", () => down("error"));
  session.on("goaway", () => down("draining"));
  session.on("close", () => {
    down("closed");
    for (const wake of state.waiting) wake();
    nowClosed();
  });
  // A socket of an HTTP server may stay half open: after a peer's FIN, neither "close" nor the session's end would
  // come.
  duplex.on("end", () => duplex.destroy());
  destroyOnceEnded(duplex);
  duplex.on("close", () => cut(session));
  duplex.on("error", () => cut(session));

  const ready = awaitSettings(session, options.settings_timeout_ms);
  keepPinging(session, options, () => {
    down("ping_lost");
    cut(session);
  });

  return {
    ready,
    closed,
    call: (call) => whenFree(session, state, call),
    get accepting() {
      return state.accepting && !session.closed && !session.destroyed;
    },
    get in_flight() {
      return state.in_flight;
    },
    drain() {
      down("draining");
      if (!session.closed) session.close();
    },
    destroy() {
      down("closed");
      cut(session);
      duplex.destroy(); // a session that closed in order waits for the peer's end
    },
  };
}

/** Passes an error, since a session destroyed without one gives its streams a clean end. */
function cut(session: ClientHttp2Session): void {
  if (!session.destroyed) session.destroy(new TunnelError("tunnel_down", "the node's tunnel was lost", true));
}

function awaitSettings(session: ClientHttp2Session, timeout_ms: number): Promise<void> {
  const ready = new Promise<void>((resolve, reject) => {
    const fail = (): void =>
      reject(new TunnelError("tunnel_down", "the agent did not speak HTTP/2 on the tunnel", false));
    const timer = setTimeout(() => {
      fail();
      cut(session);
    }, timeout_ms);
    session.once("remoteSettings", () => {
      clearTimeout(timer);
      resolve();
    });
    session.once("close", () => {
      clearTimeout(timer);
      fail();
    });
  });
  ready.catch(() => undefined);
  return ready;
}

/**
 * Pings also keep proxies from cutting an idle tunnel (docs/design/nodes.md, Traps of the tunnel). A tunnel whose ping
 * gets no answer in time is down.
 */
function keepPinging(session: ClientHttp2Session, options: GatewayEndOptions, lost: () => void): void {
  let waiting: NodeJS.Timeout | undefined;
  const interval = setInterval(() => {
    if (waiting || session.destroyed) return;
    let answered = false;
    // After a stall of this process, the ping's answer may wait unread in the socket: the event loop reads first.
    waiting = setTimeout(
      () =>
        setImmediate(() => {
          if (!answered) lost();
        }),
      options.ping_timeout_ms,
    );
    try {
      session.ping((error) => {
        if (error) return;
        answered = true;
        clearTimeout(waiting);
        waiting = undefined;
      });
    } catch {
      lost();
    }
  }, options.ping_interval_ms);
  session.once("close", () => {
    clearInterval(interval);
    clearTimeout(waiting);
  });
}

type State = { accepting: boolean; in_flight: number; waiting: Set<() => void> };

/** Starts the call as soon as the agent allows one more stream: node:http2 would queue the call without a time-out. */
async function whenFree(session: ClientHttp2Session, state: State, call: StreamCall): Promise<TunnelAnswer> {
  const until = performance.now() + call.connect_timeout_ms;
  for (;;) {
    if (!state.accepting || session.closed || session.destroyed)
      throw new TunnelError("tunnel_down", "the node's tunnel is down", false);
    if (call.signal?.aborted) throw new TunnelError("aborted", "the call was cancelled", false);
    // One turn of the event loop counts and takes the stream: two calls must not both see the last free one.
    if (state.in_flight < (session.remoteSettings.maxConcurrentStreams ?? Infinity))
      return startCall(session, state, call);
    const left_ms = until - performance.now();
    if (left_ms <= 0) throw new TunnelError("tunnel_timeout", "the node's tunnel took no more streams in time", false);
    await streamClosed(state, left_ms, call.signal);
  }
}

/** Resolves when a stream may be free, the time is over, or the caller left. */
async function streamClosed({ waiting }: State, timeout_ms: number, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const wake = (): void => {
    waiting.delete(wake); // the next stream that closes wakes the next call
    resolve();
  };
  waiting.add(wake);
  await within(promise, timeout_ms, undefined, signal);
  waiting.delete(wake);
}

function startCall(session: ClientHttp2Session, state: State, call: StreamCall): Promise<TunnelAnswer> {
  const stream = session.request(
    { ...call.headers, ":method": call.method, ":path": call.path },
    { endStream: call.body.length === 0 },
  );
  state.in_flight += 1;
  if (call.onAccepted) stream.once("continue", call.onAccepted);
  if (call.body.length > 0) stream.end(call.body);
  const abort = (): void => {
    if (!stream.closed) stream.close(constants.NGHTTP2_CANCEL);
    stream.destroy(new TunnelError("aborted", "the call was cancelled", true));
  };
  call.signal?.addEventListener("abort", abort, { once: true });
  stream.once("close", () => {
    state.in_flight -= 1;
    for (const wake of state.waiting) {
      wake();
      break;
    }
    call.signal?.removeEventListener("abort", abort);
  });
  return answerOf(session, stream, abort);
}

function answerOf(session: ClientHttp2Session, stream: ClientHttp2Stream, abort: () => void): Promise<TunnelAnswer> {
  const { promise: trailers, resolve: setTrailers } = Promise.withResolvers<Record<string, string> | undefined>();
  stream.once("trailers", (headers: IncomingHttpHeaders) => setTrailers(flat(headers)));
  stream.once("close", () => setTrailers(undefined));
  return new Promise<TunnelAnswer>((resolve, reject) => {
    let answered = false;
    stream.once("response", (headers) => {
      answered = true;
      const body = bodyOf(stream);
      resolve({ status: Number(headers[":status"]), headers: flat(headers), body, trailers, cancel: abort });
    });
    // Aborted streams emit "error" beside "close" (docs/design/nodes.md, Traps of the tunnel): without a listener the
    // process would die.
    stream.on("error", (error) => reject(asTunnelError(error, session)));
    stream.once("close", () => {
      if (!answered) reject(asTunnelError(undefined, session)); // made here only: an Error costs a stack trace
    });
  });
}

/**
 * The bytes of an answer, in a stream of their own: a short HTTP/2 stream closes before it is read, and then its
 * iteration fails although all bytes came (Node 24.20, nodejs/node#65677).
 */
function bodyOf(stream: ClientHttp2Stream): Readable {
  const body = new Readable({
    highWaterMark: 0, // unread bytes wait in the HTTP/2 window
    read() {
      stream.resume();
    },
    destroy(error, done) {
      if (!stream.readableEnded) stream.close(constants.NGHTTP2_CANCEL);
      done(error);
    },
  });
  stream.on("data", (chunk: Buffer) => {
    if (!body.push(chunk)) stream.pause();
  });
  stream.pause();
  stream.once("end", () => body.push(null));
  stream.once("error", (error) => body.destroy(error));
  stream.once("close", () => {
    if (!stream.readableEnded) body.destroy(new TunnelError("tunnel_reset", "the node's answer was cut", true));
  });
  body.on("error", () => undefined); // the reader gets the error
  return body;
}

function asTunnelError(error: unknown, session: ClientHttp2Session): TunnelError {
  if (error instanceof TunnelError) return error;
  if (session.closed || session.destroyed)
    return new TunnelError("tunnel_down", "the node's tunnel was lost", true, error);
  return new TunnelError("tunnel_reset", "the node reset the stream", true, error);
}

/** Header values as strings, without HTTP/2's pseudo-headers. */
function flat(headers: IncomingHttpHeaders): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(":") || value === undefined) continue;
    result[name] = Array.isArray(value) ? value.join(", ") : String(value);
  }
  return result;
}
