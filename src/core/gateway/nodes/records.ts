import type { LeaseRow, NodeChanges, NodeRow } from "../../../store/postgres/nodes/load_changes.ts";
import { LEASE_LIFETIME_MS } from "../gateway_lease.ts";
import type { Clock, HeartbeatBody, NodeKey, NodeQueue, NodeStake, NodeView, ProfileView } from "./types.ts";

/** Time without a heartbeat after which a node is dead, unless set otherwise (docs/design/nodes.md). */
export const DEAD_AFTER_MS = 40_000;

/** A gateway's lease as last read; `renewed_at_ms` is in this process's monotonic time. */
export type Lease = { gateway_epoch: number; peer_address: string | null; renewed_at_ms: number };

/** A process of a gateway; a restart begins another one. */
export type GatewayProcess = { gateway_id: string; gateway_epoch: number };

/** The process that has the newest tunnel of a node. */
export type Owner = GatewayProcess & { tunnel_epoch: number; peer_address: string | null };

/** One node in this gateway's memory. A record is changed in place and read through one lasting NodeView. */
export type NodeRecord = {
  node_id: string;
  row: NodeRow | null;
  epoch: number;
  keys: NodeKey[];
  stake: NodeStake | null;
  first_seen: Date;
  /** Monotonic ms of this process; null before the first heartbeat. */
  seen_at_ms: number | null;
  seen_epoch: number;
  report: HeartbeatBody | null;
  report_epoch: number;
  /** The heartbeat in memory is newer than the row: the next flush writes it. */
  unwritten: boolean;
  /** Hash of the heartbeat in the database, hex. */
  stored_hash: string | null;
  profiles: ProfileView[];
  owner: Owner | null;
  /** Epoch of the tunnel that this gateway holds. */
  local_tunnel_epoch: number | null;
};

const NO_QUEUE: NodeQueue = { active: 0, queued: 0, capacity: 0, health: "unhealthy" };

export function emptyRecord(node_id: string): NodeRecord {
  return {
    node_id,
    row: null,
    epoch: 0,
    keys: [],
    stake: null,
    first_seen: new Date(0),
    seen_at_ms: null,
    seen_epoch: 0,
    report: null,
    report_epoch: 0,
    unwritten: false,
    stored_hash: null,
    profiles: [],
    owner: null,
    local_tunnel_epoch: null,
  };
}

export type RecordContext = {
  clock: Clock;
  gateway_id: string;
  dead_after_ms: number;
  lease(gateway_id: string): Lease | undefined;
  /** True for a gateway that did not answer a moment ago. */
  suspect(owner: Owner): boolean;
};

/** True when another gateway has the node's tunnel, has a valid lease, and can be called. */
export function heldRemotely(record: NodeRecord, context: RecordContext): boolean {
  const owner = record.owner;
  if (!owner || owner.gateway_id === context.gateway_id || owner.peer_address === null || context.suspect(owner))
    return false;
  const lease = context.lease(owner.gateway_id);
  return (
    lease !== undefined &&
    lease.gateway_epoch === owner.gateway_epoch &&
    context.clock.monotonic_ms() - lease.renewed_at_ms < LEASE_LIFETIME_MS
  );
}

/** The view of a record. Its getters read the record, so the view never goes stale. */
export function viewOf(record: NodeRecord, context: RecordContext): NodeView {
  const age = (): number | null =>
    record.seen_at_ms === null ? null : Math.max(0, context.clock.monotonic_ms() - record.seen_at_ms);
  return {
    node_id: record.node_id,
    get display_name() {
      return record.row?.display_name ?? null;
    },
    get status() {
      return record.row?.status ?? "pending";
    },
    get epoch() {
      return record.epoch;
    },
    get last_seen_age_ms() {
      return age();
    },
    get online() {
      return (age() ?? Infinity) < context.dead_after_ms;
    },
    get tunnel() {
      return record.local_tunnel_epoch !== null ? "local" : heldRemotely(record, context) ? "remote" : null;
    },
    get tunnel_at() {
      if (record.local_tunnel_epoch !== null) return context.gateway_id;
      return heldRemotely(record, context) ? record.owner!.gateway_id : null;
    },
    get agent_version() {
      return record.report?.agent_version ?? record.row?.agent_version ?? "0.0.0";
    },
    get protocol_version() {
      return record.report?.protocol_version ?? record.row?.protocol_version ?? 0;
    },
    get inventory() {
      return record.report?.inventory ?? null;
    },
    get queue() {
      return record.report?.queue ?? NO_QUEUE;
    },
    get paused() {
      return record.report?.paused ?? false;
    },
    get draining() {
      return record.report?.draining ?? false;
    },
    get counters() {
      return record.report?.counters ?? null;
    },
    get profiles() {
      return record.profiles;
    },
    get keys() {
      return record.keys;
    },
    get stake() {
      return record.stake;
    },
    get route_tier_override() {
      return record.row?.route_tier_override ?? null;
    },
    get portable_paid_route() {
      return record.row?.portable_paid_route ?? false;
    },
    get first_seen() {
      return record.first_seen;
    },
  };
}

