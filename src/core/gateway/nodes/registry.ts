import type { Database } from "../../../store/postgres/database.ts";
import { loadNodeChanges } from "../../../store/postgres/nodes/load_changes.ts";
import { readEpochKey } from "../../../store/postgres/nodes/read_epoch_key.ts";
import { errorFields, type Logger } from "../../log.ts";
import { createNodeAuthentication, type KnownCaller } from "./node_authentication.ts";
import { createCallSequences } from "./call_sequences.ts";
import { COMMAND_ATTEMPTS_MAX } from "./command_payloads.ts";
import { createGatewayEnrollment } from "./enrollment.ts";
import { createHeartbeats, type Heartbeats } from "./heartbeats.ts";
import { DEAD_AFTER_MS, applyChanges, emptyRecord, leasesOf, viewOf } from "./records.ts";
import type { GatewayProcess, Lease, NodeRecord, Owner, RecordContext } from "./records.ts";
import { systemClock } from "./types.ts";
import type { Clock, HeartbeatBody, NodeKey, NodePrincipal, NodeView } from "./types.ts";
import { agreedVersion, servedVersions, type ServedVersions } from "./versions.ts";
import { createWrapping } from "./wrapping.ts";

export type NodeRegistryConfig = {
  /** B3IQ_PUBLIC_URL: the audience that enrollments are signed for. */
  public_url: string;
  /** The shared secret `pepper`. */
  pepper: Uint8Array;
  gateway_id: string;
  /** The epoch of this process's lease (gateway_leases). */
  gateway_epoch: number;
  /** B3IQ_NODE_APPROVAL: new nodes wait for an admin. */
  node_approval: boolean;
  /** The versions of this release unless given. */
  served?: ServedVersions;
  /** Silence after which a node is dead: B3IQ_HEARTBEAT_DEAD_MS, 40 s unless given. */
  dead_after_ms?: number;
  refresh_ms?: number;
  flush_ms?: number;
};

export type NodeRegistryDeps = {
  db: Database;
  config: NodeRegistryConfig;
  log: Logger;
  clock?: Clock;
  /** Called for each heartbeat of a node that was authenticated. */
  onHeartbeat?: (outcome: "accepted" | "upgrade_required") => void;
};

/** A peer that could not be reached is not asked again for this long. */
const SUSPECT_MS = 2_000;

type RegistryState = Pick<NodeRegistryDeps, "db" | "log" | "config" | "onHeartbeat"> & {
  clock: Clock;
  served: ServedVersions;
  heartbeats: Heartbeats;
  records: Map<string, NodeRecord>;
  /** The views by node id; a view stays the same object. */
  views: Map<string, NodeView>;
  /** All views; null when a node was added or changed since the list was made. */
  list: NodeView[] | null;
  /** The leases of all gateways by id. */
  leases: Map<string, Lease>;
  /** Gateway processes that did not answer, and the monotonic time until which they are not called. */
  suspects: Map<string, number>;
  record_context: RecordContext;
  /** The database's snapshot as of the last load. */
  watermark: string;
  /** The load under way. */
  refreshing: Promise<void> | null;
  timers: NodeJS.Timeout[];
  onRefresh: Set<() => void>;
  onWaitingCommands: Set<(node_ids: string[]) => void>;
};

/**
 * All nodes of the network: a copy of the database at most `refresh_ms` old (250 unless given), merged with the
 * heartbeats and tunnels of this gateway. Call `start` before use, and `refresh` after a write that must be in force in
 * its own answer.
 */
export function createNodeRegistry(deps: NodeRegistryDeps) {
  const { db, config, clock = systemClock } = deps;
  const state = newState(deps);
  const { served, heartbeats, record_context } = state;
  const wrapping = createWrapping(config.pepper);
  const { authenticate, checkSignature, refusal } = createNodeAuthentication({
    db,
    clock,
    sequences: createCallSequences(db),
    known: (node_id) => knownCaller(state, node_id),
  });
  const { challenge, enroll } = createGatewayEnrollment({
    db,
    clock,
    wrapping,
    audience: config.public_url,
    served,
    approval: config.node_approval,
  });
  return {
    config,
    served,
    wrapping,
    clock,
    challenge,
    enroll,
    authenticate,
    checkSignature,
    refusal,
    heartbeat: (principal: Pick<NodePrincipal, "node_id" | "epoch">, body: HeartbeatBody) =>
      takeHeartbeat(state, principal, body),
    flushHeartbeats: heartbeats.flush,
    /** Every enrolled node. The views stay the same objects; reading one gives its newest values. */
    snapshot: (): readonly NodeView[] => allViews(state),
    view: (node_id: string) => viewIn(state, node_id),
    keys: (node_id: string): NodeKey[] => state.records.get(node_id)?.keys ?? [],
    /** The key under which an epoch of a node was opened; receipts are checked against it (docs/design/nodes.md). */
    epochKey: (node_id: string, epoch: number): Promise<string | undefined> => readEpochKey(db, node_id, epoch),
    owner: (node_id: string): Owner | null => state.records.get(node_id)?.owner ?? null,
    lease: record_context.lease,
    setLocalTunnel: (node_id: string, tunnel_epoch: number | null) => setLocalTunnel(state, node_id, tunnel_epoch),
    /** For SUSPECT_MS, this gateway counts as holding no tunnel. */
    suspectGateway: (owner: GatewayProcess) =>
      void state.suspects.set(processName(owner), clock.monotonic_ms() + SUSPECT_MS),
    refresh: () => refresh(state),
    /** Calls the listener after every refresh. */
    onRefresh: (listener: () => void) => void state.onRefresh.add(listener),
    /** Calls the listener after each refresh that found nodes with a command to lease. */
    onWaitingCommands: (listener: (node_ids: string[]) => void) => void state.onWaitingCommands.add(listener),
    start: () => start(state),
    stop: () => stop(state),
  };
}

