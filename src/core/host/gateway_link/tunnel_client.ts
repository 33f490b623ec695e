import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { setTimeout as sleep } from "node:timers/promises";
import type { Dispatcher } from "undici";
import { openAgentEnd } from "../../../tunnel/agent_end.ts";
import type { AgentEnd } from "../../../tunnel/agent_end.ts";
import { CarrierRefused, TUNNEL_PATH, dialUpgrade } from "../../../tunnel/carrier_upgrade.ts";
import type { Opened } from "../../../tunnel/carrier_upgrade.ts";
import { dialWebsocket } from "../../../tunnel/carrier_websocket.ts";
import type { Logger } from "../../log.ts";
import { PROTOCOL_HEADER } from "../../protocol/calls/node_protocol.ts";
import { GatewayCallError, failureOf, parse } from "./gateway_client.ts";
import type { GatewayClient } from "./gateway_client.ts";
import { createRouterCheck } from "../chat/router_check.ts";
import type { ServerClock } from "./server_clock.ts";

export type TunnelState =
  | { state: "connecting" }
  /** `protocol_version`: what both ends speak over this tunnel. */
  | { state: "open"; epoch: number; protocol_version: number }
  /** `code` is stable, for the owner: gateway_unreachable, stale_epoch, upgrade_required, clock_skew, ... */
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
  /** Base64url; read when a tunnel opens, since an enrollment renews it. */
  router_secret(): string;
  /** Keeps the epoch on disk; called before the tunnel serves. */
  setEpoch(epoch: number): void;
  /** The newest protocol that this agent speaks, and the oldest; unless given, only the newest. */
  protocol_version: number;
  protocol_version_min?: number;
  agent_version: string;
  /** Serves one call; it is not checked yet, `authenticate` does that. */
  serve: (request: Http2ServerRequest, response: Http2ServerResponse) => void;
  onState?: (state: TunnelState) => void;
  max_concurrent_streams?: number;
  silence_timeout_ms?: number;
  /** The carrier to begin with; the other one is tried when a proxy passes nothing of it. */
  carrier?: Carrier;
  backoff?: { first_ms: number; most_ms: number };
  random?: () => number;
};

/**
 * Keeps one tunnel to the gateway open: reconnects with growing, jittered pauses, and moves when the gateway drains,
 * while what runs in the old tunnel ends there (docs/design/nodes.md, Tunnel).
 */