/** The asking prices become bigint here, once a report and not once a quote. */
export function profileViews(report: HeartbeatBody): ProfileView[] {
  return report.profiles.map(({ asking_prompt_price_wei, asking_completion_price_wei, ...profile }) => ({
    ...profile,
    asking_prompt_price_wei: asking_prompt_price_wei === undefined ? null : BigInt(asking_prompt_price_wei),
    asking_completion_price_wei: asking_completion_price_wei === undefined ? null : BigInt(asking_completion_price_wei),
  }));
}

/** Copies changed rows into the records, but keeps heartbeats of this gateway that are newer. */
export function applyChanges(
  changes: NodeChanges,
  recordOf: (node_id: string) => NodeRecord,
  monotonic_ms: number,
): void {
  for (const row of changes.nodes) applyRow(recordOf(row.node_id), row);
  for (const { node_id, epoch, age_ms } of changes.liveness) {
    const record = recordOf(node_id);
    const seen_at_ms = monotonic_ms - age_ms;
    if (epoch < record.seen_epoch || (record.seen_at_ms !== null && seen_at_ms <= record.seen_at_ms)) continue;
    record.seen_at_ms = seen_at_ms;
    record.seen_epoch = epoch;
  }
  for (const { node_id, epoch, body, body_hash } of changes.reports) {
    const record = recordOf(node_id);
    record.stored_hash = body_hash;
    if (record.unwritten || epoch < record.report_epoch) continue;
    record.report = body as HeartbeatBody;
    record.report_epoch = epoch;
    record.profiles = profileViews(record.report);
  }
  for (const { node_id, gateway_id, gateway_epoch, tunnel_epoch, peer_address } of changes.tunnels) {
    const owned = gateway_id !== null && gateway_epoch !== null;
    recordOf(node_id).owner = owned ? { gateway_id, gateway_epoch, tunnel_epoch, peer_address } : null;
  }
}

function applyRow(record: NodeRecord, row: NodeRow): void {
  record.row = row;
  record.epoch = Math.max(record.epoch, row.epoch);
  record.first_seen = new Date(row.first_seen);
  record.keys = row.keys.map((key) => ({
    ed25519_public_key: key.ed25519_public_key,
    from: new Date(key.valid_from),
    to: key.valid_to === null ? null : new Date(key.valid_to),
  }));
  const observed =
    row.stake_registered !== null &&
    row.stake_active !== null &&
    row.stake_wei !== null &&
    row.stake_observed_at !== null;
  record.stake = observed
    ? {
        registered: row.stake_registered!,
        active: row.stake_active!,
        stake_wei: BigInt(row.stake_wei!),
        observed_at: new Date(row.stake_observed_at!),
        max_open_exposure_wei:
          row.stake_max_open_exposure_wei === null ? null : BigInt(row.stake_max_open_exposure_wei),
        observed_block: row.stake_observed_block,
      }
    : null;
}

/** The leases by gateway id. */
export function leasesOf(rows: LeaseRow[], monotonic_ms: number): Map<string, Lease> {
  return new Map(
    rows.map(({ gateway_id, gateway_epoch, peer_address, age_ms }) => [
      gateway_id,
      { gateway_epoch, peer_address, renewed_at_ms: monotonic_ms - age_ms },
    ]),
  );
}
