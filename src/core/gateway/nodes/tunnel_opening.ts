import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { openEpoch } from "../../../store/postgres/nodes/open_epoch.ts";
import { readCaller } from "../../../store/postgres/nodes/read_caller.ts";
import { PROXY_SETTINGS, UPGRADE_TOKEN, acceptUpgrade, asksUpgrade } from "../../../tunnel/carrier_upgrade.ts";
import { acceptWebsocket, asksWebsocket } from "../../../tunnel/carrier_websocket.ts";
import { ApiError } from "../../errors.ts";
import { errorFields } from "../../log.ts";
import { toBase64url } from "../../protocol/bytes/encoding.ts";
import { mintId } from "../../protocol/bytes/ids.ts";
import type { NodeClaim } from "../../protocol/calls/node_call.ts";
import { PROTOCOL_HEADER } from "../../protocol/calls/node_protocol.ts";
import { EMPTY_SHA256 } from "../../protocol/calls/router_call.ts";
import { within } from "../../time.ts";
import { SERVER_TIME_HEADER, reachable } from "./node_authentication.ts";
import type { TunnelState } from "./tunnel_state.ts";
import { agreedVersion } from "./versions.ts";

/** The header of the 101 that gives the agent its epoch. */
export const EPOCH_HEADER = "x-b3iq-node-epoch";

const UPGRADE_HEADERS = { headers: { upgrade: UPGRADE_TOKEN, connection: "Upgrade" } };
const OPENING_TIMEOUT_MS = 10_000;

/** A tunnel whose request was answered 101. */
export type AcceptedTunnel = { node_id: string; epoch: number; secret: string; duplex: Duplex; carrier: string };

/** The answer to `GET /v1/node/tunnel` without an Upgrade header. It names the settings that a proxy needs. */
export function tunnelUpgradeRequired(): ApiError {
  return new ApiError("upgrade_required", PROXY_SETTINGS, UPGRADE_HEADERS);
}

/**
 * Answers a request for a tunnel with 101 and takes its socket; null when the agent left meanwhile. Throws the refusal
 * as an ApiError, because upgrades do not pass the surface.
 */
export async function acceptTunnel(
  state: TunnelState,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<AcceptedTunnel | null> {
  const { config, registry } = state;
  socket.on("error", () => undefined);
  try {
    // No HTTP time-out covers an upgrade, and a hanging database must not keep the sockets of unknown callers.
    const admitted = await within(admit(state, request), config.opening_timeout_ms ?? OPENING_TIMEOUT_MS, null);
    if (!admitted)
      throw new ApiError("database_unavailable", "The tunnel could not be opened in time; open it again.", {
        retry_after_ms: 1_000,
      });
    if (socket.destroyed) return null;
    refuseWhileDraining(state);
    const { carrier, node_id, agreed, opened } = admitted;
    const duplex = carrier.accept(socket, head, {
      [EPOCH_HEADER]: String(opened.epoch),
      [PROTOCOL_HEADER]: String(agreed),
      [SERVER_TIME_HEADER]: String(registry.clock.now_ms()),
      "x-request-id": mintId("req"),
    });
    const secret = toBase64url(registry.wrapping.unwrap(opened.router_secret_wrapped, node_id));
    return { node_id, epoch: opened.epoch, secret, duplex, carrier: carrier.name };
  } catch (error) {
    if (error instanceof ApiError && error.status < 500 && error.status !== 429) config.admit?.refused(request);
    throw refusalOf(state, error);
  }
}

/** Checks the signature and the versions, and opens the next epoch. */
async function admit(state: TunnelState, request: IncomingMessage) {
  const { db, registry, config } = state;
  refuseWhileDraining(state);
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
  if (!opened) throw await epochRefusal(state, claim);
  return { carrier, node_id: claim.node_id, agreed, opened };
}

function refuseWhileDraining({ draining }: TunnelState): void {
  if (!draining) return;
  throw new ApiError("draining", "This gateway is about to stop. Open the tunnel again: another gateway will answer.", {
    retry_after_ms: 1_000,
  });
}

/** The refusal where no epoch opened: the call is a replay, or another copy of the node opened a tunnel since. */
async function epochRefusal({ db, registry }: TunnelState, { node_id, epoch, seq }: NodeClaim): Promise<ApiError> {
  const row = await readCaller(db, node_id);
  const used =
    row &&
    ((row.epoch === epoch && seq <= row.call_seq) || (row.opened_from_epoch === epoch && seq <= (row.opened_seq ?? 0)));
  return used
    ? registry.refusal("replayed_request", "The sequence number does not rise; sign the call anew with the next one.")
    : registry.refusal(
        "stale_epoch",
        "Another copy of this node opened a tunnel since. Enroll again if this is the right copy.",
      );
}

/** Logs a refusal and adds the server's time, by which the agent corrects its clock. */
function refusalOf({ registry, log }: TunnelState, error: unknown): ApiError {
  const known =
    error instanceof ApiError
      ? error
      : new ApiError("internal_error", "The tunnel could not be opened.", { cause: error });
  if (known !== error) log.error("tunnel_not_opened", errorFields(error));
  else log.info("tunnel_refused", { error_code: known.code });
  known.headers[SERVER_TIME_HEADER] = String(registry.clock.now_ms());
  return known;
}

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

/** Versions are in the query, which the signature covers, so that no proxy can lower them. */
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
