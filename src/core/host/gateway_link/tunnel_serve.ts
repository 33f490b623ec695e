/**
 * Serves the calls that come over the tunnel. The operations of tunnel_calls.ts are answered here; the surface answers
 * every other path and checks the same signature.
 */
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { TUNNEL_ROUTES } from "../../../../generated/routes.ts";
import { errorHeaders, nativeError } from "../../error_envelope.ts";
import { ApiError } from "../../errors.ts";
import { mintId } from "../../protocol/bytes/ids.ts";
import type { RouterCheck } from "../chat/router_check.ts";
import { answerTunnelCall, type TunnelCallDeps, type TunnelCallId } from "./tunnel_calls.ts";

export type TunnelServeDeps = {
  agent: TunnelCallDeps;
  /** Null until the agent knows its gateway. */
  managed: () => Pick<RouterCheck, "authenticate"> | null;
  /** The surface's request function with the transport `tunnel`. */
  surface: (request: Http2ServerRequest, response: Http2ServerResponse) => void;
  body_bytes_max: number;
};

const { dispatchChat: _surface, drainTunnel: _client, ...ANSWERED } = TUNNEL_ROUTES;
const OPERATION_AT = new Map<string, TunnelCallId>(
  Object.entries(ANSWERED).map(([operation_id, { path }]) => [path, operation_id as TunnelCallId]),
);

/** The function that the tunnel's end calls for each stream. */
export function createTunnelServe(deps: TunnelServeDeps) {
  return (request: Http2ServerRequest, response: Http2ServerResponse): void => {
    const operation_id = OPERATION_AT.get(request.url);
    if (operation_id === undefined) return deps.surface(request, response);
    response.on("error", () => {});
    answer(operation_id, request, deps).then(
      (body) => send(response, 200, mintId("req"), body),
      (error: unknown) => sendFailure(response, error),
    );
  };
}

/** Answers with the native envelope. What an unknown throwable says stays here. */
export function sendFailure(response: Http2ServerResponse, thrown: unknown): void {
  const error = thrown instanceof ApiError ? thrown : new ApiError("internal_error", "The call failed.");
  const request_id = mintId("req");
  send(response, error.status, request_id, nativeError(error, request_id), errorHeaders(error));
}

async function answer(
  operation_id: TunnelCallId,
  request: Http2ServerRequest,
  { agent, managed, body_bytes_max }: TunnelServeDeps,
): Promise<object> {
  const gateway = managed();
  if (gateway === null) throw new ApiError("unauthorized", "This agent is not enrolled.");
  const body = await read(request, body_bytes_max);
  gateway.authenticate({ method: request.method, target: request.url, headers: request.headers, body });
  return answerTunnelCall(operation_id, parse(body), agent);
}

async function read(request: Http2ServerRequest, most: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > most) throw new ApiError("payload_too_large", `The body is larger than ${most} bytes.`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new ApiError("invalid_request", "The body is not JSON.");
  }
}

function send(
  response: Http2ServerResponse,
  status: number,
  request_id: string,
  body: object,
  headers: Record<string, string> = {},
): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, { "content-type": "application/json", ...headers, "x-request-id": request_id });
  response.end(JSON.stringify(body));
}
