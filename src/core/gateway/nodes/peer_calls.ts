import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { cutAnswer } from "../../../tunnel/agent_end.ts";
import { createPeerConnections, listenForPeers } from "../../../tunnel/peer_link.ts";
import type { PeerListener } from "../../../tunnel/peer_link.ts";
import { TunnelError } from "../../../tunnel/tunnel_error.ts";
import type { TunnelErrorCode } from "../../../tunnel/tunnel_error.ts";
import type { Logger } from "../../log.ts";
import { sha256Hex } from "../../protocol/bytes/encoding.ts";
import { cancelJob } from "./agent_api.ts";
import { TUNNEL_CONNECT_MS } from "./local_tunnel.ts";
import { createPeerCheck, signPeerCall } from "./peer_call.ts";
import type { PeerCall } from "./peer_call.ts";
import type { Owner } from "./records.ts";
import type { NodeRegistry } from "./registry.ts";
import type { Tunnels } from "./tunnels.ts";
import type { NodeTunnel, TunnelAnswer, TunnelCall } from "./types.ts";

/** Says whether an answer is the node's (`answer`) or the relaying gateway's own. */
const KIND_HEADER = "x-b3iq-peer";
const RELAY_PATH = "/v1/peer/call";
/** Asked of the gateway itself: no node is called. */
const ALIVE_PATH = "/v1/peer/alive";
const ALIVE_MS = 1_000;
const ANSWER = { [KIND_HEADER]: "answer" };
const MOST_BODY_BYTES = 16 * 1024 * 1024;
/** As long as an agent that was told to stop has to end in order (docs/design/chat.md, Answer). */
const CANCEL_GRACE_MS = 2_000;

/** A process of a gateway: a restarted one is another. */
export type GatewayProcess = { gateway_id: string; gateway_epoch: number };

type Addressed = GatewayProcess & { peer_address: string | null; tunnel_epoch?: number };

export type RelayDeps = {
  registry: NodeRegistry;
  tunnels: Pick<Tunnels, "local">;
  /** The shared secret `peer-key`. */
  peer_key: Uint8Array;
  log: Logger;
  /** Told of each call to another gateway: `answered`, or why not. */
  onRelayed?: (outcome: "answered" | TunnelErrorCode) => void;
};

/**
 * Calls to nodes whose tunnel another gateway holds, one hop at most, and the other gateways' calls to ours
 * (docs/design/nodes.md, Tunnel). The caller keeps the hold and settles; the relay forwards bytes.
 */
