import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "../../core/errors.ts";
import { asApiError } from "../error_answer.ts";
import { awaitsContinue, unservedVersion } from "./exchange.ts";
import { refuseSocket } from "./raw_answer.ts";

export type ListenOptions = {
  host: string;
  port: number;
  /** The name of the setting, for the error line about a port in use. */
  setting?: string;
  headers_ms?: number;
  /** Longer than the longest body, which has a limit of its own with a better answer. */
  request_ms?: number;
  /** Longer than the idle time of common load balancers (60 s), or they race a closing connection. */
  keep_alive_ms?: number;
  header_bytes_max?: number;
  /**
   * The most connections: idle, refused and upgraded ones count too. Connections beyond are closed without an answer.
   */
  connections_max?: number;
  /** Handles connections that ask at `path` for a carrier of the node tunnel. */
  upgrade?: {
    path: string;
    /** The caller gets the error with which this rejects. */
    take: (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>;
  };
  /** Called for every refusal outside of an answer to a request: a line that is no HTTP, an upgrade, `CONNECT`. */
  onRefused?: (error: ApiError) => void;
  /** Called for every connection beyond `connections_max`. */
  onDropped?: () => void;
};

export type Listening = {
  url: string;
  port: number;
  /**
   * Stops accepting and waits, at most `cap_ms`, until no request is being answered and `busy` is zero; then cuts the
   * connections of HTTP. The wait is for answers, not for sockets. Upgraded connections go on.
   */
  drain(cap_ms: number, busy?: () => number): Promise<{ cut: number }>;
  /** Stops accepting and cuts every connection, upgraded ones too. */
  close(): Promise<void>;
};

/**
 * Takes only the upgrades of the tunnel. Other offers, and offers at other paths, are ignored, as HTTP allows: Java
 * clients send `Upgrade: h2c` with ordinary requests.
 */
const CARRIERS = /(^|[\s,])(b3iq-h2|websocket)($|[\s,])/i;
const HEADER_BYTES_MAX = 16_384;

/**
 * The field in which Node keeps a socket's current response, from the request's last header to the answer's last byte.
 */
type HttpSocket = Socket & { _httpMessage?: ServerResponse | null };

type ParserError = NodeJS.ErrnoException & { reason?: string };

/** Failures before there is a request: parser errors, headers that are too large or too slow. */
function earlyError(error: ParserError, header_bytes_max: number): ApiError {
  switch (error.code) {
    case "HPE_HEADER_OVERFLOW":
      return new ApiError("headers_too_large", `The request headers are larger than ${header_bytes_max} bytes.`);
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new ApiError("request_timeout", "The request did not arrive in time.");
    case "HPE_PAUSED_H2_UPGRADE":
      return unservedVersion();
    default:
      return error.reason === "Invalid HTTP version"
        ? unservedVersion()
        : new ApiError("invalid_request", "This is not a valid HTTP/1.1 request.");
  }
}

/** Refuses on the bare socket and reports the refusal to `onRefused`. */
function refuse(socket: Duplex, thrown: unknown, options: ListenOptions): void {
  const error = asApiError(thrown);
  options.onRefused?.(error);
  refuseSocket(socket, error);
}

function onClientError(error: ParserError, socket: HttpSocket, options: ListenOptions): void {
  // The parser fails again on every byte that comes after the first failure.
  if (socket.writableEnded && !socket.destroyed) return;
  // A socket that is being answered already must not get a second answer in the middle of the first.
  const answering = socket._httpMessage?.headersSent === true && socket.bytesWritten > 0;
  if (error.code === "ECONNRESET" || !socket.writable || answering) socket.destroy(error);
  else refuse(socket, earlyError(error, options.header_bytes_max ?? HEADER_BYTES_MAX), options);
}

/** One clear line for a failure that an operator can mend; any other error unchanged. */
function listenError(error: NodeJS.ErrnoException, { host, port, setting }: ListenOptions): Error {
  const where = `${host}:${port}${setting ? ` (${setting})` : ""}`;
  if (error.code === "EADDRINUSE")
    return new Error(`${where} is in use; stop what listens there or choose another port`, { cause: error });
  if (error.code === "EACCES")
    return new Error(`${where} may not be listened on by this user; choose a port from 1024 up`, { cause: error });
  if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND") {
    return new Error(`${where} is not an address of this machine`, { cause: error });
  }
  return error;
}

