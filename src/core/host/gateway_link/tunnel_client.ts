import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { setTimeout as sleep } from "node:timers/promises";
import type { Dispatcher } from "undici";
import { HOSTED_ROUTES, TUNNEL_ROUTES } from "../../../../generated/routes.ts";
import { openAgentEnd, type AgentEnd } from "../../../tunnel/agent_end.ts";
import { CarrierRefused, dialUpgrade, type Opened } from "../../../tunnel/carrier_upgrade.ts";
import { dialWebsocket } from "../../../tunnel/carrier_websocket.ts";
import { targetOf } from "../../client.ts";
import type { Logger } from "../../log.ts";
import { mintId } from "../../protocol/bytes/ids.ts";
import { PROTOCOL_HEADER } from "../../protocol/calls/node_protocol.ts";
import { GatewayCallError, failureOf, parse, type GatewayClient } from "./gateway_client.ts";
import { createRouterCheck, type RouterCheck } from "../chat/router_check.ts";
import type { ServerClock } from "./server_clock.ts";
import { sendFailure } from "./tunnel_serve.ts";

export type TunnelState =
  | { state: "connecting" }
  /** `protocol_version`: what both ends speak over this tunnel. */
  | { state: "open"; epoch: number; protocol_version: number }
  /** `code` is a stable word for the owner: gateway_unreachable, stale_epoch, upgrade_required, clock_skew, ... */
  | { state: "waiting"; code: string; message: string; retry_in_ms: number }
  | { state: "stopped" };

/** The raw upgraded socket, and its fallback. */
export type Carrier = "upgrade" | "websocket";

export type TunnelClientDeps = {
  gateway_url: string;
  dispatcher: Dispatcher;
  client: GatewayClient;
  clock: ServerClock;
  log: Logger;
  /** Base64url. Read when a tunnel opens, since an enrollment renews the secret. */
  router_secret(): string;
  /** Keeps the epoch on disk; called before the tunnel serves. */
  setEpoch(epoch: number): void;
  /** The newest protocol that this agent speaks, and the oldest; unless given, only the newest. */
  protocol_version: number;
  protocol_version_min?: number;
  agent_version: string;
  /** Serves one call, whose signature `authenticate` must still check. */
  serve: (request: Http2ServerRequest, response: Http2ServerResponse) => void;
  onState?: (state: TunnelState) => void;
  max_concurrent_streams?: number;
  silence_timeout_ms?: number;
  /** The carrier to begin with; the other one is tried when a proxy does not pass this one. */
  carrier?: Carrier;
  backoff?: { first_ms: number; most_ms: number };
  random?: () => number;
};

/** The state of a tunnel client. */
type Client = {
  readonly deps: TunnelClientDeps;
  readonly check: RouterCheck;
  /** Tunnels that still serve: the newest, and older ones until their calls have ended. */
  readonly ends: Set<AgentEnd>;
  /** Aborted when no further tunnel shall open. */
  readonly stop: AbortController;
  /** The carrier of the next tunnel. */
  carrier: Carrier;
  state: TunnelState;
};

const BACKOFF = { first_ms: 250, most_ms: 15_000 };
const DIAL_MS = 10_000;
/** A tunnel that broke sooner counts as a failure, so that a gateway in a crash loop is not stormed. */
const LASTING_MS = 5_000;
/** Refusals that only the owner or the operator can mend: they are tried seldom. */
const LASTING_REFUSALS = ["stale_epoch", "node_suspended", "unauthorized", "invalid_signature", "gateway_outdated"];

/**
 * Keeps one tunnel to the gateway open: reconnects with growing, jittered pauses, and moves when the gateway drains,
 * while the calls of the old tunnel end there (docs/design/nodes.md, Tunnel).
 */
