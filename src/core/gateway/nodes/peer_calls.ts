import { createPeerConnections, type PeerConnections } from "../../../tunnel/peer_link.ts";
import { TunnelError, type TunnelErrorCode } from "../../../tunnel/tunnel_error.ts";
import { sha256Hex } from "../../protocol/bytes/encoding.ts";
import { TUNNEL_CONNECT_MS } from "./local_tunnel.ts";
import { ALIVE_PATH, KIND_HEADER, RELAY_PATH, signPeerCall } from "./peer_call.ts";
import type { GatewayProcess, Owner } from "./records.ts";
import type { NodeRegistry } from "./registry.ts";
import type { OpenTunnels } from "./tunnel_state.ts";
import type { NodeTunnel, TunnelAnswer, TunnelCall } from "./types.ts";

const ALIVE_MS = 1_000;

export type PeerCallsDeps = {
  registry: NodeRegistry;
  /** The tunnels that end in this gateway. */
  open: OpenTunnels;
  /** The shared secret `peer-key`. */
  peer_key: Uint8Array;
  /** Called for each call to another gateway, with `answered` or an error code. */
  onRelayed?: (outcome: "answered" | TunnelErrorCode) => void;
};

type PeerCallState = PeerCallsDeps & {
  peers: PeerConnections;
  /** The number of open calls by node id, where it is above 0. */
  in_flight: Map<string, number>;
  /** The counter of the last call of this process; each call is signed with a higher one. */
  counter: number;
};

type Addressed = GatewayProcess & { peer_address: string | null; tunnel_epoch?: number };

/**
 * Calls to nodes over this gateway's tunnels, or over one hop through the gateway that has the tunnel
 * (docs/design/nodes.md, Tunnel). The calling gateway keeps the hold and settles; the other one relays bytes.
 */
export function createPeerCalls(deps: PeerCallsDeps) {
  const peers = createPeerConnections();
  const state: PeerCallState = { ...deps, peers, in_flight: new Map(), counter: 0 };
  return {
    get: (node_id: string) => tunnelOf(state, node_id),
    alive: (gateway: GatewayProcess) => alive(state, gateway),
    close: peers.close,
  };
}

export type PeerCalls = ReturnType<typeof createPeerCalls>;

/** This gateway's own tunnel of the node, or another gateway's; undefined when no gateway has one. */
function tunnelOf(state: PeerCallState, node_id: string): NodeTunnel | undefined {
  const local = state.open.get(node_id);
  if (local) return local.tunnel;
  const owner = remoteOwner(state, node_id);
  if (!owner) return undefined;
  const epoch = owner.tunnel_epoch;
  return {
    node_id,
    epoch,
    kind: "remote",
    get in_flight() {
      return state.in_flight.get(node_id) ?? 0;
    },
    call: (request) => callOverPeer(state, node_id, epoch, request),
  };
}

/**
 * Whether the process that took a hold still answers. A process without a peer address counts as alive: its lease alone
 * decides (docs/design/money.md, Recovery).
 */
async function alive(state: PeerCallState, { gateway_id, gateway_epoch }: GatewayProcess): Promise<boolean> {
  const { config, lease } = state.registry;
  if (gateway_id === config.gateway_id) return gateway_epoch === config.gateway_epoch;
  const found = lease(gateway_id);
  if (!found?.peer_address) return true;
  if (found.gateway_epoch !== gateway_epoch) return false;
  const to = { gateway_id, gateway_epoch, peer_address: found.peer_address };
  const signal = AbortSignal.timeout(ALIVE_MS);
  try {
    (await ask(state, to, "", { path: ALIVE_PATH, body: Buffer.alloc(0), signal })).body.resume();
    return true;
  } catch {
    return false;
  }
}

function remoteOwner({ registry }: PeerCallState, node_id: string): Owner | null {
  return registry.view(node_id)?.tunnel === "remote" ? registry.owner(node_id) : null;
}