function prepare(server: Server, options: ListenOptions): Set<HttpSocket> {
  const sockets = new Set<HttpSocket>();
  server.keepAliveTimeout = options.keep_alive_ms ?? 65_000;
  server.maxRequestsPerSocket = 0;
  server.timeout = 0;
  server.on("connection", (socket: HttpSocket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  if (options.connections_max !== undefined) server.maxConnections = options.connections_max;
  server.on("drop", () => options.onDropped?.());
  server.on("clientError", (error, socket) => onClientError(error, socket as HttpSocket, options));
  server.on("checkContinue", (request, response) => {
    awaitsContinue.add(request);
    server.emit("request", request, response);
  });
  // The surface refuses it, as any request: Node's own 417 has no request id.
  server.on("checkExpectation", (request, response) => server.emit("request", request, response));
  const { upgrade } = options;
  if (upgrade) {
    server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on("error", () => socket.destroy());
      upgrade.take(request, socket, head).catch((error: unknown) => refuse(socket, error, options));
    });
  }
  server.on("connect", (_request, socket: Duplex) => {
    // An empty list: the target is an authority, which takes no method at all (RFC 9110 §10.2.1).
    refuse(socket, new ApiError("method_not_allowed", "CONNECT is not served.", { headers: { allow: "" } }), options);
  });
  return sockets;
}

/** Listens with explicit time-outs and limits. Rejects with one clear line when the address cannot be used. */
export function listen(options: ListenOptions, app: RequestListener): Promise<Listening> {
  const headers_ms = options.headers_ms ?? 10_000;
  const server = createServer(
    {
      maxHeaderSize: options.header_bytes_max ?? HEADER_BYTES_MAX,
      headersTimeout: headers_ms,
      requestTimeout: options.request_ms ?? 90_000,
      connectionsCheckingInterval: Math.min(1000, headers_ms),
      // The surface checks it: Node's own refusal has no request id.
      requireHostHeader: false,
      joinDuplicateHeaders: false,
      insecureHTTPParser: false,
      // HTTP/1.1 only: an older client cannot ask for it (RFC 9110 §7.8), and other versions are refused as a whole.
      shouldUpgradeCallback: ({ headers, httpVersion, url }) =>
        url?.split("?", 1)[0] === options.upgrade?.path &&
        httpVersion === "1.1" &&
        CARRIERS.test(headers.upgrade ?? ""),
    },
    app,
  );
  const sockets = prepare(server, options);
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(listenError(error, options)));
    server.listen(options.port, options.host, () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : options.port;
      const host = options.host.includes(":") ? `[${options.host}]` : options.host;
      resolve({
        url: `http://${host}:${port}`,
        port,
        drain: (cap_ms, busy) => drain(server, sockets, cap_ms, busy),
        close: () => close(server, sockets),
      });
    });
  });
}

async function drain(
  server: Server,
  sockets: ReadonlySet<HttpSocket>,
  cap_ms: number,
  busy: () => number = () => 0,
): Promise<{ cut: number }> {
  const answering = () => [...sockets].filter((socket) => socket._httpMessage != null).length;
  const until = performance.now() + cap_ms;
  server.close();
  while (answering() + busy() > 0 && performance.now() < until) {
    server.closeIdleConnections();
    await sleep(50);
  }
  const cut = answering();
  server.closeAllConnections();
  return { cut };
}

function close(server: Server, sockets: ReadonlySet<HttpSocket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
  });
}
