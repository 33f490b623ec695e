import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { cutAnswer } from "../../../tunnel/agent_end.ts";
import { listenForPeers, type PeerListener } from "../../../tunnel/peer_link.ts";
import { readRequestBody, relayAnswer } from "../../../tunnel/relayed_answer.ts";
import { TunnelError, type TunnelErrorCode } from "../../../tunnel/tunnel_error.ts";
import type { Logger } from "../../log.ts";
import { sha256Hex } from "../../protocol/bytes/encoding.ts";
import { cancelJob } from "./agent_api.ts";
import { ALIVE_PATH, KIND_HEADER, RELAY_PATH, createPeerCheck, type PeerCall, type PeerCheck } from "./peer_call.ts";
import type { NodeRegistry } from "./registry.ts";
import type { OpenTunnels } from "./tunnel_state.ts";
import type { NodeTunnel } from "./types.ts";

const ANSWER = { [KIND_HEADER]: "answer" };
const MOST_BODY_BYTES = 16 * 1024 * 1024;
/** The time that an agent has to end in order after a cancel (docs/design/chat.md, Answer). */
const CANCEL_GRACE_MS = 2_000;

export type PeerServerDeps = {
  registry: NodeRegistry;
  /** The tunnels that end in this gateway. */
  open: OpenTunnels;
  /** The shared secret `peer-key`. */
  peer_key: Uint8Array;
  log: Logger;
};

type PeerServerState = Pick<PeerServerDeps, "open" | "log"> & {
  check: PeerCheck;
  /** Calls to nodes that have not ended. */
  serving: number;
};

export type PeerServer = PeerListener & { serving(): number };

/** Serves the calls of other gateways to the nodes whose tunnel ends here (docs/design/nodes.md, Tunnel). */
export async function servePeers(deps: PeerServerDeps, host: string, port: number): Promise<PeerServer> {
  const { registry, open, peer_key, log } = deps;
  const { gateway_id, gateway_epoch } = registry.config;
  const check = createPeerCheck({ peer_key, gateway_id, gateway_epoch, now_ms: registry.clock.now_ms });
  const state: PeerServerState = { open, log, check, serving: 0 };
  const listener = await listenForPeers(host, port, (request, response) => {
    serve(state, request, response).catch(() => response.stream.destroy(new Error("the relay failed")));
  });
  return { ...listener, serving: () => state.serving };
}

/** Relays one call over a tunnel that ends here, never through a third gateway. */
async function serve(
  state: PeerServerState,
  request: Http2ServerRequest,
  response: Http2ServerResponse,
): Promise<void> {
  const body = await readRequestBody(request, MOST_BODY_BYTES);
  if (body === null) return refuse(response, 413, "tunnel_reset", false);
  const checked = state.check(request.headers, sha256Hex(body));
  if (request.method !== "POST" || request.url !== RELAY_PATH || (!checked.ok && checked.code !== "not_owner")) {
    state.log.warn("relay_refused", { error_code: checked.ok ? "not_found" : checked.code });
    return refuse(response, 401, "tunnel_reset", false);
  }
  if (!checked.ok) return refuse(response, 421, "not_owner", false);
  const call = checked.value;
  if (call.path === ALIVE_PATH) return void response.writeHead(204, ANSWER).end();
  const tunnel = state.open.get(call.node_id)?.tunnel;
  if (tunnel?.epoch !== call.tunnel_epoch) return refuse(response, 421, "not_owner", false);
  await forward(state, tunnel, call, body, response);
}

async function forward(
  state: PeerServerState,
  tunnel: NodeTunnel,
  { method, path, headers, dispatch }: PeerCall,
  body: Buffer,
  response: Http2ServerResponse,
): Promise<void> {
  const reset = new AbortController();
  let ended = false;
  state.serving += 1;
  response.stream.once("close", () => {
    state.serving -= 1;
    if (!ended) abandon(tunnel, dispatch, reset);
  });
  const onAccepted = (): void => {
    if (!response.headersSent && !response.stream.destroyed) response.writeContinue();
  };
  try {
    const call = { method, path, headers, body, signal: reset.signal, onAccepted, ...(dispatch ? { dispatch } : {}) };
    const answer = await tunnel.call(call);
    await relayAnswer(answer, response, { ...ownHeaders(answer.headers), ...ANSWER });
    ended = true;
  } catch (error) {
    ended = true;
    if (response.headersSent) return cutAnswer(response, new Error("the node's answer was cut"));
    if (error instanceof TunnelError) refuse(response, 502, error.code, error.sent);
    else throw error;
  }
}

/** The calling gateway is gone: the agent gets a cancel, and its receipt comes by the outbox. */
function abandon(tunnel: NodeTunnel, dispatch: PeerCall["dispatch"], reset: AbortController): void {
  if (!dispatch) return reset.abort();
  void cancelJob(tunnel, dispatch.job_id, dispatch.fence, CANCEL_GRACE_MS);
  setTimeout(() => reset.abort(), CANCEL_GRACE_MS).unref();
}

/** Sends this gateway's own error in place of the node's answer. */
function refuse(response: Http2ServerResponse, status: number, code: TunnelErrorCode, sent: boolean): void {
  if (response.stream.destroyed) return;
  response.writeHead(status, { "content-type": "application/json", [KIND_HEADER]: "failure" });
  response.end(JSON.stringify({ code, sent }));
}

/** The node's headers, without the headers of the hop between the gateways. */
function ownHeaders(headers: Record<string, string>): Record<string, string> {
  const { date: _date, [KIND_HEADER]: _kind, ...rest } = headers;
  return rest;
}
