import { createServer, type Http2ServerRequest, type Http2ServerResponse, type ServerHttp2Session } from "node:http2";
import type { Duplex } from "node:stream";
import { destroyOnceEnded } from "./end.ts";

export type Serve = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

export type AgentEndOptions = {
  serve: Serve;
  max_concurrent_streams: number;
  /** The gateway pings every 15 s; after this long without a byte it is gone. */
  silence_timeout_ms: number;
  /**
   * Called once, when the gateway sends no more calls. With the reason `draining`, open streams may still end in order.
   */
  onDown: (reason: "draining" | "silent" | "closed") => void;
};

export type AgentEnd = {
  readonly in_flight: number;
  /** Tells the gateway to send no more calls, lets open calls end, then closes. */
  drain(): void;
  destroy(): void;
  closed: Promise<void>;
};

/** The agent's end of a tunnel: an HTTP/2 server over the Duplex that it dialled (docs/design/nodes.md, Tunnel). */
export function openAgentEnd(duplex: Duplex, options: AgentEndOptions): AgentEnd {
  const server = createServer({
    maxSessionMemory: 256,
    settings: { maxConcurrentStreams: options.max_concurrent_streams, initialWindowSize: 1024 * 1024 },
  });
  const state = { in_flight: 0, up: true };
  const down = (reason: "draining" | "silent" | "closed"): void => {
    if (!state.up) return;
    state.up = false;
    options.onDown(reason);
  };
  const { promise: closed, resolve: nowClosed } = Promise.withResolvers<void>();
  let session: ServerHttp2Session | undefined;

  server.on("session", (opened: ServerHttp2Session) => {
    session = opened;
    watchSilence(opened, options.silence_timeout_ms, () => {
      down("silent");
      opened.destroy();
    });
    opened.on("error", () => undefined);
    opened.on("goaway", () => down("draining"));
    opened.on("close", () => {
      down("closed");
      nowClosed();
    });
  });
  server.on("stream", (stream) => {
    state.in_flight += 1;
    stream.once("close", () => {
      state.in_flight -= 1;
    });
    // An aborted stream emits "error" too (docs/design/nodes.md, Traps of the tunnel): without a listener the process
    // would die.
    stream.on("error", () => undefined);
  });
  server.on("request", options.serve);
  duplex.on("error", () => undefined);
  duplex.on("end", () => duplex.destroy());
  destroyOnceEnded(duplex);
  duplex.on("close", () => {
    if (session) return session.destroy();
    down("closed");
    nowClosed();
  });
  // Under TLS the handshake agreed on HTTP/1.1, since HTTP/2 has no Upgrade; node:http2 refuses a socket with that ALPN
  // name.
  if ("alpnProtocol" in duplex) duplex.alpnProtocol = "h2";
  server.emit("connection", duplex);

  return {
    closed,
    get in_flight() {
      return state.in_flight;
    },
    drain() {
      down("draining");
      session?.close();
    },
    destroy() {
      down("closed");
      session?.destroy();
      duplex.destroy();
      nowClosed();
    },
  };
}

/**
 * Destroys an answer so that the gateway sees it cut. `stream.close(code)` after a write would look like a clean end
 * (docs/design/nodes.md, Traps of the tunnel).
 */
export function cutAnswer(response: Http2ServerResponse, error: Error): void {
  response.stream.destroy(error);
}

function watchSilence(session: ServerHttp2Session, timeout_ms: number, silent: () => void): void {
  let heard_at = performance.now();
  session.on("ping", () => {
    heard_at = performance.now();
  });
  session.on("stream", () => {
    heard_at = performance.now();
  });
  const timer = setInterval(
    () => {
      if (performance.now() - heard_at > timeout_ms)
        setImmediate(() => {
          if (performance.now() - heard_at > timeout_ms) silent();
        });
    },
    Math.max(10, timeout_ms / 4),
  );
  session.once("close", () => clearInterval(timer));
}