export function createTunnelClient(deps: TunnelClientDeps) {
  const client: Client = {
    deps,
    check: createRouterCheck({ clock: deps.clock }),
    ends: new Set(),
    stop: new AbortController(),
    carrier: deps.carrier ?? "upgrade",
    state: { state: "connecting" },
  };
  let running: Promise<void> | null = null;
  return {
    start(): void {
      running ??= run(client);
    },
    state: (): TunnelState => client.state,
    /** Calls being served, over all tunnels. */
    in_flight: (): number => [...client.ends].reduce((sum, end) => sum + end.in_flight, 0),
    /** For the surface's `router` credential: throws ApiErrors, returns the checked call. */
    authenticate: client.check.authenticate,
    /** Takes no more calls; those in flight get `timeout_ms` to end. */
    async stop(timeout_ms = 0): Promise<void> {
      client.stop.abort();
      await closeAll([...client.ends], timeout_ms);
      await running;
    },
  };
}

export type TunnelClient = ReturnType<typeof createTunnelClient>;

async function run(client: Client): Promise<void> {
  const { deps, stop } = client;
  for (let failures = 0; !stop.signal.aborted;) {
    become(client, { state: "connecting" });
    const opened_at = performance.now();
    const failure = await serveOnce(client).then(
      () => null,
      (error: unknown) => asCallError(error),
    );
    failures = failure === null && performance.now() - opened_at > LASTING_MS ? 0 : failures + 1;
    if (failure === null ? failures > 2 : mayBeAProxy(failure)) client.carrier = other(client.carrier);
    if (stop.signal.aborted) break;
    const retry_in_ms = pauseOf(deps, failures, failure);
    if (failure) {
      const delay_ms = Math.round(retry_in_ms);
      deps.log.info("tunnel_not_opened", { error_code: failure.code, delay_ms, attempt: failures });
    }
    const { code, message } = failure ?? { code: "tunnel_down", message: "The tunnel was closed." };
    become(client, { state: "waiting", code, message, retry_in_ms });
    await sleep(retry_in_ms, undefined, { signal: stop.signal }).catch(() => undefined);
  }
  become(client, { state: "stopped" });
}

function become(client: Client, next: TunnelState): void {
  client.state = next;
  client.deps.onState?.(next);
}

function asCallError(error: unknown): GatewayCallError {
  if (error instanceof GatewayCallError) return error;
  return new GatewayCallError(0, "internal_error", "The tunnel could not be opened.", {}, error);
}

/** Opens a tunnel and resolves when the tunnel takes no more calls. Rejects with GatewayCallError. */
async function serveOnce(client: Client): Promise<void> {
  const { deps, check, carrier, ends } = client;
  const { duplex, headers } = await dial(client);
  let agreed: { epoch: number; protocol_version: number };
  try {
    agreed = agreedTerms(deps, headers);
  } catch (error) {
    duplex.destroy();
    throw error;
  }
  const { epoch, protocol_version } = agreed;
  if (client.stop.signal.aborted) return void duplex.destroy();
  deps.setEpoch(epoch);
  check.open(epoch, deps.router_secret());
  const { promise: over, resolve: nowOver } = Promise.withResolvers<void>();
  const end = openAgentEnd(duplex, {
    serve: (request, response) => {
      if (request.url === TUNNEL_ROUTES.drainTunnel.path) answerDrain(check, request, response, nowOver);
      else deps.serve(request, response);
    },
    max_concurrent_streams: deps.max_concurrent_streams ?? 256,
    silence_timeout_ms: deps.silence_timeout_ms ?? 45_000,
    onDown: (reason) => {
      deps.log.info("tunnel_down", { node_epoch: epoch, reason });
      nowOver();
    },
  });
  ends.add(end);
  void end.closed.then(() => {
    ends.delete(end);
    check.close(epoch);
    nowOver();
  });
  become(client, { state: "open", epoch, protocol_version });
  deps.log.info("tunnel_opened", { node_epoch: epoch, carrier, protocol_version });
  await over;
}

