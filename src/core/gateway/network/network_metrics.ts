import type { Metrics } from "../../metrics.ts";
import type { NodeRegistry } from "../nodes/registry.ts";
import type { Tunnels } from "../nodes/tunnels.ts";

/** Gauges of nodes and tunnels, computed when the metrics are scraped, and a count of lost tunnels. */
export function countNetwork(metrics: Metrics, nodes: NodeRegistry, tunnels: Tunnels): void {
  tunnels.onDown((_node_id, reason) => metrics.tunnel_closes.inc({ reason }));
  onScrape(metrics.tunnels, () => {
    for (const [carrier, count] of tunnels.carriers()) metrics.tunnels.set({ carrier }, count);
  });
  onScrape(metrics.nodes, () => {
    const states = { online: 0, offline: 0, tunnel: 0 };
    for (const node of nodes.snapshot()) {
      states[node.online ? "online" : "offline"] += 1;
      if (node.tunnel) states.tunnel += 1;
    }
    for (const [state, count] of Object.entries(states)) metrics.nodes.set({ state }, count);
  });
}

/** prom-client calls a metric's `collect` before it reads it. */
function onScrape(gauge: object, collect: () => void): void {
  Object.assign(gauge, { collect });
}
