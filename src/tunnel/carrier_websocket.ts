import { createHash, randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Duplex } from "node:stream";
import { UPGRADE_TOKEN, acceptUpgrade, asksUpgrade, dialTunnel } from "./carrier_upgrade.ts";
import type { OpenOptions, Opened } from "./carrier_upgrade.ts";
import { createFrameReader, frameHeader, mask } from "./websocket_frames.ts";

/**
 * The fallback for proxies that pass no other upgrade than WebSocket (RFC 6455): binary frames, subprotocol `b3iq-h2`,
 * no extensions. It costs 25 to 30 % of the raw carrier's speed (docs/design/nodes.md, Tunnel).
 */
export const WEBSOCKET_TOKEN = "websocket";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const CLOSE = 8;
const PING = 9;
const PONG = 10;
const BINARY = 2;

/** Whether a request asks for a tunnel over WebSocket; others of its kind are refused. */
export function asksWebsocket(request: IncomingMessage): boolean {
  const protocols = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  return (
    asksUpgrade(request, WEBSOCKET_TOKEN) &&
    protocols.includes(UPGRADE_TOKEN) &&
    request.headers["sec-websocket-version"] === "13" &&
    /^[A-Za-z0-9+/]{22}==$/.test(request.headers["sec-websocket-key"] ?? "")
  );
}

/** Answers 101 and yields the bytes within the frames. */
export function acceptWebsocket(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  headers: Record<string, string>,
): Duplex {
  const raw = acceptUpgrade(socket, head, WEBSOCKET_TOKEN, {
    "sec-websocket-accept": acceptOf(request.headers["sec-websocket-key"]!),
    "sec-websocket-protocol": UPGRADE_TOKEN,
    ...headers,
  });
  return framed(raw, "server");
}

/** Dials the gateway as `dialTunnel` does, over WebSocket. */
export async function dialWebsocket(options: OpenOptions): Promise<Opened> {
  const key = randomBytes(16).toString("base64");
  const opened = await dialTunnel(options, WEBSOCKET_TOKEN, {
    "sec-websocket-key": key,
    "sec-websocket-version": "13",
    "sec-websocket-protocol": UPGRADE_TOKEN,
  });
  if (opened.headers["sec-websocket-accept"] !== acceptOf(key)) {
    opened.duplex.destroy();
    throw new Error("the answer to the WebSocket handshake is not one to this request");
  }
  return { headers: opened.headers, duplex: framed(opened.duplex, "client") };
}

function acceptOf(key: string): string {
  return createHash("sha1")
    .update(key + GUID)
    .digest("base64");
}

/**
 * A Duplex whose bytes travel in binary frames over `socket`; a slow reader stops the socket, a slow socket stops the
 * writer.
 */
function framed(socket: Duplex, side: "client" | "server"): Duplex {
  const masked = side === "client";
  const send = (opcode: number, payload: Buffer, done?: (error?: Error | null) => void): void => {
    const masking = masked ? randomBytes(4) : null;
    socket.cork();
    socket.write(frameHeader(opcode, payload.length, masking));
    socket.write(masking ? mask(payload, masking, 0) : payload, done);
    socket.uncork();
  };
  let owed: Buffer | null = null;
  /** While the peer takes nothing, only the answer to its latest ping is kept (RFC 6455 §5.5.3). */
  const pong = (payload: Buffer): void => {
    if (!socket.writableNeedDrain) return send(PONG, payload);
    if (owed === null)
      socket.once("drain", () => {
        if (socket.writable) send(PONG, owed!);
        owed = null;
      });
    owed = payload;
  };
  const reader = createFrameReader({
    masked: !masked,
    onData(chunk) {
      if (!duplex.push(chunk)) socket.pause();
    },
    onControl(opcode, payload) {
      if (opcode === PING && socket.writable) pong(payload);
      if (opcode === CLOSE) {
        if (socket.writable) send(CLOSE, payload.subarray(0, 2));
        duplex.destroy();
      }
    },
  });
  const duplex = new Duplex({
    allowHalfOpen: false,
    read() {
      socket.resume();
    },
    write(chunk: Buffer, _encoding, done) {
      send(BINARY, chunk, done);
    },
    final(done) {
      send(CLOSE, Buffer.of(0x03, 0xe8), done);
    },
    destroy(error, done) {
      socket.destroy();
      done(error);
    },
  });
  socket.on("data", (chunk: Buffer) => {
    try {
      reader(chunk);
    } catch (error) {
      duplex.destroy(error as Error);
    }
  });
  socket.on("error", (error) => duplex.destroy(error));
  socket.on("close", () => duplex.destroy());
  socket.on("end", () => duplex.destroy());
  return duplex;
}
