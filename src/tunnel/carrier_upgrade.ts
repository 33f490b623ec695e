import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Dispatcher } from "undici";

/** The token of `Upgrade` by which an agent asks for a raw tunnel. */
export const UPGRADE_TOKEN = "b3iq-h2";

export const TUNNEL_PATH = "/v1/node/tunnel";

/** The settings with which a reverse proxy passes a tunnel: the text of the 426 for a request without its Upgrade. */
export const PROXY_SETTINGS =
  "The request arrived without its Upgrade header: a proxy in between removed it. " +
  'For nginx set proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade"; ' +
  "proxy_read_timeout 1h; proxy_send_timeout 1h; on the location of /v1/node/tunnel.";

/** Whether a request asks for an upgrade to `token`. Proxies change the case of both headers (docs/design/nodes.md, Traps of the tunnel). */
export function asksUpgrade(request: IncomingMessage, token: string): boolean {
  const listed = (value: string | undefined, wanted: string): boolean =>
    (value ?? "")
      .toLowerCase()
      .split(",")
      .some((part) => part.trim() === wanted);
  return listed(request.headers.upgrade, token) && listed(request.headers.connection, "upgrade");
}

/** Answers 101 and yields the raw socket; bytes that came with the request are put back (docs/design/nodes.md, Traps of the tunnel). */
export function acceptUpgrade(socket: Duplex, head: Buffer, token: string, headers: Record<string, string>): Duplex {
  prepareSocket(socket);
  const lines = Object.entries({ connection: "Upgrade", upgrade: token, ...headers });
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`,
  );
  if (head.length > 0) socket.unshift(head);
  return socket;
}

export type Opened = { duplex: Duplex; headers: Record<string, string> };

/** The gateway, or a proxy before it, answered a tunnel request with another status than 101. */
export class CarrierRefused extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;

  constructor(status: number, headers: Record<string, string>, body: string) {
    super(`the gateway answered the tunnel request with ${status}`);
    this.name = "CarrierRefused";
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}

export type OpenOptions = {
  dispatcher: Dispatcher;
  gateway_url: string;
  /** Path with query, as signed. */
  path: string;
  headers: Record<string, string>;
  timeout_ms: number;
};

const REFUSAL_BYTES = 16 * 1024;

/**
 * Dials the gateway and asks for a raw tunnel, through a proxy when the dispatcher has one. The dispatcher must speak
 * HTTP/1.1 only: HTTP/2 has no Upgrade (docs/design/nodes.md, Traps of the tunnel). Throws CarrierRefused for any other
 * answer, with its body.
 */
export function dialUpgrade(options: OpenOptions): Promise<Opened> {
  return dialTunnel(options, UPGRADE_TOKEN, {});
}

/** The handshake of every carrier: one request for an upgrade, which yields the socket. */
export function dialTunnel(
  options: OpenOptions,
  token: string,
  headers_of_carrier: Record<string, string>,
): Promise<Opened> {
  const url = new URL(options.gateway_url);
  return new Promise((resolve, reject) => {
    let status = 0;
    let headers: Record<string, string> = {};
    let body = "";
    options.dispatcher.dispatch(
      {
        origin: url.origin,
        path: `${url.pathname.replace(/\/$/, "")}${options.path}`,
        method: "GET",
        upgrade: token,
        headers: { ...options.headers, ...headers_of_carrier },
        headersTimeout: options.timeout_ms,
        bodyTimeout: options.timeout_ms,
      },
      {
        onRequestStart() {},
        onRequestUpgrade(_controller, code, answer, socket) {
          prepareSocket(socket);
          if (code === 101) resolve({ duplex: socket, headers: single(answer) });
          else {
            socket.destroy();
            reject(new CarrierRefused(code, single(answer), ""));
          }
        },
        onResponseStart(_controller, code, answer) {
          status = code;
          headers = single(answer);
        },
        onResponseData(_controller, chunk) {
          if (body.length < REFUSAL_BYTES) body += chunk.toString("utf8");
        },
        onResponseEnd() {
          reject(new CarrierRefused(status, headers, body.slice(0, REFUSAL_BYTES)));
        },
        onResponseError(_controller, error) {
          reject(status ? new CarrierRefused(status, headers, body) : error);
        },
      },
    );
  });
}

function prepareSocket(socket: Duplex): void {
  socket.on("error", () => undefined);
  const tcp = socket as Duplex & { setNoDelay?: (on: boolean) => void; setTimeout?: (ms: number) => void };
  tcp.setNoDelay?.(true);
  tcp.setTimeout?.(0);
}

function single(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(", ") : value]],
    ),
  );
}
