import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { closeTunnelRow } from "../../../store/postgres/nodes/close_tunnel.ts";
import { confirmEpoch } from "../../../store/postgres/nodes/confirm_epoch.ts";
import { openGatewayEnd, type DownReason } from "../../../tunnel/gateway_end.ts";
import { errorFields } from "../../log.ts";
import { drainTunnel } from "./agent_api.ts";
import { localTunnel } from "./local_tunnel.ts";
import { type AcceptedTunnel, acceptTunnel } from "./tunnel_opening.ts";
import type { TunnelsDeps, TunnelState } from "./tunnel_state.ts";
import type { NodeTunnel } from "./types.ts";

/** The tunnels that end in this gateway (docs/design/nodes.md, Tunnel). */
export function createTunnels(deps: TunnelsDeps) {
  const state: TunnelState = { ...deps, ends: new Set(), closing_rows: new Set(), onDown: new Set(), draining: false };
  const { open } = deps;
  deps.registry.onRefresh(() => endMovedTunnels(state));
  return {
    /** Handles the server's `upgrade` event. Logs a refusal and rejects with it. */
    async handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
      const accepted = await acceptTunnel(state, request, socket, head);
      if (accepted) await register(state, accepted);
    },
    local: (node_id: string): NodeTunnel | undefined => open.get(node_id)?.tunnel,
    count: (): number => open.size,
    /** How many tunnels use each carrier. */
    carriers(): Map<string, number> {
      const counts = new Map([
        ["upgrade", 0],
        ["websocket", 0],
      ]);
      for (const { carrier } of open.values()) counts.set(carrier, (counts.get(carrier) ?? 0) + 1);
      return counts;
    },
    onDown: (listener: (node_id: string, reason: DownReason) => void) => void state.onDown.add(listener),
    drain: () => drain(state),
    close: (timeout_ms = 0) => close(state, timeout_ms),
  };
}

export type Tunnels = ReturnType<typeof createTunnels>;

/** Makes an accepted tunnel the node's tunnel once its agent speaks HTTP/2, in place of an earlier one. */
async function register(state: TunnelState, { node_id, epoch, secret, duplex, carrier }: AcceptedTunnel) {
  const { db, open, ends, registry, config, log } = state;
  const end = openGatewayEnd(duplex, {
    ping_interval_ms: config.ping_interval_ms ?? 15_000,
    ping_timeout_ms: config.ping_timeout_ms ?? 10_000,
    settings_timeout_ms: config.settings_timeout_ms ?? 10_000,
    onDown: (reason) => dropTunnel(state, node_id, epoch, reason),
  });
  ends.add(end);
  void end.closed.then(() => ends.delete(end));
  try {
    await end.ready;
  } catch {
    return log.info("tunnel_refused", { node_id, node_epoch: epoch, reason: "the agent did not speak HTTP/2" });
  }
  const earlier = open.get(node_id);
  if (!end.accepting) return;
  if (earlier && earlier.tunnel.epoch > epoch) return end.drain();
  open.set(node_id, { end, carrier, tunnel: localTunnel({ node_id, epoch, secret, end, clock: registry.clock }) });
  registry.setLocalTunnel(node_id, epoch);
  try {
    // The agent speaks HTTP/2, so it has read its epoch. Only now may the earlier tunnel end: had it ended before, an
    // older copy of the node could open the next one.
    const { gateway_id, gateway_epoch } = registry.config;
    await confirmEpoch(db, { node_id, epoch, gateway_id, gateway_epoch, peer_address: config.peer_address });
    log.info("tunnel_opened", { node_id, node_epoch: epoch, carrier });
  } catch (error) {
    log.warn("tunnel_not_confirmed", { node_id, node_epoch: epoch, ...errorFields(error) });
    end.destroy();
  }
  // Calls in the earlier tunnel end there.
  earlier?.end.drain();
  // The tunnel was lost while its owner row was written: the earlier update of the row may have come too soon.
  if (!end.accepting) giveUpRow(state, node_id, epoch);
}

/** Removes a tunnel that accepts no more calls from routing, here and in its owner row. */
function dropTunnel(state: TunnelState, node_id: string, epoch: number, reason: DownReason): void {
  const { open, registry, log } = state;
  if (open.get(node_id)?.tunnel.epoch === epoch) {
    open.delete(node_id);
    registry.setLocalTunnel(node_id, null);
    log.info("tunnel_down", { node_id, node_epoch: epoch, reason });
    for (const listener of state.onDown) listener(node_id, reason);
  }
  giveUpRow(state, node_id, epoch);
}

function giveUpRow({ db, closing_rows, log }: TunnelState, node_id: string, epoch: number): void {
  const closing = closeTunnelRow(db, node_id, epoch)
    .catch((error: unknown) => log.warn("tunnel_row_not_closed", { node_id, ...errorFields(error) }))
    .finally(() => closing_rows.delete(closing));
  closing_rows.add(closing);
}

/** Ends the tunnels of nodes that opened a newer one at another gateway, and of retired nodes. */
function endMovedTunnels({ open, registry }: TunnelState): void {
  for (const [node_id, { tunnel, end }] of open) {
    const owner = registry.owner(node_id);
    const moved = owner && owner.tunnel_epoch > tunnel.epoch && owner.gateway_id !== registry.config.gateway_id;
    if (moved || registry.view(node_id)?.status === "retired") end.drain();
  }
}

/** Refuses new tunnels and asks every agent to open its next one elsewhere; open tunnels still serve. */
async function drain(state: TunnelState): Promise<void> {
  state.draining = true;
  await Promise.all([...state.open.values()].map(({ tunnel }) => drainTunnel(tunnel).catch(() => undefined)));
}

/** Lets calls in flight end for up to `timeout_ms`, then cuts. Resolves once the owner rows are updated too. */
async function close(state: TunnelState, timeout_ms: number): Promise<void> {
  state.draining = true;
  const closing = [...state.ends];
  for (const end of closing)
    if (timeout_ms > 0) end.drain();
    else end.destroy();
  const cut = setTimeout(() => {
    for (const end of closing) end.destroy();
  }, timeout_ms);
  await Promise.all(closing.map((end) => end.closed));
  clearTimeout(cut);
  await Promise.all(state.closing_rows);
}
