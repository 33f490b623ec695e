import type { IncomingMessage } from "node:http";
import type { Database } from "../../../store/postgres/database.ts";
import type { DownReason, GatewayEnd } from "../../../tunnel/gateway_end.ts";
import type { Logger } from "../../log.ts";
import type { NodeRegistry } from "./registry.ts";
import type { NodeTunnel } from "./types.ts";

/** Limits refused openings by client address: upgrades do not pass the surface, which limits all other calls. */
export type TunnelAdmission = {
  /** Throws `rate_limited` for an address that was refused too often. */
  check(request: IncomingMessage): void;
  /** Counts a refusal that is the caller's fault. */
  refused(request: IncomingMessage): void;
};

export type TunnelsConfig = {
  /** The address of this gateway's peer listener for other gateways; null without one. */
  peer_address: string | null;
  admit?: TunnelAdmission;
  ping_interval_ms?: number;
  ping_timeout_ms?: number;
  settings_timeout_ms?: number;
  /** The most time from a request for a tunnel to its 101 or refusal. */
  opening_timeout_ms?: number;
};

export type OpenTunnel = { tunnel: NodeTunnel; end: GatewayEnd; carrier: string };

/** The tunnels that end in this gateway, by node id. Only tunnels.ts changes the map. */
export type OpenTunnels = Map<string, OpenTunnel>;

export type TunnelsDeps = {
  db: Database;
  registry: NodeRegistry;
  open: OpenTunnels;
  config: TunnelsConfig;
  log: Logger;
};

export type TunnelState = TunnelsDeps & {
  /** Every end that is not closed yet, also of a node's earlier tunnels. */
  ends: Set<GatewayEnd>;
  /** Updates under way that take this gateway's name off owner rows. */
  closing_rows: Set<Promise<void>>;
  onDown: Set<(node_id: string, reason: DownReason) => void>;
  /** True once new tunnels are refused. */
  draining: boolean;
};
