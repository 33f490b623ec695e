import type { IncomingMessage } from "node:http";
import type { Database } from "../../../store/postgres/database.ts";
import type { DownReason, GatewayEnd } from "../../../tunnel/gateway_end.ts";
import type { Logger } from "../../log.ts";
import type { NodeRegistry } from "./registry.ts";
import type { NodeTunnel } from "./types.ts";

/** Limits refused openings by client address; upgrades do not pass the surface, which limits other calls. */
export type TunnelAdmission = {
  /** Throws `rate_limited` for an address that was refused too often. */
  check(request: IncomingMessage): void;
  /** Counts a refusal that is the caller's fault. */
  refused(request: IncomingMessage): void;
};

export type TunnelsConfig = {
  /** Where other gateways reach this one's peer listener; null when it has none. */
  peer_address: string | null;
  admit?: TunnelAdmission;
  ping_interval_ms?: number;
  ping_timeout_ms?: number;
  settings_timeout_ms?: number;
  /** From a request for a tunnel to its 101 or its refusal. */
  opening_timeout_ms?: number;
};

export type OpenTunnel = { tunnel: NodeTunnel; end: GatewayEnd; carrier: string };

/** The tunnels that end in this gateway, by node id; read by the callers of nodes, and changed by tunnels.ts only. */
export type OpenTunnels = Map<string, OpenTunnel>;

export type TunnelsDeps = {
  db: Database;
  registry: NodeRegistry;
  open: OpenTunnels;
  config: TunnelsConfig;
  log: Logger;
};

export type TunnelState = TunnelsDeps & {
  /** Every end that is not closed yet, those of earlier tunnels of the same nodes too. */
  ends: Set<GatewayEnd>;
  /** Owner rows that are being given up. */
  closing_rows: Set<Promise<void>>;
  onDown: Set<(node_id: string, reason: DownReason) => void>;
  /** Tunnels are refused from now on. */
  draining: boolean;
};
