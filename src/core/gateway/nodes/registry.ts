import type { Database } from "../../../store/postgres/database.ts";
import { loadNodeChanges } from "../../../store/postgres/nodes/load_changes.ts";
import { readEpochKey } from "../../../store/postgres/nodes/read_epoch_key.ts";
import type { Logger } from "../../log.ts";
import { errorFields } from "../../log.ts";
import { createNodeAuthentication } from "./node_authentication.ts";
import { createCallSequences } from "./call_sequences.ts";
import { createGatewayEnrollment } from "./enrollment.ts";
import { createHeartbeats } from "./heartbeats.ts";
import { DEAD_AFTER_MS, applyChanges, emptyRecord, leasesOf, viewOf } from "./records.ts";
import type { Lease, NodeRecord, Owner } from "./records.ts";
import { systemClock } from "./types.ts";
import type { Clock, HeartbeatBody, NodeKey, NodePrincipal, NodeView } from "./types.ts";
import { agreedVersion, servedVersions } from "./versions.ts";
import type { ServedVersions } from "./versions.ts";
import { createWrapping } from "./wrapping.ts";

export type NodeRegistryConfig = {
  /** B3IQ_PUBLIC_URL: what enrollments are signed for. */
  public_url: string;
  /** The shared secret `pepper`. */
  pepper: Uint8Array;
  gateway_id: string;
  /** Of this process's lease (gateway_leases). */
  gateway_epoch: number;
  /** B3IQ_NODE_APPROVAL: new nodes wait for an admin. */
  node_approval: boolean;
  /** Unless given, what this release serves. */
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

/**
 * All nodes of the network as this gateway knows them: a copy of the database at most `refresh_ms` old (250 unless
 * given), merged with what it hears and holds itself. `start` before use; `refresh` after a change that must be in
 * force in its own answer.
 */
export function createNodeRegistry({ db, config, log, clock = systemClock, onHeartbeat }: NodeRegistryDeps) {
  const served = config.served ?? servedVersions();
  const wrapping = createWrapping(config.pepper);
  const records = new Map<string, NodeRecord>();
  const views = new Map<string, NodeView>();
  const changed = new Set<() => void>();
  const waiting_listeners = new Set<(node_ids: string[]) => void>();
  const suspects = new Map<string, number>();
  let list: NodeView[] | null = null;
  let leases = new Map<string, Lease>();
  let watermark = "0";
  let refreshing: Promise<void> | null = null;
  let timers: NodeJS.Timeout[] = [];

  const context = {
    clock,
    gateway_id: config.gateway_id,
    dead_after_ms: config.dead_after_ms ?? DEAD_AFTER_MS,
    lease: (gateway_id: string) => leases.get(gateway_id),
    suspect: (owner: Owner) => (suspects.get(processOf(owner)) ?? 0) > clock.monotonic_ms(),
  };

  function recordOf(node_id: string): NodeRecord {
    let record = records.get(node_id);
    if (!record) records.set(node_id, (record = emptyRecord(node_id)));
    return record;
  }

  async function load(): Promise<void> {
    const asked_at_ms = clock.monotonic_ms();
    const changes = await loadNodeChanges(db, watermark);
    applyChanges(changes, recordOf, asked_at_ms);
    leases = leasesOf(changes.leases, asked_at_ms);
    if (changes.nodes.length > 0) list = null;
    watermark = changes.watermark;
    for (const listener of changed) listener();
    if (changes.waiting.length > 0)
      for (const listener of waiting_listeners) listener(changes.waiting.map(({ node_id }) => node_id));
  }

  /** A refresh that began before the call may have read too early: wait for it, then read again. */
  async function refresh(): Promise<void> {
    await refreshing?.catch(() => undefined);
    refreshing ??= load().finally(() => {
      refreshing = null;
    });
    await refreshing;
  }

  const sequences = createCallSequences(db);
  const authentication = createNodeAuthentication({
    db,
    clock,
    sequences,
    known(node_id) {
      const record = records.get(node_id);
      const current = record?.keys.find(({ to }) => to === null);
      return record?.row && current
        ? { status: record.row.status, ed25519_public_key: current.ed25519_public_key }
        : undefined;
    },
  });
  const heartbeats = createHeartbeats({ db, clock, log, gateway_id: config.gateway_id, recordOf });
  const enrollment = createGatewayEnrollment({
    db,
    clock,
    wrapping,
    audience: config.public_url,
    served,
    approval: config.node_approval,
  });

  function view(node_id: string): NodeView | undefined {
    const record = records.get(node_id);
    if (!record?.row) return undefined;
    let found = views.get(node_id);
    if (!found) views.set(node_id, (found = viewOf(record, context)));
    return found;
  }

  return {
    config,
    served,
    wrapping,
    clock,
    challenge: enrollment.challenge,
    enroll: enrollment.enroll,
    authenticate: authentication.authenticate,
    checkSignature: authentication.checkSignature,
    refusal: authentication.refusal,

    /**
     * Takes a signed heartbeat. One of an agent that is not served changes nothing: it throws 426 `upgrade_required`,
     * and its node is dead after the usual silence.
     */
    heartbeat(
      principal: Pick<NodePrincipal, "node_id" | "epoch">,
      body: HeartbeatBody,
    ): { epoch: number; server_time: string } {
      try {
        agreedVersion(body.protocol_version, served);
      } catch (error) {
        onHeartbeat?.("upgrade_required");
        throw error;
      }
      heartbeats.hear(principal.node_id, principal.epoch, body);
      onHeartbeat?.("accepted");
      return { epoch: principal.epoch, server_time: new Date(clock.now_ms()).toISOString() };
    },
    flushHeartbeats: heartbeats.flush,

    /** Every enrolled node. The views stay the same objects and answer with what is known when they are read. */
    snapshot(): readonly NodeView[] {
      list ??= [...records.keys()].flatMap((node_id) => view(node_id) ?? []);
      return list;
    },
    view,
    keys: (node_id: string): NodeKey[] => records.get(node_id)?.keys ?? [],
    /** The key under which an epoch of a node was opened; receipts are checked against it (docs/design/nodes.md). */
    epochKey: (node_id: string, epoch: number): Promise<string | undefined> => readEpochKey(db, node_id, epoch),
    owner: (node_id: string): Owner | null => records.get(node_id)?.owner ?? null,

    lease: context.lease,

    /** Told by the tunnels of this gateway: in force at once. */
    setLocalTunnel(node_id: string, tunnel_epoch: number | null): void {
      const record = recordOf(node_id);
      record.local_tunnel_epoch = tunnel_epoch;
      if (tunnel_epoch !== null) record.epoch = Math.max(record.epoch, tunnel_epoch);
    },
    /** Told by the relay: this gateway does not answer. */
    suspectGateway(owner: Pick<Owner, "gateway_id" | "gateway_epoch">): void {
      suspects.set(processOf(owner), clock.monotonic_ms() + SUSPECT_MS);
    },

    refresh,
    /** After every refresh. */
    onRefresh(listener: () => void): void {
      changed.add(listener);
    },
    /** With each refresh that found them: nodes with a command to be leased. */
    onWaitingCommands(listener: (node_ids: string[]) => void): void {
      waiting_listeners.add(listener);
    },

    async start(): Promise<void> {
      await refresh();
      const guarded = (work: () => Promise<void>, event: string) => () => {
        work().catch((error: unknown) => log.warn(event, errorFields(error)));
      };
      timers = [
        setInterval(
          guarded(() => refreshing ?? refresh(), "nodes_not_refreshed"),
          config.refresh_ms ?? 250,
        ),
        setInterval(guarded(heartbeats.flush, "heartbeats_not_written"), config.flush_ms ?? 1_000),
      ];
    },
    /** Stops the loops and writes what was heard last. */
    async stop(): Promise<void> {
      for (const timer of timers) clearInterval(timer);
      timers = [];
      await refreshing?.catch(() => undefined);
      await heartbeats.flush();
    },
  };
}

/** A restarted gateway is another one. */
function processOf({ gateway_id, gateway_epoch }: Pick<Owner, "gateway_id" | "gateway_epoch">): string {
  return `${gateway_id} ${gateway_epoch}`;
}

export type NodeRegistry = ReturnType<typeof createNodeRegistry>;