export function createRelay({ registry, tunnels, peer_key, log, onRelayed }: RelayDeps) {
  const { gateway_id, gateway_epoch } = registry.config;
  const peers = createPeerConnections();
  const in_flight = new Map<string, number>();
  const check = createPeerCheck({ peer_key, gateway_id, gateway_epoch, now_ms: registry.clock.now_ms });
  let counter = 0;
  let serving = 0;

  async function ask(owner: Addressed, node_id: string, call: TunnelCall): Promise<TunnelAnswer> {
    const {
      method = "POST",
      path,
      body,
      headers = {},
      dispatch,
      signal,
      on_accepted,
      connect_timeout_ms = TUNNEL_CONNECT_MS,
    } = call;
    counter += 1;
    const signed = signPeerCall(peer_key, {
      version: 1,
      from: gateway_id,
      from_epoch: gateway_epoch,
      to: owner.gateway_id,
      to_epoch: owner.gateway_epoch,
      counter,
      time_ms: registry.clock.now_ms(),
      node_id,
      tunnel_epoch: owner.tunnel_epoch ?? 0,
      method,
      path,
      headers,
      body_sha256: sha256Hex(body),
      dispatch: dispatch ?? null,
    });
    let answer: TunnelAnswer;
    try {
      answer = await peers.call(owner.peer_address!, {
        method: "POST",
        path: RELAY_PATH,
        headers: signed,
        body,
        signal,
        on_accepted,
        connect_timeout_ms,
      });
    } catch (error) {
      if (error instanceof TunnelError && error.code === "tunnel_down") registry.suspectGateway(owner);
      throw error;
    }
    const { [KIND_HEADER]: kind, ...rest } = answer.headers;
    if (kind === "answer") return { ...answer, headers: rest };
    throw await peerFailure(answer);
  }

  /** One re-read when the owner moved; after that the caller goes to its next candidate. */
  async function call(node_id: string, epoch: number, request: TunnelCall): Promise<TunnelAnswer> {
    const owner = remoteOwner(node_id);
    if (!owner || owner.tunnel_epoch !== epoch)
      throw new TunnelError("tunnel_down", "the node's tunnel is down", false);
    in_flight.set(node_id, (in_flight.get(node_id) ?? 0) + 1);
    const ended = (): void => {
      const left = (in_flight.get(node_id) ?? 1) - 1;
      if (left > 0) in_flight.set(node_id, left);
      else in_flight.delete(node_id);
    };
    try {
      const answer = await ask(owner, node_id, request).catch(async (error: unknown) => {
        if (!(error instanceof TunnelError) || error.code !== "not_owner") throw error;
        await registry.refresh();
        const now = remoteOwner(node_id);
        // Another epoch is another dispatch: the hold names the one that was asked for.
        if (!now || now.tunnel_epoch !== epoch || now.gateway_id === owner.gateway_id) throw error;
        return ask(now, node_id, request);
      });
      answer.body.once("close", ended);
      onRelayed?.("answered");
      return answer;
    } catch (error) {
      ended();
      onRelayed?.(error instanceof TunnelError ? error.code : "tunnel_down");
      throw error;
    }
  }

  function remoteOwner(node_id: string): Owner | null {
    return registry.view(node_id)?.tunnel === "remote" ? registry.owner(node_id) : null;
  }

  /** Serves one call of another gateway over a tunnel that ends here, and never over a third gateway. */
  async function serve(request: Http2ServerRequest, response: Http2ServerResponse): Promise<void> {
    const body = await readBody(request);
    if (body === null) return refuse(response, 413, "tunnel_reset", false);
    const checked = check(request.headers, sha256Hex(body));
    if (request.method !== "POST" || request.url !== RELAY_PATH || (!checked.ok && checked.code !== "not_owner")) {
      log.warn("relay_refused", { error_code: checked.ok ? "not_found" : checked.code });
      return refuse(response, 401, "tunnel_reset", false);
    }
    if (checked.ok && checked.value.path === ALIVE_PATH) return void response.writeHead(204, ANSWER).end();
    const tunnel = checked.ok ? tunnels.local(checked.value.node_id) : undefined;
    if (!checked.ok || !tunnel || tunnel.epoch !== checked.value.tunnel_epoch)
      return refuse(response, 421, "not_owner", false);
    await forward(tunnel, checked.value, body, response);
  }

  async function forward(
    tunnel: NodeTunnel,
    { method, path, headers, dispatch }: PeerCall,
    body: Buffer,
    response: Http2ServerResponse,
  ): Promise<void> {
    const reset = new AbortController();
    let ended = false;
    serving += 1;
    response.stream.once("close", () => {
      serving -= 1;
      if (!ended) abandon(tunnel, dispatch, reset);
    });
    try {
      const on_accepted = (): void => {
        if (!response.headersSent && !response.stream.destroyed) response.writeContinue();
      };
      const answer = await tunnel.call({
        method,
        path,
        headers,
        body,
        signal: reset.signal,
        on_accepted,
        ...(dispatch ? { dispatch } : {}),
      });
      response.writeHead(answer.status, { ...forwarded(answer.headers), ...ANSWER });
      for await (const chunk of answer.body as AsyncIterable<Buffer>) {
        if (response.stream.destroyed) continue;
        if (!response.write(chunk)) await drained(response);
      }
      const trailers = await answer.trailers;
      ended = true;
      if (trailers) response.addTrailers(trailers);
      response.end();
    } catch (error) {
      ended = true;
      if (response.headersSent) return cutAnswer(response, new Error("the node's answer was cut"));
      if (error instanceof TunnelError) refuse(response, 502, error.code, error.sent);
      else throw error;
    }
  }

  return {
    /** This gateway's own tunnel of the node, or another gateway's; undefined when nobody holds one. */
    get(node_id: string): NodeTunnel | undefined {
      const local = tunnels.local(node_id);
      if (local) return local;
      const owner = remoteOwner(node_id);
      if (!owner) return undefined;
      const epoch = owner.tunnel_epoch;
      return {
        node_id,
        epoch,
        kind: "remote",
        get in_flight() {
          return in_flight.get(node_id) ?? 0;
        },
        call: (request) => call(node_id, epoch, request),
      };
    },
    /**
     * Whether the process that took a hold still answers. One that cannot be asked counts as alive: only its lease says
     * that it is gone (docs/design/money.md, Recovery).
     */
    async alive({ gateway_id, gateway_epoch }: GatewayProcess): Promise<boolean> {
      const { config } = registry;
      if (gateway_id === config.gateway_id) return gateway_epoch === config.gateway_epoch;
      const lease = registry.lease(gateway_id);
      if (!lease?.peer_address) return true;
      if (lease.gateway_epoch !== gateway_epoch) return false;
      const to = { gateway_id, gateway_epoch, peer_address: lease.peer_address };
      const signal = AbortSignal.timeout(ALIVE_MS);
      try {
        (await ask(to, "", { path: ALIVE_PATH, body: Buffer.alloc(0), signal })).body.resume();
        return true;
      } catch {
        return false;
      }
    },
    /** Calls of other gateways that run over tunnels of this one. */
    serving: (): number => serving,
    listen: (host: string, port: number): Promise<PeerListener> =>
      listenForPeers(host, port, (request, response) => {
        serve(request, response).catch(() => response.stream.destroy(new Error("the relay failed")));
      }),
    close: peers.close,
  };
}

