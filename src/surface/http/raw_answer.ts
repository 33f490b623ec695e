import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { errorHeaders, nativeError } from "../../core/error_envelope.ts";
import type { ApiError } from "../../core/errors.ts";
import { asApiError } from "../error_answer.ts";
import { newRequestId } from "./request_id.ts";

/** A whole HTTP/1.1 answer as text, for connections that have no response object; `connection: close` always. */
export function rawAnswer(error: ApiError, request_id = newRequestId()): string {
  const body = JSON.stringify(nativeError(error, request_id));
  const headers = {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    ...errorHeaders(error),
    "x-request-id": request_id,
    connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? "Error"}\r\n${lines.join("\r\n")}\r\n\r\n${body}`;
}

/** How long a peer may take to read a last answer and to end its side (RFC 9112 §9.6). */
const LINGER_MS = 1000;

/**
 * Refuses on a socket that has no response object (an upgrade, `CONNECT`, a line that is no HTTP) and ends the socket:
 * no time-out of HTTP covers such a socket, so a peer that does not end its side would keep it for ever. Bytes that
 * still arrive are thrown away meanwhile, since unread bytes would reset the connection and the peer would lose the
 * answer.
 */
export function refuseSocket(socket: Duplex, thrown: unknown): void {
  socket.on("error", () => socket.destroy());
  if (!socket.writable) return void socket.destroy();
  socket.end(rawAnswer(asApiError(thrown)));
  socket.resume();
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}
