import { watchControl } from "../control.ts";
import { countNetwork } from "../network/network_metrics.ts";
import { createCommands } from "../nodes/node_commands.ts";
import { createPeerCalls } from "../nodes/peer_calls.ts";
import { servePeers } from "../nodes/peer_server.ts";
import { createNodeRegistry } from "../nodes/registry.ts";
import { createTransportKeys } from "../nodes/transport_keys.ts";
import type { OpenTunnels } from "../nodes/tunnel_state.ts";
import { createTunnels } from "../nodes/tunnels.ts";
import { servedVersions } from "../nodes/versions.ts";
import type { CoreContext } from "./core_context.ts";

/** The registry of nodes, the control view, and the tunnels and links by which nodes are called. */
export async function assembleNetwork(context: CoreContext) {
  const { config, secrets, db, log, metrics, gateway, public_url, admit_tunnel, stops } = context;
  const served = servedVersions(config.protocol_version_min);
  const control = await watchControl(db, controlConfig(config, served), log);
  stops.push(control.stop);
  const nodes = createNodeRegistry({
    db,
    log,
    config: {
      public_url,
      pepper: secrets.pepper,
      gateway_id: gateway.gateway_id,
      gateway_epoch: gateway.epoch,
      node_approval: config.node_approval,
      served,
      dead_after_ms: config.heartbeat_dead_ms,
    },
    onHeartbeat: (outcome) => metrics.heartbeats.inc({ outcome }),
  });
  stops.push(nodes.stop);
  await nodes.start();
  const open: OpenTunnels = new Map();
  const { host, port } = config.peer_listen;
  const peer = { registry: nodes, open, peer_key: secrets.peer_key };
  const peerCalls = createPeerCalls({ ...peer, onRelayed: (outcome) => metrics.relays.inc({ outcome }) });
  stops.push(peerCalls.close);
  const peerServer = await servePeers({ ...peer, log }, host, port);
  stops.push(peerServer.close);
  const tunnels = createTunnels({
    db,
    registry: nodes,
    open,
    log,
    config: {
      peer_address: peerServer.address,
      ping_interval_ms: config.tunnel_ping_ms,
      ...(admit_tunnel ? { admit: admit_tunnel } : {}),
    },
  });
  stops.push(() => tunnels.close());
  countNetwork(metrics, nodes, tunnels);
  const commands = createCommands({ db, registry: nodes, log });
  stops.push(commands.stop);
  return {
    control,
    nodes,
    served,
    tunnels,
    peer_address: peerServer.address,
    /** A node's tunnel, at this gateway or, over one hop, at another. */
    tunnel: peerCalls.get,
    gatewayAlive: peerCalls.alive,
    relayed: peerServer.serving,
    commands,
    transportKeys: createTransportKeys({ db, registry: nodes }),
  };
}

function controlConfig(config: CoreContext["config"], served: ReturnType<typeof servedVersions>) {
  const { stake_min_wei, stake_age_max_ms, benchmark_age_max_ms, context_length_max } = config;
  const protocol_version_min = served.oldest;
  return { protocol_version_min, stake_min_wei, stake_age_max_ms, benchmark_age_max_ms, context_length_max };
}

export type NetworkPart = Awaited<ReturnType<typeof assembleNetwork>>;
