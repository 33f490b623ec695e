import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { ApiError } from "../core/errors.ts";
import { asApiError, errorBody, errorHeaders } from "./errors.ts";
import { newRequestId } from "./request_id.ts";

/** A whole HTTP/1.1 answer as text, for connections that have no response object; `connection: close` always. */
export function rawAnswer(error: ApiError, request_id = newRequestId()): string {
  const body = JSON.stringify(errorBody(error, "native", request_id));
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

/** Refuses an upgrade with the native envelope and closes. */
export function refuseUpgrade(socket: Duplex, thrown: unknown): void {
  if (socket.writable) socket.end(rawAnswer(asApiError(thrown)));
  else socket.destroy();
}