export type Relay = ReturnType<typeof createRelay>;

/** The gateway that asked is gone: the agent is told to stop, and its receipt comes by the outbox. */
function abandon(tunnel: NodeTunnel, dispatch: PeerCall["dispatch"], reset: AbortController): void {
  if (!dispatch) return reset.abort();
  void cancelJob(tunnel, dispatch.job_id, dispatch.fence, CANCEL_GRACE_MS);
  setTimeout(() => reset.abort(), CANCEL_GRACE_MS).unref();
}

function refuse(response: Http2ServerResponse, status: number, code: TunnelErrorCode, sent: boolean): void {
  if (response.stream.destroyed) return;
  response.writeHead(status, { "content-type": "application/json", [KIND_HEADER]: "failure" });
  response.end(JSON.stringify({ code, sent }));
}

async function peerFailure(answer: TunnelAnswer): Promise<TunnelError> {
  let text = "";
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    if (text.length < 4_096) text += chunk.toString("utf8");
  }
  let found: { code?: TunnelErrorCode; sent?: boolean } = {};
  try {
    found = JSON.parse(text) as typeof found;
  } catch {
    /* not one of ours: the status alone counts */
  }
  return new TunnelError(
    found.code ?? "tunnel_reset",
    `the other gateway answered ${answer.status}`,
    found.sent ?? true,
  );
}

/** Headers of the hop are not the node's. */
function forwarded(headers: Record<string, string>): Record<string, string> {
  const { date: _date, [KIND_HEADER]: _kind, ...rest } = headers;
  return rest;
}

async function readBody(request: Http2ServerRequest): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MOST_BODY_BYTES) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Resolves when the peer takes more, or left. */
function drained(response: Http2ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done);
      response.stream.off("close", done);
      resolve();
    };
    response.once("drain", done);
    response.stream.once("close", done);
  });
}
