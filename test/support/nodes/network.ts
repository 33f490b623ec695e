import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { HeartbeatRequest } from "../../../generated/hosted.ts";
import { ApiError } from "../../../src/core/errors.ts";
import { createNodeRegistry } from "../../../src/core/gateway/nodes/registry.ts";
import type { NodeRegistry, NodeRegistryConfig, NodeRegistryDeps } from "../../../src/core/gateway/nodes/registry.ts";
import { createPeerCalls, type PeerCalls } from "../../../src/core/gateway/nodes/peer_calls.ts";
import { type PeerServer, servePeers } from "../../../src/core/gateway/nodes/peer_server.ts";
import { tunnelUpgradeRequired } from "../../../src/core/gateway/nodes/tunnel_opening.ts";
import type { OpenTunnels, TunnelsConfig } from "../../../src/core/gateway/nodes/tunnel_state.ts";
import { createTunnels } from "../../../src/core/gateway/nodes/tunnels.ts";
import type { Tunnels } from "../../../src/core/gateway/nodes/tunnels.ts";
import type { Clock } from "../../../src/core/gateway/nodes/types.ts";
import { systemClock } from "../../../src/core/gateway/nodes/types.ts";
import { createEnrollment } from "../../../src/core/host/gateway_link/gateway_enrollment.ts";
import type { EnrollmentRecord } from "../../../src/core/host/gateway_link/gateway_enrollment.ts";
import { createGatewayClient, gatewayDispatcher } from "../../../src/core/host/gateway_link/gateway_client.ts";
import type { ProxySettings } from "../../../src/core/host/gateway_link/gateway_client.ts";
import { createServerClock } from "../../../src/core/host/gateway_link/server_clock.ts";
import { createTunnelClient } from "../../../src/core/host/gateway_link/tunnel_client.ts";
import type { TunnelClientDeps } from "../../../src/core/host/gateway_link/tunnel_client.ts";
import { createLog } from "../../../src/core/log.ts";
import { generateIdentity } from "../../../src/core/protocol/bytes/ed25519.ts";
import type { Identity } from "../../../src/core/protocol/bytes/ed25519.ts";
import { sha256Hex } from "../../../src/core/protocol/bytes/encoding.ts";
import type { Database } from "../../../src/store/postgres/database.ts";
import { refuseSocket } from "../../../src/surface/http/raw_answer.ts";
import { listen } from "../tunnel_pair.ts";

export const log = createLog({ level: (process.env["B3IQ_TEST_LOG"] ?? "silent") as "silent", program: "test" });

export const PEPPER = randomBytes(32);

type Route = (
  principal: { node_id: string; epoch: number; seq: number },
  body: never,
  path: string,
) => Promise<unknown> | unknown;

export type TestGateway = {
  registry: NodeRegistry;
  tunnels: Tunnels;
  open: OpenTunnels;
  /** Set only with a peer key. */
  peer: { calls: PeerCalls; server: PeerServer } | null;
  server: Server;
  url: string;
  routes: Map<string, Route>;
  close(): Promise<void>;
};

export type GatewayOptions = {
  clock?: Clock;
  registry?: Partial<NodeRegistryConfig>;
  tunnels?: Partial<TunnelsConfig>;
  onHeartbeat?: NonNullable<NodeRegistryDeps["onHeartbeat"]>;
  gateway_id?: string;
  /** With a peer key, the gateway serves other gateways and calls them. */
  peer_key?: Uint8Array;
  /** Without it, the listening address. */
  public_url?: string;
};

