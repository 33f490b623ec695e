import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Database } from "../../../store/postgres/database.ts";
import { closeTunnelRow } from "../../../store/postgres/nodes/close_tunnel.ts";
import { confirmEpoch } from "../../../store/postgres/nodes/confirm_epoch.ts";
import { openEpoch } from "../../../store/postgres/nodes/open_epoch.ts";
import { readCaller } from "../../../store/postgres/nodes/read_caller.ts";
import { PROXY_SETTINGS, UPGRADE_TOKEN, acceptUpgrade, asksUpgrade } from "../../../tunnel/carrier_upgrade.ts";
import { acceptWebsocket, asksWebsocket } from "../../../tunnel/carrier_websocket.ts";
import { openGatewayEnd } from "../../../tunnel/gateway_end.ts";
import type { DownReason, GatewayEnd } from "../../../tunnel/gateway_end.ts";
import { ApiError } from "../../errors.ts";
import type { Logger } from "../../log.ts";
import { errorFields } from "../../log.ts";
import { toBase64url } from "../../protocol/bytes/encoding.ts";
import { mintId } from "../../protocol/bytes/ids.ts";
import { PROTOCOL_HEADER } from "../../protocol/calls/node_protocol.ts";
import { EMPTY_SHA256 } from "../../protocol/calls/router_call.ts";
import { drainTunnel } from "./agent_api.ts";
import { SERVER_TIME_HEADER, reachable } from "./node_authentication.ts";
import { localTunnel } from "./local_tunnel.ts";
import type { NodeRegistry } from "./registry.ts";
import type { NodeTunnel } from "./types.ts";
import { agreedVersion } from "./versions.ts";

/**
 * Limits by client address for openings that are refused; upgrades do not pass the surface, which counts other calls.
 */
export type TunnelAdmission = {
  /** Throws `rate_limited` for an address that was refused too often. */
  check(request: IncomingMessage): void;
  /** Counts a refusal that is the caller's fault. */
  refused(request: IncomingMessage): void;
};

export type TunnelsConfig = {
  /** Where other gateways reach this one's peer listener; null when it has none, or until `setPeerAddress`. */
  peer_address: string | null;
  admit?: TunnelAdmission;
  ping_interval_ms?: number;
  ping_timeout_ms?: number;
  settings_timeout_ms?: number;
  /** From a request for a tunnel to its 101 or its refusal. */
  opening_timeout_ms?: number;
};

export type TunnelsDeps = { db: Database; registry: NodeRegistry; config: TunnelsConfig; log: Logger };

type Held = { tunnel: NodeTunnel; end: GatewayEnd; carrier: string };

/** The header of the 101 that tells the agent its epoch. */
export const EPOCH_HEADER = "x-b3iq-node-epoch";

const UPGRADE_HEADERS = { headers: { upgrade: UPGRADE_TOKEN, connection: "Upgrade" } };

/**
 * What `GET /v1/node/tunnel` is answered with when its Upgrade header did not arrive: it names what a proxy must be
 * told.
 */
export function tunnelUpgradeRequired(): ApiError {
  return new ApiError("upgrade_required", PROXY_SETTINGS, UPGRADE_HEADERS);
}

