import type { Database } from "../database.ts";

export type NodeRow = {
  node_id: string;
  status: "pending" | "active" | "draining" | "suspended" | "retired";
  display_name: string | null;
  agent_version: string;
  protocol_version: number;
  epoch: number;
  stake_registered: boolean | null;
  stake_active: boolean | null;
  stake_wei: string | null;
  stake_observed_at: string | null;
  stake_max_open_exposure_wei: string | null;
  stake_observed_block: number | null;
  route_tier_override: string | null;
  portable_paid_route: boolean;
  first_seen: string;
  keys: { ed25519_public_key: string; valid_from: string; valid_to: string | null }[];
};

export type LivenessRow = { node_id: string; epoch: number; age_ms: number };
export type ReportRow = { node_id: string; epoch: number; body: unknown; body_hash: string };
export type TunnelRow = {
  node_id: string;
  gateway_id: string | null;
  gateway_epoch: number | null;
  tunnel_epoch: number;
  peer_address: string | null;
};
export type LeaseRow = { gateway_id: string; gateway_epoch: number; peer_address: string | null; age_ms: number };
export type WaitingRow = { node_id: string };

export type NodeChanges = {
  /** The watermark of the next call. */
  watermark: string;
  nodes: NodeRow[];
  liveness: LivenessRow[];
  reports: ReportRow[];
  tunnels: TunnelRow[];
  /** The leases of all gateways, changed or not. */
  leases: LeaseRow[];
  /** Nodes with a command that can be leased now. */
  waiting: WaitingRow[];
};

/**
 * The rows that changed since `watermark` ("0" for all), in one snapshot. Rows of transactions that ran during the last
 * read come again, so that none is missed; applying a row twice is harmless. A command may be leased `attempts_max`
 * times.
 */
export async function loadNodeChanges(db: Database, watermark: string, attempts_max: number): Promise<NodeChanges> {
  const { rows } = await db.pool.query<{ [Name in keyof NodeChanges]: NodeChanges[Name] | null }>(
    `
    select pg_snapshot_xmin(pg_current_snapshot())::text as watermark,
      (select json_agg(x) from (
        select n.node_id, n.status, n.display_name, n.agent_version, n.protocol_version, n.epoch, n.stake_registered, n.stake_active,
          n.stake_wei::text, n.stake_observed_at, n.stake_max_open_exposure_wei::text, n.stake_observed_block, n.route_tier_override, n.portable_paid_route, n.first_seen,
          (select coalesce(json_agg(json_build_object('ed25519_public_key', k.ed25519_public_key, 'valid_from', k.valid_from,
            'valid_to', k.valid_to) order by k.valid_from), '[]') from node_keys k where k.node_id = n.node_id) as keys
        from nodes n where n.changed_xid >= $1::xid8) x) as nodes,
      (select json_agg(x) from (
        select node_id, epoch, extract(epoch from clock_timestamp() - seen_at)::float8 * 1000 as age_ms
        from node_liveness where changed_xid >= $1::xid8) x) as liveness,
      (select json_agg(x) from (
        select node_id, epoch, body, encode(body_hash, 'hex') as body_hash from node_reports where changed_xid >= $1::xid8) x) as reports,
      (select json_agg(x) from (
        select node_id, gateway_id, gateway_epoch, tunnel_epoch, peer_address from node_tunnels where changed_xid >= $1::xid8) x) as tunnels,
      (select json_agg(x) from (
        select gateway_id, gateway_epoch, peer_address, extract(epoch from clock_timestamp() - renewed_at)::float8 * 1000 as age_ms
        from gateway_leases) x) as leases,
      (select json_agg(x) from (
        select distinct node_id from commands
        where (state = 'queued' or (state = 'leased' and lease_until < clock_timestamp()))
          and attempts < $2 and not_after > clock_timestamp()) x) as waiting`,
    [watermark, attempts_max],
  );
  const found = rows[0]!;
  return {
    watermark: found.watermark!,
    nodes: found.nodes ?? [],
    liveness: found.liveness ?? [],
    reports: found.reports ?? [],
    tunnels: found.tunnels ?? [],
    leases: found.leases ?? [],
    waiting: found.waiting ?? [],
  };
}