export type NodeRegistry = ReturnType<typeof createNodeRegistry>;

function newState({ db, config, log, clock = systemClock, onHeartbeat }: NodeRegistryDeps): RegistryState {
  const { gateway_id, dead_after_ms = DEAD_AFTER_MS } = config;
  const state: RegistryState = {
    db,
    config,
    log,
    clock,
    onHeartbeat,
    served: config.served ?? servedVersions(),
    heartbeats: createHeartbeats({ db, clock, log, gateway_id, recordOf: (node_id) => recordOf(state, node_id) }),
    records: new Map(),
    views: new Map(),
    list: null,
    leases: new Map(),
    suspects: new Map(),
    record_context: {
      clock,
      gateway_id,
      dead_after_ms,
      lease: (gateway_id) => state.leases.get(gateway_id),
      suspect: (owner) => (state.suspects.get(processName(owner)) ?? 0) > clock.monotonic_ms(),
    },
    watermark: "0",
    refreshing: null,
    timers: [],
    onRefresh: new Set(),
    onWaitingCommands: new Set(),
  };
  return state;
}

function processName({ gateway_id, gateway_epoch }: GatewayProcess): string {
  return `${gateway_id} ${gateway_epoch}`;
}

function recordOf({ records }: RegistryState, node_id: string): NodeRecord {
  let record = records.get(node_id);
  if (!record) records.set(node_id, (record = emptyRecord(node_id)));
  return record;
}

function viewIn({ records, views, record_context }: RegistryState, node_id: string): NodeView | undefined {
  const record = records.get(node_id);
  if (!record?.row) return undefined;
  let view = views.get(node_id);
  if (!view) views.set(node_id, (view = viewOf(record, record_context)));
  return view;
}

function allViews(state: RegistryState): NodeView[] {
  state.list ??= [...state.records.keys()].flatMap((node_id) => viewIn(state, node_id) ?? []);
  return state.list;
}

function knownCaller({ records }: RegistryState, node_id: string): KnownCaller | undefined {
  const record = records.get(node_id);
  const current = record?.keys.find(({ to }) => to === null);
  if (!record?.row || !current) return undefined;
  return { status: record.row.status, ed25519_public_key: current.ed25519_public_key };
}

/**
 * Takes a signed heartbeat. An agent whose protocol is not served is refused with 426 `upgrade_required`, and is heard
 * all the same: its node then shows the blocker `agent_outdated`, which tells the owner what to do, and gets no work.
 */
function takeHeartbeat(
  { heartbeats, clock, served, onHeartbeat }: RegistryState,
  { node_id, epoch }: Pick<NodePrincipal, "node_id" | "epoch">,
  body: HeartbeatBody,
): { epoch: number; server_time: string } {
  heartbeats.hear(node_id, epoch, body);
  try {
    agreedVersion(body.protocol_version, served);
  } catch (error) {
    onHeartbeat?.("upgrade_required");
    throw error;
  }
  onHeartbeat?.("accepted");
  return { epoch, server_time: new Date(clock.now_ms()).toISOString() };
}

/** Records that a tunnel opened at this gateway, or closed (null); in force at once. */
function setLocalTunnel(state: RegistryState, node_id: string, tunnel_epoch: number | null): void {
  const record = recordOf(state, node_id);
  record.local_tunnel_epoch = tunnel_epoch;
  if (tunnel_epoch !== null) record.epoch = Math.max(record.epoch, tunnel_epoch);
}

/** Reads the rows that changed since the last load, and calls the listeners. */
async function load(state: RegistryState): Promise<void> {
  const asked_at_ms = state.clock.monotonic_ms();
  const changes = await loadNodeChanges(state.db, state.watermark, COMMAND_ATTEMPTS_MAX);
  applyChanges(changes, (node_id) => recordOf(state, node_id), asked_at_ms);
  state.leases = leasesOf(changes.leases, asked_at_ms);
  if (changes.nodes.length > 0) state.list = null;
  state.watermark = changes.watermark;
  for (const listener of state.onRefresh) listener();
  if (changes.waiting.length === 0) return;
  const node_ids = changes.waiting.map(({ node_id }) => node_id);
  for (const listener of state.onWaitingCommands) listener(node_ids);
}

/** A load that began before this call may have read too early: wait for its end, then load again. */
async function refresh(state: RegistryState): Promise<void> {
  await state.refreshing?.catch(() => undefined);
  state.refreshing ??= load(state).finally(() => {
    state.refreshing = null;
  });
  await state.refreshing;
}

async function start(state: RegistryState): Promise<void> {
  const { config, log, heartbeats } = state;
  await refresh(state);
  const guarded = (work: () => Promise<void>, event: string) => () => {
    work().catch((error: unknown) => log.warn(event, errorFields(error)));
  };
  state.timers = [
    setInterval(
      guarded(() => state.refreshing ?? refresh(state), "nodes_not_refreshed"),
      config.refresh_ms ?? 250,
    ),
    setInterval(guarded(heartbeats.flush, "heartbeats_not_written"), config.flush_ms ?? 1_000),
  ];
}

/** Stops the loops and writes the last heartbeats. */
async function stop(state: RegistryState): Promise<void> {
  for (const timer of state.timers.splice(0)) clearInterval(timer);
  await state.refreshing?.catch(() => undefined);
  await state.heartbeats.flush();
}