/** The tunnels that end in this gateway (docs/design/nodes.md, Tunnel). */
export function createTunnels({ db, registry, config, log }: TunnelsDeps) {
  const held = new Map<string, Held>();
  const ends = new Set<GatewayEnd>();
  const closing_rows = new Set<Promise<void>>();
  const down_listeners = new Set<(node_id: string, reason: DownReason) => void>();
  let draining = false;
  let peer_address = config.peer_address;

  function refuseWhileDraining(): void {
    if (!draining) return;
    throw new ApiError("draining", "This gateway is about to stop. Open the tunnel again: another one will answer.", {
      retry_after_ms: 1_000,
    });
  }

  /** Checks who asks and assigns the epoch. Throws what the agent is to be told. */
  async function admit(request: IncomingMessage) {
    refuseWhileDraining();
    config.admit?.check(request);
    const carrier = carrierOf(request);
    const target = request.url ?? "";
    const claim = await registry.checkSignature(request.headers, "GET", target, EMPTY_SHA256);
    const versions = versionsOf(target);
    const agreed = agreedVersion(versions.protocol_version, registry.served);
    if (registry.view(claim.node_id)?.status === "suspended")
      throw registry.refusal("node_suspended", "The node is suspended; ask the operator of the gateway.");
    const opened = await reachable(
      openEpoch(db, {
        node_id: claim.node_id,
        claimed_epoch: claim.epoch,
        seq: claim.seq,
        ...versions,
        gateway_id: registry.config.gateway_id,
      }),
    );
    if (!opened) throw await whyRefused(claim);
    return { carrier, node_id: claim.node_id, agreed, opened };
  }

  /** Takes the socket of an agent that was admitted in time: no time-out of HTTP covers it any more. */
  async function open(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const admitted = await inTime(admit(request), config.opening_timeout_ms ?? 10_000);
    if (socket.destroyed) return;
    refuseWhileDraining();
    const { carrier, node_id, agreed, opened } = admitted;
    const duplex = carrier.accept(socket, head, {
      [EPOCH_HEADER]: String(opened.epoch),
      [PROTOCOL_HEADER]: String(agreed),
      [SERVER_TIME_HEADER]: String(registry.clock.now_ms()),
      "x-request-id": mintId("req"),
    });
    const secret = toBase64url(registry.wrapping.unwrap(opened.router_secret_wrapped, node_id));
    await hold(node_id, opened.epoch, secret, duplex, carrier.name);
  }

  async function whyRefused({
    node_id,
    epoch,
    seq,
  }: {
    node_id: string;
    epoch: number;
    seq: number;
  }): Promise<ApiError> {
    const row = await readCaller(db, node_id);
    const used =
      row &&
      ((row.epoch === epoch && seq <= row.call_seq) ||
        (row.opened_from_epoch === epoch && seq <= (row.opened_seq ?? 0)));
    return used
      ? registry.refusal("replayed_request", "The sequence number does not rise; sign the call anew with the next one.")
      : registry.refusal(
          "stale_epoch",
          "Another copy of this node opened a tunnel since. Enroll again if this is the right copy.",
        );
  }

  async function hold(node_id: string, epoch: number, secret: string, duplex: Duplex, carrier: string): Promise<void> {
    const end = openGatewayEnd(duplex, {
      ping_interval_ms: config.ping_interval_ms ?? 15_000,
      ping_timeout_ms: config.ping_timeout_ms ?? 10_000,
      settings_timeout_ms: config.settings_timeout_ms ?? 10_000,
      onDown: (reason) => release(node_id, epoch, reason),
    });
    ends.add(end);
    void end.closed.then(() => ends.delete(end));
    try {
      await end.ready;
    } catch {
      return log.info("tunnel_refused", { node_id, node_epoch: epoch, reason: "the agent did not speak HTTP/2" });
    }
    const earlier = held.get(node_id);
    if (!end.accepting) return;
    if (earlier && earlier.tunnel.epoch > epoch) return end.drain();
    held.set(node_id, { end, carrier, tunnel: localTunnel({ node_id, epoch, secret, end, clock: registry.clock }) });
    registry.setLocalTunnel(node_id, epoch);
    try {
      // It speaks, so it has read its epoch; only now may the earlier tunnel end, lest a copy of the node that lost it
      // opens the next one.
      const { gateway_id, gateway_epoch } = registry.config;
      await confirmEpoch(db, { node_id, epoch, gateway_id, gateway_epoch, peer_address });
      log.info("tunnel_opened", { node_id, node_epoch: epoch, carrier });
    } catch (error) {
      log.warn("tunnel_not_confirmed", { node_id, node_epoch: epoch, ...errorFields(error) });
      end.destroy();
    }
    // What runs in the earlier tunnel of the same node ends there.
    earlier?.end.drain();
    // Lost while the row was written: what gave the row up may have come before it.
    if (!end.accepting) giveUpRow(node_id, epoch);
  }

  /** Out of routing at once, here and in the owner row. */
  function release(node_id: string, epoch: number, reason: DownReason): void {
    const current = held.get(node_id);
    if (current?.tunnel.epoch === epoch) {
      held.delete(node_id);
      registry.setLocalTunnel(node_id, null);
      log.info("tunnel_down", { node_id, node_epoch: epoch, reason });
      for (const listener of down_listeners) listener(node_id, reason);
    }
    giveUpRow(node_id, epoch);
  }

  function giveUpRow(node_id: string, epoch: number): void {
    const closing = closeTunnelRow(db, node_id, epoch)
      .catch((error: unknown) => log.warn("tunnel_row_not_closed", { node_id, ...errorFields(error) }))
      .finally(() => closing_rows.delete(closing));
    closing_rows.add(closing);
  }

  /**
   * A node that opened a newer tunnel at another gateway works there, and a retired one nowhere; what runs here ends
   * here.
   */
  registry.onRefresh(() => {
    for (const [node_id, { tunnel, end }] of held) {
      const owner = registry.owner(node_id);
      const moved = owner && owner.tunnel_epoch > tunnel.epoch && owner.gateway_id !== registry.config.gateway_id;
      if (moved || registry.view(node_id)?.status === "retired") end.drain();
    }
  });

  return {
    /** For the server's `upgrade` event. What goes wrong is logged here; rejects with what the agent is to be told. */
    async handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
      socket.on("error", () => undefined);
      try {
        await open(request, socket, head);
      } catch (error) {
        if (error instanceof ApiError && error.status < 500 && error.status !== 429) config.admit?.refused(request);
        throw refusalOf(error, registry.clock.now_ms(), log);
      }
    },
    local: (node_id: string): NodeTunnel | undefined => held.get(node_id)?.tunnel,
    /** For tunnels that open from now on. */
    setPeerAddress(address: string): void {
      peer_address = address;
    },
    count: (): number => held.size,
    /** How many use each carrier. */
    carriers: (): Map<string, number> => {
      const counts = new Map([
        ["upgrade", 0],
        ["websocket", 0],
      ]);
      for (const { carrier } of held.values()) counts.set(carrier, (counts.get(carrier) ?? 0) + 1);
      return counts;
    },
    onDown(listener: (node_id: string, reason: DownReason) => void): void {
      down_listeners.add(listener);
    },
    /** Takes no more tunnels and asks every agent to open its next one elsewhere; those that are open still serve. */
    async drain(): Promise<void> {
      draining = true;
      await Promise.all([...held.values()].map(({ tunnel }) => drainTunnel(tunnel).catch(() => undefined)));
    },
    /** Lets calls in flight end for up to `timeout_ms`, then cuts; resolves when the owner rows are given up too. */
    async close(timeout_ms = 0): Promise<void> {
      draining = true;
      const closing = [...ends];
      for (const end of closing)
        if (timeout_ms > 0) end.drain();
        else end.destroy();
      const cut = setTimeout(() => {
        for (const end of closing) end.destroy();
      }, timeout_ms);
      await Promise.all(closing.map((end) => end.closed));
      clearTimeout(cut);
      await Promise.all(closing_rows);
    },
  };
}

