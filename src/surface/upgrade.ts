import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { STATUS_CODES } from "node:http";
import { ApiError } from "../core/errors.ts";
import type { Principal } from "../handlers/operation.ts";
import { authenticateCall } from "./credentials.ts";
import { asApiError, errorBody, errorHeaders } from "./errors.ts";
import { refuseRepeatedHeaders } from "./exchange.ts";
import { newRequestId } from "./request_id.ts";
import type { Surfacing } from "./serve.ts";

export type Upgrade = { principal: Principal; request_id: string; client_address: string };

/** Authenticates a request to upgrade, by the document's operation at its path. Rejects with an ApiError. */
export async function authenticateUpgrade(request: IncomingMessage, client_address: string, surfacing: Surfacing): Promise<Upgrade> {
  const target = request.url ?? "/";
  const match = surfacing.binding.router.find("GET", target.split("?")[0]!);
  if (request.method !== "GET" || !match) throw new ApiError("not_found", "There is nothing to upgrade at this path.");
  refuseRepeatedHeaders(request);
  surfacing.failures?.check(client_address);
  const { headers } = request;
  const body = Buffer.alloc(0);
  try {
    const { principal } = await authenticateCall(match.operation, {
      headers,
      cookies: {},
      transport: "direct",
      signedCall: async () => ({ method: "GET", target, headers, body }),
    }, surfacing.authenticate);
    return { principal, request_id: newRequestId(), client_address };
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) surfacing.failures?.take(client_address);
    throw error;
  }
}

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