/** The node side of a gateway over real HTTP, without the surface: this code checks and routes calls itself. */
export async function testGateway(db: Database, options: GatewayOptions = {}): Promise<TestGateway> {
  const server = createServer();
  const url = await listen(server);
  const gateway_id = options.gateway_id ?? "gw_test";
  const registry = createNodeRegistry({
    db,
    log,
    clock: options.clock ?? systemClock,
    config: {
      public_url: options.public_url ?? url,
      pepper: PEPPER,
      gateway_id,
      gateway_epoch: 1,
      node_approval: false,
      refresh_ms: 50,
      flush_ms: 100,
      ...options.registry,
    },
    ...(options.onHeartbeat ? { onHeartbeat: options.onHeartbeat } : {}),
  });
  await registry.start();
  const open: OpenTunnels = new Map();
  const peer = options.peer_key ? await peerOf({ registry, open, peer_key: options.peer_key, log }) : null;
  const peer_address = peer?.server.address ?? null;
  const tunnels = createTunnels({ db, registry, open, log, config: { peer_address, ...options.tunnels } });
  const routes = new Map<string, Route>([
    ["POST /v1/node/heartbeats", (principal, body) => registry.heartbeat(principal, body)],
  ]);
  server.on("upgrade", (request, socket, head) => {
    tunnels.handleUpgrade(request, socket, head).catch((error: unknown) => refuseSocket(socket, error));
  });
  server.on(
    "request",
    (request: IncomingMessage, response: ServerResponse) => void answer(registry, routes, request, response),
  );
  return {
    registry,
    tunnels,
    open,
    peer,
    server,
    url,
    routes,
    async close() {
      await tunnels.close();
      await registry.stop();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

async function peerOf(deps: Parameters<typeof servePeers>[0]) {
  return { calls: createPeerCalls(deps), server: await servePeers(deps, "127.0.0.1", 0) };
}

async function answer(
  registry: NodeRegistry,
  routes: Map<string, Route>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const raw = Buffer.concat(parts);
  const target = request.url ?? "";
  let status = 200;
  let value: unknown;
  try {
    const body = (raw.length > 0 ? JSON.parse(raw.toString("utf8")) : null) as never;
    if (target === "/v1/node/enrollment/challenges") value = await registry.challenge(body);
    else if (target === "/v1/node/enrollments") value = await registry.enroll(body);
    else if (target.startsWith("/v1/node/tunnel")) throw tunnelUpgradeRequired();
    else {
      const principal = await registry.authenticate(request.headers, request.method ?? "", target, sha256Hex(raw));
      const route = routes.get(`${request.method} ${target}`) ?? routes.get(`${request.method} *`);
      if (!route) throw new ApiError("not_found", "No such route.");
      value = await route(principal, body, target);
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    status = error.status;
    value = { error: { ...error.detail, code: error.code, detail: error.message } };
    for (const [name, text] of Object.entries(error.headers)) response.setHeader(name, text);
  }
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value ?? null));
}

/** The state on a node's disk, which a copy of the node also has. */
export type Disk = { identity: Identity; record: EnrollmentRecord | null; epoch: number; seq: number };

export const newDisk = (): Disk => ({ identity: generateIdentity(), record: null, epoch: 0, seq: 0 });

export type Serve = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/** An agent's node side with a disk in memory. */
export function testAgent(
  gateway_url: string,
  serve: Serve,
  disk = newDisk(),
  options: Partial<TunnelClientDeps> & { audience?: string; now?: () => number; proxy?: ProxySettings } = {},
) {
  const clock = createServerClock(options.now);
  const dispatcher = gatewayDispatcher(options.proxy);
  const client = createGatewayClient({
    gateway_url,
    dispatcher,
    clock,
    identity_private_key: disk.identity.private_key,
    state: { node_id: () => disk.record!.node_id, epoch: () => disk.epoch, nextSeq: () => (disk.seq += 1) },
  });
  const versions = { protocol_version: options.protocol_version ?? 1, agent_version: "0.1.0" };
  const enrollment = createEnrollment({
    identity: disk.identity,
    gateway_url,
    client,
    now_ms: clock.now_ms,
    ...versions,
    ...(options.audience === undefined ? {} : { audience: options.audience }),
    store: {
      load: () => disk.record,
      save(record) {
        disk.record = record;
        disk.epoch = record.epoch;
      },
    },
  });
  const tunnel = createTunnelClient({
    gateway_url,
    dispatcher,
    client,
    clock,
    log,
    router_secret: () => disk.record!.router_secret,
    setEpoch(epoch) {
      disk.epoch = epoch;
    },
    serve,
    backoff: { first_ms: 20, most_ms: 200 },
    ...versions,
    ...options,
  });
  return {
    disk,
    clock,
    client,
    enrollment,
    tunnel,
    async close() {
      await tunnel.stop();
      await dispatcher.destroy();
    },
  };
}

export type TestAgent = ReturnType<typeof testAgent>;

/** A heartbeat in the documented form. */
export function heartbeatBody(change: Partial<HeartbeatRequest> = {}): HeartbeatRequest {
  return {
    protocol_version: 1,
    agent_version: "0.1.0",
    paused: false,
    draining: false,
    inventory: {
      os: "linux",
      arch: "x64",
      cpu_model: "test",
      cpu_cores: 2,
      memory_bytes: 1e9,
      gpus: [],
      disk_free_bytes: 1e9,
    },
    queue: { active: 0, queued: 0, capacity: 4, health: "ok" },
    profiles: [
      {
        model_profile_id: "p1",
        model_id: "tiny.gguf",
        status: "installed",
        runtime_kind: "llama_cpp",
        runtime_ready: true,
        route_tier: "network_beta",
        network_eligible: true,
        benchmark_verified: true,
        context_length: 4096,
        max_completion_tokens: 1024,
        default_max_tokens: 256,
        supported_parameters: ["tools"],
        template_tokens: 8,
        tokens_per_message: 8,
        growth_factor_milli: 1000,
        hidden_reasoning: false,
        parallel: 2,
        asking_prompt_price_wei: "5",
      },
    ],
    ...change,
  };
}