/** Asks the gateway for a tunnel, with a signed call, over the carrier of the moment. */
async function dial({ deps, carrier }: Client): Promise<Opened> {
  const { protocol_version, agent_version, clock, gateway_url, dispatcher } = deps;
  const query = { protocol_version, agent_version };
  const path = targetOf(HOSTED_ROUTES.openNodeTunnel.path, { query });
  const headers = { ...deps.client.sign("GET", path, Buffer.alloc(0)) };
  const started_at = performance.now();
  try {
    const dialled = { dispatcher, gateway_url, path, headers, timeout_ms: DIAL_MS };
    const opened = await (carrier === "upgrade" ? dialUpgrade : dialWebsocket)(dialled);
    clock.observe(opened.headers, performance.now() - started_at);
    return opened;
  } catch (error) {
    if (!(error instanceof CarrierRefused))
      throw new GatewayCallError(0, "gateway_unreachable", "The gateway could not be reached.", {}, error);
    clock.observe(error.headers, performance.now() - started_at);
    throw failureOf(error.status, parse(error.body));
  }
}

/** Reads the headers of the 101: the node's new epoch, and the agreed version. Throws GatewayCallError. */
function agreedTerms(deps: TunnelClientDeps, headers: Opened["headers"]): { epoch: number; protocol_version: number } {
  const epoch = Number(headers["x-b3iq-node-epoch"]);
  if (!Number.isSafeInteger(epoch) || epoch < 1)
    throw new GatewayCallError(101, "invalid_request", "The gateway named no epoch.");
  const { protocol_version: newest, protocol_version_min: oldest = newest } = deps;
  const stated = headers[PROTOCOL_HEADER];
  // A gateway that states no version speaks the one that it was asked for.
  const protocol_version = stated === undefined ? newest : Number(stated);
  if (!Number.isSafeInteger(protocol_version) || protocol_version < oldest || protocol_version > newest)
    throw new GatewayCallError(
      101,
      "gateway_outdated",
      "The gateway speaks only an older version of the node protocol. Wait for its upgrade, or run an older agent.",
    );
  return { epoch, protocol_version };
}

/** The gateway is about to stop: `moved` lets the next tunnel open now, and this one serves until the gateway closes it. */
function answerDrain(
  check: RouterCheck,
  request: Http2ServerRequest,
  response: Http2ServerResponse,
  moved: () => void,
): void {
  request.resume();
  try {
    const { method, url: target, headers } = request;
    check.authenticate({ method, target, headers, body: Buffer.alloc(0) });
    response.writeHead(204, { "x-request-id": mintId("req") }).end();
    moved();
  } catch (error) {
    sendFailure(response, error);
  }
}

/** Full jitter over a doubling range, so that a thousand agents do not come back in one moment. */
function pauseOf(deps: TunnelClientDeps, failures: number, failure: GatewayCallError | null): number {
  const { backoff = BACKOFF, random = Math.random } = deps;
  // One more call mends a corrected clock.
  if (failure?.code === "clock_skew" && failures === 1) return 0;
  if (failure !== null && LASTING_REFUSALS.includes(failure.code)) return backoff.most_ms * (1 + random());
  if (failures === 0) return random() * backoff.first_ms;
  return random() * Math.min(backoff.most_ms, backoff.first_ms * 2 ** Math.min(failures, 16));
}

/** Lets the calls of the tunnels end for up to `timeout_ms`, then cuts the tunnels. */
async function closeAll(ends: readonly AgentEnd[], timeout_ms: number): Promise<void> {
  for (const end of ends)
    if (timeout_ms > 0) end.drain();
    else end.destroy();
  const cut = setTimeout(() => {
    for (const end of ends) end.destroy();
  }, timeout_ms);
  await Promise.all(ends.map((end) => end.closed));
  clearTimeout(cut);
}

/**
 * Whether a proxy before the gateway may have refused the carrier. Where the network or the proxy reached no gateway
 * (RFC 9110 §15.6.3 to §15.6.5), the gateway is only away, and the dearer carrier would be no better.
 */
function mayBeAProxy({ code, status, cause }: GatewayCallError): boolean {
  if (code === "upgrade_required") return true;
  return code === "gateway_unreachable" && ![502, 503, 504].includes(status) && !notReached(cause);
}

function notReached(cause: unknown): boolean {
  const code = (cause as { code?: unknown } | undefined)?.code;
  return code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "EAI_AGAIN" || code === "UND_ERR_CONNECT_TIMEOUT";
}

function other(carrier: Carrier): Carrier {
  return carrier === "upgrade" ? "websocket" : "upgrade";
}
