import { createHash, randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer, createWebSocketStream } from "ws";
import { UPGRADE_TOKEN, asksUpgrade, dialTunnel, type OpenOptions, type Opened } from "./carrier_upgrade.ts";

/**
 * The fallback for proxies that pass no other upgrade than WebSocket (RFC 6455): binary messages, subprotocol
 * `b3iq-h2`, no extensions (docs/design/nodes.md, Tunnel).
 */
export const WEBSOCKET_TOKEN = "websocket";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/** HTTP/2 writes at most about 100 kB at once; a longer message would wait in memory until its end. */
const MESSAGE_BYTES_MAX = 1024 * 1024;
/** How long the other end may take to answer a close frame. */
const CLOSE_TIMEOUT_MS = 1_000;
/** `autoPong` is off, because `answerPings` bounds the answers. */
const OPTIONS = {
  perMessageDeflate: false,
  maxPayload: MESSAGE_BYTES_MAX,
  skipUTF8Validation: true,
  autoPong: false,
  closeTimeout: CLOSE_TIMEOUT_MS,
};

/** Whether a request asks for a tunnel over WebSocket, and not for another subprotocol or version. */
export function asksWebsocket(request: IncomingMessage): boolean {
  const protocols = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  return (
    asksUpgrade(request, WEBSOCKET_TOKEN) &&
    protocols.includes(UPGRADE_TOKEN) &&
    request.headers["sec-websocket-version"] === "13" &&
    /^[A-Za-z0-9+/]{22}==$/.test(request.headers["sec-websocket-key"] ?? "")
  );
}

/** Answers 101 and yields the bytes within the messages. */
export function acceptWebsocket(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  headers: Record<string, string>,
): Duplex {
  const server = new WebSocketServer({
    ...OPTIONS,
    noServer: true,
    clientTracking: false,
    handleProtocols: () => UPGRADE_TOKEN,
  });
  server.once("headers", (lines) => {
    lines.push(...Object.entries(headers).map(([name, value]) => `${name}: ${value}`));
  });
  let duplex = socket; // `ws` destroys the socket when the peer left meanwhile
  server.handleUpgrade(request, socket, head, (opened) => {
    duplex = streamOf(opened, socket);
  });
  return duplex;
}

/** Dials the gateway as `dialTunnel` does, over WebSocket. */
export async function dialWebsocket(options: OpenOptions): Promise<Opened> {
  const key = randomBytes(16).toString("base64");
  const { duplex: socket, headers } = await dialTunnel(options, WEBSOCKET_TOKEN, {
    "sec-websocket-key": key,
    "sec-websocket-version": "13",
    "sec-websocket-protocol": UPGRADE_TOKEN,
  });
  if (headers["sec-websocket-accept"] !== acceptOf(key)) {
    socket.destroy();
    throw new Error("the answer to the WebSocket handshake does not belong to this request");
  }
  return { headers, duplex: streamOf(clientOn(socket), socket) };
}

function acceptOf(key: string): string {
  return createHash("sha1")
    .update(key + GUID)
    .digest("base64");
}

/** Undocumented members that the handshakes of `ws` use; the version of `ws` is pinned. */
type Internals = WebSocket & {
  _isServer: boolean;
  setSocket(socket: Duplex, head: Buffer, options: object): void;
};
const Unconnected = WebSocket as unknown as new (url: null, protocols: undefined, options: object) => Internals;

/** A client on a socket after its handshake, which undici makes, because undici knows the owner's proxies. */
function clientOn(socket: Duplex): WebSocket {
  const client = new Unconnected(null, undefined, OPTIONS);
  client._isServer = false; // a client masks its frames; the server's must not be masked
  client.setSocket(socket, Buffer.alloc(0), OPTIONS);
  return client;
}

/** The bytes as a Duplex; a slow reader stops the socket, a slow socket stops the writer. */
function streamOf(websocket: WebSocket, socket: Duplex): Duplex {
  const duplex = createWebSocketStream(websocket, { allowHalfOpen: false });
  websocket.on("error", () => undefined); // the Duplex gets the first error; a later one must not end the process
  websocket.on("close", () => duplex.destroy());
  websocket.on("message", (_data, isBinary) => {
    if (!isBinary) duplex.destroy(new Error("a WebSocket message is text"));
  });
  answerPings(websocket, socket);
  return duplex;
}

/** While the peer takes nothing, only the answer to its latest ping is kept (RFC 6455 §5.5.3). */
function answerPings(websocket: WebSocket, socket: Duplex): void {
  let owed: Buffer | null = null;
  const pong = (payload: Buffer): void => websocket.pong(payload, undefined, () => undefined);
  websocket.on("ping", (payload) => {
    if (!socket.writableNeedDrain) return pong(payload);
    if (owed === null)
      socket.once("drain", () => {
        if (socket.writable) pong(owed!);
        owed = null;
      });
    owed = payload;
  });
}