/** Makes one call, and counts it as in flight until its answer is read or dropped. */
async function callOverPeer(
  state: PeerCallState,
  node_id: string,
  epoch: number,
  request: TunnelCall,
): Promise<TunnelAnswer> {
  const owner = remoteOwner(state, node_id);
  if (!owner || owner.tunnel_epoch !== epoch) throw new TunnelError("tunnel_down", "the node's tunnel is down", false);
  const { in_flight, onRelayed } = state;
  in_flight.set(node_id, (in_flight.get(node_id) ?? 0) + 1);
  const ended = (): void => {
    const left = (in_flight.get(node_id) ?? 1) - 1;
    if (left > 0) in_flight.set(node_id, left);
    else in_flight.delete(node_id);
  };
  try {
    const answer = await askCurrentOwner(state, owner, node_id, request);
    answer.body.once("close", ended);
    onRelayed?.("answered");
    return answer;
  } catch (error) {
    ended();
    onRelayed?.(error instanceof TunnelError ? error.code : "tunnel_down");
    throw error;
  }
}

/** Asks the owner. When that gateway no longer has the tunnel, reads the owner's row again and asks once more. */
async function askCurrentOwner(
  state: PeerCallState,
  owner: Owner,
  node_id: string,
  request: TunnelCall,
): Promise<TunnelAnswer> {
  try {
    return await ask(state, owner, node_id, request);
  } catch (error) {
    if (!(error instanceof TunnelError) || error.code !== "not_owner") throw error;
    await state.registry.refresh();
    const now = remoteOwner(state, node_id);
    // A tunnel of another epoch would need another dispatch: the hold names this epoch.
    if (!now || now.tunnel_epoch !== owner.tunnel_epoch || now.gateway_id === owner.gateway_id) throw error;
    return ask(state, now, node_id, request);
  }
}

async function ask(
  state: PeerCallState,
  owner: Addressed,
  node_id: string,
  { method = "POST", path, body, headers = {}, dispatch, signal, onAccepted, ...call }: TunnelCall,
): Promise<TunnelAnswer> {
  const { registry, peer_key, peers } = state;
  const { gateway_id, gateway_epoch } = registry.config;
  const signed = signPeerCall(peer_key, {
    version: 1,
    from: gateway_id,
    from_epoch: gateway_epoch,
    to: owner.gateway_id,
    to_epoch: owner.gateway_epoch,
    counter: ++state.counter,
    time_ms: registry.clock.now_ms(),
    node_id,
    tunnel_epoch: owner.tunnel_epoch ?? 0,
    method,
    path,
    headers,
    body_sha256: sha256Hex(body),
    dispatch: dispatch ?? null,
  });
  const connect_timeout_ms = call.connect_timeout_ms ?? TUNNEL_CONNECT_MS;
  const request = { method: "POST", path: RELAY_PATH, headers: signed, body, signal, onAccepted, connect_timeout_ms };
  let answer: TunnelAnswer;
  try {
    answer = await peers.call(owner.peer_address!, request);
  } catch (error) {
    if (error instanceof TunnelError && error.code === "tunnel_down") registry.suspectGateway(owner);
    throw error;
  }
  const { [KIND_HEADER]: kind, ...rest } = answer.headers;
  if (kind === "answer") return { ...answer, headers: rest };
  throw await peerFailure(answer);
}

/** The error that the other gateway reports in place of the node's answer. */
async function peerFailure(answer: TunnelAnswer): Promise<TunnelError> {
  let text = "";
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    if (text.length < 4_096) text += chunk.toString("utf8");
  }
  let found: { code?: TunnelErrorCode; sent?: boolean } = {};
  try {
    found = JSON.parse(text) as typeof found;
  } catch {
    /* not a gateway of ours: the status alone counts */
  }
  return new TunnelError(
    found.code ?? "tunnel_reset",
    `the other gateway answered ${answer.status}`,
    found.sent ?? true,
  );
}
