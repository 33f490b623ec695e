import { createServer } from "node:http";
import type { IncomingMessage, RequestListener, Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { ApiError } from "../core/errors.ts";
import { awaitsContinue } from "./exchange.ts";
import { rawAnswer, refuseUpgrade } from "./raw_answer.ts";

export type ListenOptions = {
  host: string;
  port: number;
  /** The setting's name, for the line that a port in use is told with. */
  setting?: string;
  headers_ms?: number;
  /** Longer than the longest body, which has a limit of its own with a better answer. */
  request_ms?: number;
  /** Longer than the idle time of common load balancers (60 s), or they race a closing connection. */
  keep_alive_ms?: number;
  connections_max?: number;
  /** Takes connections that ask for one of the node tunnel's carriers. */
  on_upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
};

export type Listening = {
  url: string;
  port: number;
  server: Server;
  /** Stops accepting, closes idle connections and waits for those in flight up to `cap_ms`; then cuts them. */
  drain(cap_ms: number): Promise<{ cut: number }>;
  close(): Promise<void>;
};

/** Other offers are ignored, as HTTP allows: Java clients send `Upgrade: h2c` with ordinary requests. */
const CARRIERS = /(^|[\s,])(b3iq-h2|websocket)($|[\s,])/i;
const HEADER_BYTES_MAX = 16_384;

/** Failures before there is a request: parser errors, too large headers, slow headers. */
function earlyError(error: NodeJS.ErrnoException): ApiError {
  if (error.code === "HPE_HEADER_OVERFLOW") {
    return new ApiError("headers_too_large", `The request headers are larger than ${HEADER_BYTES_MAX} bytes.`);
  }
  if (error.code === "ERR_HTTP_REQUEST_TIMEOUT")
    return new ApiError("request_timeout", "The request did not arrive in time.");
  return new ApiError("invalid_request", "This is not a valid HTTP/1.1 request.");
}

function onClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  const { bytesWritten } = socket as Socket;
  // A socket that is being answered already must not get a second answer in the middle of the first.
  const answering =
    (socket as Socket & { _httpMessage?: { headersSent?: boolean } })._httpMessage?.headersSent === true;
  if (error.code === "ECONNRESET" || !socket.writable || (answering && bytesWritten > 0)) socket.destroy(error);
  else socket.end(rawAnswer(earlyError(error)), () => setTimeout(() => socket.destroy(), 500).unref());
}

/** One clear line for what an operator can mend; other errors as they are. */
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

function prepare(server: Server, options: ListenOptions): void {
  server.keepAliveTimeout = options.keep_alive_ms ?? 65_000;
  server.maxRequestsPerSocket = 0;
  server.timeout = 0;
  if (options.connections_max !== undefined) server.maxConnections = options.connections_max;
  server.on("clientError", onClientError);
  server.on("checkContinue", (request, response) => {
    awaitsContinue.add(request);
    server.emit("request", request, response);
  });
  server.on("checkExpectation", (_request, response) => {
    response.shouldKeepAlive = false;
    response.socket?.end(
      rawAnswer(new ApiError("invalid_request", "The only expectation that is served is 100-continue.")),
    );
  });
  const { on_upgrade } = options;
  if (on_upgrade) {
    server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on("error", () => socket.destroy());
      on_upgrade(request, socket, head);
    });
  }
  server.on("connect", (_request, socket: Duplex) => {
    refuseUpgrade(socket, new ApiError("method_not_allowed", "CONNECT is not served."));
  });
}

/** Listens with explicit time-outs and limits. Rejects with one clear line when the address cannot be used. */
export function listen(options: ListenOptions, app: RequestListener): Promise<Listening> {
  const headers_ms = options.headers_ms ?? 10_000;
  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: headers_ms,
      requestTimeout: options.request_ms ?? 90_000,
      connectionsCheckingInterval: Math.min(1000, headers_ms),
      // The surface checks it: Node's own refusal has no request id.
      requireHostHeader: false,
      joinDuplicateHeaders: false,
      insecureHTTPParser: false,
      shouldUpgradeCallback: ({ headers }) => options.on_upgrade !== undefined && CARRIERS.test(headers.upgrade ?? ""),
    },
    app,
  );
  prepare(server, options);
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(listenError(error, options)));
    server.listen(options.port, options.host, () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : options.port;
      const host = options.host.includes(":") ? `[${options.host}]` : options.host;
      resolve({
        url: `http://${host}:${port}`,
        port,
        server,
        drain: (cap_ms) => drain(server, cap_ms),
        close: () => close(server),
      });
    });
  });
}

function connections(server: Server): Promise<number> {
  return new Promise((resolve) => server.getConnections((error, count) => resolve(error ? 0 : count)));
}

async function drain(server: Server, cap_ms: number): Promise<{ cut: number }> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const idle = setInterval(() => server.closeIdleConnections(), 200);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => (timer = setTimeout(() => resolve("late"), cap_ms)));
  const cut = (await Promise.race([closed, late])) === "late" ? await connections(server) : 0;
  clearTimeout(timer);
  clearInterval(idle);
  server.closeAllConnections();
  return { cut };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