export function createTunnelClient(deps: TunnelClientDeps) {
  const check = createRouterCheck({ clock: deps.clock });
  const backoff = deps.backoff ?? { first_ms: 250, most_ms: 15_000 };
  const random = deps.random ?? Math.random;
  const ends = new Set<AgentEnd>();
  const stop = new AbortController();
  let carrier: Carrier = deps.carrier ?? "upgrade";
  let state: TunnelState = { state: "connecting" };
  let current: AgentEnd | null = null;
  let running: Promise<void> | null = null;

  function become(next: TunnelState): void {
    state = next;
    deps.onState?.(next);
  }

  async function dial(): Promise<Opened> {
    const query = new URLSearchParams({
      protocol_version: String(deps.protocol_version),
      agent_version: deps.agent_version,
    });
    const path = `${TUNNEL_PATH}?${query}`;
    const started_at = performance.now();
    const dialled = {
      dispatcher: deps.dispatcher,
      gateway_url: deps.gateway_url,
      path,
      headers: { ...deps.client.sign("GET", path, Buffer.alloc(0)) },
      timeout_ms: 10_000,
    };
    try {
      const opened = await (carrier === "upgrade" ? dialUpgrade : dialWebsocket)(dialled);
      deps.clock.observe(opened.headers, performance.now() - started_at);
      return opened;
    } catch (error) {
      if (!(error instanceof CarrierRefused))
        throw new GatewayCallError(0, "gateway_unreachable", "The gateway could not be reached.", {}, error);
      deps.clock.observe(error.headers, performance.now() - started_at);
      throw failureOf(error.status, parse(error.body));
    }
  }

  /** Opens a tunnel and resolves when it takes no more calls. */
  async function serveOnce(): Promise<void> {
    const { duplex, headers } = await dial();
    const epoch = Number(headers["x-b3iq-node-epoch"]);
    if (!Number.isSafeInteger(epoch) || epoch < 1) {
      duplex.destroy();
      throw new GatewayCallError(101, "invalid_request", "The gateway named no epoch.");
    }
    const protocol_version = agreedVersion(headers[PROTOCOL_HEADER]);
    if (protocol_version === null) {
      duplex.destroy();
      throw new GatewayCallError(
        101,
        "gateway_outdated",
        "The gateway speaks only an older version of the node protocol. Wait for its upgrade, or run an older agent.",
      );
    }
    if (stop.signal.aborted) return void duplex.destroy();
    deps.setEpoch(epoch);
    check.open(epoch, deps.router_secret());
    const { promise, resolve } = Promise.withResolvers<void>();
    const end = openAgentEnd(duplex, {
      serve: (request, response) => {
        if (request.url === "/v1/tunnel/drain") answerDrain(request, response, resolve);
        else deps.serve(request, response);
      },
      max_concurrent_streams: deps.max_concurrent_streams ?? 256,
      silence_timeout_ms: deps.silence_timeout_ms ?? 45_000,
      onDown: (reason) => {
        deps.log.info("tunnel_down", { node_epoch: epoch, reason });
        resolve();
      },
    });
    ends.add(end);
    void end.closed.then(() => {
      ends.delete(end);
      check.close(epoch);
      resolve();
    });
    current = end;
    become({ state: "open", epoch, protocol_version });
    deps.log.info("tunnel_opened", { node_epoch: epoch, carrier, protocol_version });
    await promise;
    if (current === end) current = null;
  }

  /**
   * What the gateway says that it speaks, within what this agent can; null when that is too old. One that says nothing
   * speaks what it was told.
   */
  function agreedVersion(stated: string | undefined): number | null {
    const version = stated === undefined ? deps.protocol_version : Number(stated);
    const { protocol_version, protocol_version_min = protocol_version } = deps;
    return Number.isSafeInteger(version) && version >= protocol_version_min && version <= protocol_version
      ? version
      : null;
  }

  /** The gateway is about to stop: the next tunnel is opened now, this one serves until the gateway closes it. */
  function answerDrain(request: Http2ServerRequest, response: Http2ServerResponse, moved: () => void): void {
    request.resume();
    try {
      check.authenticate({
        method: request.method,
        target: request.url,
        headers: request.headers,
        body: Buffer.alloc(0),
      });
      response.writeHead(204).end();
      moved();
    } catch {
      response.writeHead(401).end();
    }
  }

  async function run(): Promise<void> {
    for (let failures = 0; !stop.signal.aborted;) {
      become({ state: "connecting" });
      let failure: GatewayCallError | null = null;
      const opened_at = performance.now();
      try {
        await serveOnce();
        // One that broke at once counts as a failure too, so that a crash loop at the gateway is not stormed.
        failures = performance.now() - opened_at > 5_000 ? 0 : failures + 1;
        if (failures > 2) carrier = other(carrier);
      } catch (error) {
        failure =
          error instanceof GatewayCallError
            ? error
            : new GatewayCallError(0, "internal_error", "The tunnel could not be opened.", {}, error);
        failures += 1;
        if (mayBeAProxy(failure)) carrier = other(carrier);
      }
      if (stop.signal.aborted) break;
      const retry_in_ms = pauseOf(failures, failure);
      if (failure)
        deps.log.info("tunnel_not_opened", {
          error_code: failure.code,
          delay_ms: Math.round(retry_in_ms),
          attempt: failures,
        });
      become({
        state: "waiting",
        code: failure?.code ?? "tunnel_down",
        message: failure?.message ?? "The tunnel was closed.",
        retry_in_ms,
      });
      await sleep(retry_in_ms, undefined, { signal: stop.signal }).catch(() => undefined);
    }
    become({ state: "stopped" });
  }

  /** Full jitter over a doubling range, so that a thousand agents do not come back in one moment. */
  function pauseOf(failures: number, failure: GatewayCallError | null): number {
    // What only the owner can mend is tried seldom; what one more call mends (a corrected clock) at once.
    if (failure?.code === "clock_skew" && failures === 1) return 0;
    if (
      failure !== null &&
      ["stale_epoch", "node_suspended", "unauthorized", "invalid_signature", "gateway_outdated"].includes(failure.code)
    )
      return backoff.most_ms * (1 + random());
    if (failures === 0) return random() * backoff.first_ms;
    return random() * Math.min(backoff.most_ms, backoff.first_ms * 2 ** Math.min(failures, 16));
  }

  return {
    start(): void {
      running ??= run();
    },
    state: (): TunnelState => state,
    /** Calls being served, over all tunnels. */
    in_flight: (): number => [...ends].reduce((sum, end) => sum + end.in_flight, 0),
    /** For the surface's `router` credential: throws ApiErrors, answers with the checked call. */
    authenticate: check.authenticate,
    /** Takes no more calls; those in flight get `timeout_ms` to end. */
    async stop(timeout_ms = 0): Promise<void> {
      stop.abort();
      const closing = [...ends];
      for (const end of closing)
        if (timeout_ms > 0) end.drain();
        else end.destroy();
      const cut = setTimeout(() => {
        for (const end of closing) end.destroy();
      }, timeout_ms);
      await Promise.all(closing.map((end) => end.closed));
      clearTimeout(cut);
      await running;
    },
  };
}

/**
 * Whether the carrier may be what something before the gateway did not pass. Where nobody was reached, or a proxy found
 * nobody (RFC 9110 §15.6.3 to §15.6.5), the gateway is only away, and the dearer carrier would be no better.
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

export type TunnelClient = ReturnType<typeof createTunnelClient>;
