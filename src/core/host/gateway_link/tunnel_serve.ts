/**
 * Serves what comes over the tunnel: the small calls here, everything else by the surface, which checks the same
 * signature.
 */
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { ApiError } from "../../errors.ts";
import type { Agent } from "../agent.ts";
import type { Managed } from "./managed.ts";
import { answerTunnelCall, TUNNEL_CALLS, type TunnelCallPath } from "./tunnel_calls.ts";

export type TunnelServeDeps = {
  agent: Agent;
  managed: () => Managed | null;
  /** The surface's request function with the transport `tunnel`. */
  surface: (request: Http2ServerRequest, response: Http2ServerResponse) => void;
  body_bytes_max: number;
};

/** The function that the tunnel's end calls for each stream. */
export function createTunnelServe(deps: TunnelServeDeps) {
  return (request: Http2ServerRequest, response: Http2ServerResponse): void => {
    const path = TUNNEL_CALLS.find((known) => known === request.url);
    if (path === undefined) return deps.surface(request, response);
    response.on("error", () => {});
    answer(path, request, deps).then(
      (body) => send(response, 200, body),
      (error: unknown) => {
        const refused = error instanceof ApiError ? error : new ApiError("internal_error", "The call failed.");
        send(response, refused.status, {
          error: { ...refused.detail, status: refused.status, code: refused.code, detail: refused.message },
        });
      },
    );
  };
}

async function answer(
  path: TunnelCallPath,
  request: Http2ServerRequest,
  { agent, managed, body_bytes_max }: TunnelServeDeps,
): Promise<object> {
  const gateway = managed();
  if (gateway === null) throw new ApiError("unauthorized", "This agent is not enrolled.");
  const body = await read(request, body_bytes_max);
  gateway.authenticate({ method: request.method, target: request.url, headers: request.headers, body });
  return answerTunnelCall(path, parse(body), agent);
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

function send(response: Http2ServerResponse, status: number, body: object): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