export type Tunnels = ReturnType<typeof createTunnels>;

type Carrier = { name: string; accept(socket: Duplex, head: Buffer, headers: Record<string, string>): Duplex };

function carrierOf(request: IncomingMessage): Carrier {
  if (asksUpgrade(request, UPGRADE_TOKEN)) {
    return { name: "upgrade", accept: (socket, head, headers) => acceptUpgrade(socket, head, UPGRADE_TOKEN, headers) };
  }
  if (asksWebsocket(request)) {
    return { name: "websocket", accept: (socket, head, headers) => acceptWebsocket(request, socket, head, headers) };
  }
  throw new ApiError(
    "upgrade_required",
    `This upgrade is no tunnel: ask for Upgrade: ${UPGRADE_TOKEN}, or for a WebSocket of version 13 with the subprotocol ${UPGRADE_TOKEN}.`,
    UPGRADE_HEADERS,
  );
}

/** They stand in the query, so that the signature covers them: a downgrade on the way is refused. */
function versionsOf(target: string): { protocol_version: number; agent_version: string } {
  const query = new URL(target, "http://gateway.invalid").searchParams;
  const protocol_version = Number(query.get("protocol_version"));
  const agent_version = query.get("agent_version") ?? "";
  if (
    !Number.isSafeInteger(protocol_version) ||
    protocol_version < 0 ||
    !/^[0-9A-Za-z.+-]{1,64}$/.test(agent_version)
  ) {
    throw new ApiError("invalid_request", "Expected protocol_version (an integer) and agent_version in the query.");
  }
  return { protocol_version, agent_version };
}

/** A refusal states the time, as every answer to a node: its clock is corrected by it. */
function refusalOf(error: unknown, now_ms: number, log: Logger): ApiError {
  const known =
    error instanceof ApiError
      ? error
      : new ApiError("internal_error", "The tunnel could not be opened.", { cause: error });
  if (known !== error) log.error("tunnel_not_opened", errorFields(error));
  else log.info("tunnel_refused", { error_code: known.code });
  known.headers[SERVER_TIME_HEADER] = String(now_ms);
  return known;
}

/** A database that hangs must not keep the sockets of callers who are not known yet. */
async function inTime<T>(work: Promise<T>, timeout_ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new ApiError("database_unavailable", "The tunnel could not be opened in time; open it again.", {
            retry_after_ms: 1_000,
          }),
        ),
      timeout_ms,
    );
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
