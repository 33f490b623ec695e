/** Simulated nodes: signed heartbeats and long polls over HTTP, as agents send them, from one process. */
import * as fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, Pool } from "undici";
import { generateIdentity, type Identity } from "../src/core/protocol/bytes/ed25519.ts";
import { sha256Hex } from "../src/core/protocol/bytes/encoding.ts";
import { nodeIdOf } from "../src/core/protocol/bytes/ids.ts";
import { signNodeCall } from "../src/core/protocol/calls/node_call.ts";
import { type Database, databaseUrl, openDatabase } from "../src/store/postgres/database.ts";
import { startPostgres } from "../src/store/postgres/cluster/launcher.ts";
import { heartbeatBody } from "../test/support/nodes/network.ts";
import { temporaryHome } from "../test/support/processes.ts";
import { startSystem } from "../test/support/system.ts";
import { percentile } from "./system_load.ts";

const POLL_SECONDS = 20;
/** What a gateway may take to say so, beyond the silence after which a node is dead. */
const SEEN_WITHIN_MS = 1_000;
const WATCH_MS = 1_000;
/** They come one after the other, as after the start of a gateway: agents wait at random. */
const ARRIVAL_MS = 30_000;
const HEARTBEAT_CONNECTIONS = 500;
/** As agents do (src/core/host/gateway_link/command_loop.ts). */
const RETRY_MS = 5_000;
const ATTEMPTS = 6;

export type NodesSize = {
  nodes: number;
  seconds: number;
  /** So many of them fall silent a minute before the end. */ dying: number;
  /** 10 s unless given. */ heartbeat_ms?: number;
  /** 40 s unless given. */ dead_after_ms?: number;
};
export type NodesReport = { figures: Record<string, [number, string]>; problems: string[] };

type SimulatedNode = {
  node_id: string;
  identity: Identity;
  seq: number;
  last_heard_at: number;
  beating: boolean;
  stop: AbortController;
};
type Counts = { heartbeats: number; polls: number; refused: Record<string, number>; latencies_ms: number[] };

/**
 * Starts a gateway with a Postgres of its own, lets the nodes live on it, and looks each second at how many it holds to
 * be online.
 */
export async function simulateNodes({
  nodes: count,
  seconds,
  dying,
  heartbeat_ms = 10_000,
  dead_after_ms = 40_000,
}: NodesSize): Promise<NodesReport> {
  const dead_within_ms = dead_after_ms + SEEN_WITHIN_MS;
  const home = temporaryHome();
  const cluster = await startPostgres(home);
  const database_url = databaseUrl(cluster);
  const system = await startSystem({
    database_url,
    gateway_env: {
      B3IQ_VALIDATE_RESPONSES: "0",
      B3IQ_LOG_LEVEL: "error",
      B3IQ_KEYLESS_REQUESTS_PER_MINUTE: "100000",
      B3IQ_FAILED_KEYS_PER_MINUTE: "100000",
      B3IQ_HEARTBEAT_DEAD_MS: String(dead_after_ms),
    },
  });
  const db = openDatabase({ url: database_url }, { application_name: "bench" });
  const options = { pipelining: 1, headersTimeout: 60_000, bodyTimeout: 60_000, connect: { timeout: 30_000 } };
  // Each node polls on a connection of its own; heartbeats share some, as behind a proxy.
  const heartbeats = new Pool(system.url, { ...options, connections: HEARTBEAT_CONNECTIONS });
  const counts: Counts = { heartbeats: 0, polls: 0, refused: {}, latencies_ms: [] };
  try {
    const nodes = await enrolled(db, count);
    const lives = nodes.map(async (node) => {
      const polls = new Client(system.url, options);
      await live(node, { polls, heartbeats }, counts, heartbeat_ms).finally(() => polls.destroy());
    });
    // A connection that was kept may be closed under the request: asked again.
    const online = async (attempt = 1): Promise<number> =>
      system.metric("b3iq_nodes", "online").catch((error: unknown) => {
        if (attempt === 10) throw error;
        return online(attempt + 1);
      });
    for (const until = performance.now() + 240_000; (await online()) < count;) {
      if (performance.now() > until)
        throw new Error(
          `only ${await online()} of ${count} nodes came online; refused: ${JSON.stringify(counts.refused)}`,
        );
      await sleep(500);
    }
    const gateway = programUse(system.gateway.pid);
    const started = performance.now();
    Object.assign(counts, { heartbeats: 0, polls: 0, refused: {}, latencies_ms: [] });
    let least_online = count;
    const dieAt = started + Math.max(0, seconds * 1_000 - dead_within_ms - 5_000);
    while (performance.now() < dieAt) {
      await sleep(WATCH_MS);
      least_online = Math.min(least_online, await online());
    }
    const dead = nodes.slice(0, dying);
    // A heartbeat that is on its way now is heard, though its node does not hear so.
    for (const node of dead) if (node.beating) node.last_heard_at = performance.now();
    for (const { stop } of dead) stop.abort();
    let found_ms = Infinity;
    // From the last word of the last of them.
    const last_heard = Math.max(...dead.map(({ last_heard_at }) => last_heard_at));
    for (const until = last_heard + dead_within_ms + 5_000; performance.now() < until; await sleep(200)) {
      const seen = await online();
      least_online = Math.min(least_online, seen + dying);
      if (seen <= count - dying) {
        found_ms = performance.now() - last_heard;
        break;
      }
    }
    const elapsed_s = (performance.now() - started) / 1_000;
    const used = programUse(system.gateway.pid);
    for (const { stop } of nodes) stop.abort();
    await Promise.all(lives);
    const problems: string[] = [];
    if (least_online < count) problems.push(`${count - least_online} living nodes were held to be dead`);
    if (found_ms > dead_within_ms) problems.push(`the dead were found after ${Math.round(found_ms)} ms`);
    return {
      problems,
      figures: {
        count: [count, "nodes"],
        seconds: [elapsed_s, "s"],
        heartbeats: [counts.heartbeats / elapsed_s, "calls/s"],
        polls: [counts.polls / elapsed_s, "calls/s"],
        heartbeat_p50: [percentile(counts.latencies_ms, 0.5), "ms"],
        heartbeat_p99: [percentile(counts.latencies_ms, 0.99), "ms"],
        refused: [Object.values(counts.refused).reduce((sum, one) => sum + one, 0), "calls"],
        gateway_cpu: [((used.cpu_ms - gateway.cpu_ms) / (elapsed_s * 1_000)) * 100, "% of a core"],
        gateway_memory_at_start: [gateway.rss_bytes / 1e6, "MB"],
        gateway_memory_at_end: [used.rss_bytes / 1e6, "MB"],
        gateway_memory_most: [used.rss_most_bytes / 1e6, "MB"],
        gateway_files: [used.files, "open files"],
        least_online: [least_online, "nodes"],
        dead_found: [found_ms, "ms after their last word"],
      },
    };
  } finally {
    await heartbeats.destroy();
    await db.close();
    await system.stop();
    await cluster.stop();
    fs.rmSync(home, { recursive: true, force: true });
  }
}

/** Enrolled as the gateway would: ten thousand enrollments over HTTP are not what is measured. */
async function enrolled(db: Database, count: number): Promise<SimulatedNode[]> {
  const nodes = Array.from({ length: count }, (): SimulatedNode => {
    const identity = generateIdentity();
    return {
      node_id: nodeIdOf(identity.public_key),
      identity,
      seq: 0,
      last_heard_at: 0,
      beating: false,
      stop: new AbortController(),
    };
  });
  const ids = nodes.map(({ node_id }) => node_id);
  await db.pool.query(
    "insert into nodes (node_id, status, agent_version, protocol_version, router_secret_wrapped) select id, 'active', '0.1.0', 1, decode(repeat('00', 60), 'hex') from unnest($1::text[]) id",
    [ids],
  );
  await db.pool.query(
    "insert into node_keys (node_id, ed25519_public_key) select * from unnest($1::text[], $2::text[])",
    [ids, nodes.map(({ identity }) => identity.public_key)],
  );
  return nodes;
}

/** A node's life until it is stopped: a heartbeat each interval, give or take a tenth, and one poll after the other. */
async function live(
  node: SimulatedNode,
  ways: Record<"polls" | "heartbeats", Client | Pool>,
  counts: Counts,
  heartbeat_ms: number,
): Promise<void> {
  const { signal } = node.stop;
  const arrives_ms = Math.random() * Math.min(ARRIVAL_MS, 3 * heartbeat_ms);
  const beats = async () => {
    await sleep(arrives_ms, undefined, { signal });
    for (let turn = 0; !signal.aborted; turn += 1) {
      const began = performance.now();
      const body = JSON.stringify(heartbeatBody({ queue: { active: turn % 3, queued: 0, capacity: 4, health: "ok" } }));
      node.beating = true;
      const heard = await signed(node, ways.heartbeats, "/v1/node/heartbeats", body, counts);
      node.beating = false;
      if (heard) {
        node.last_heard_at = performance.now();
        counts.heartbeats += 1;
        counts.latencies_ms.push(performance.now() - began);
      }
      await sleep(Math.max(0, heartbeat_ms * (0.9 + 0.2 * Math.random()) - (performance.now() - began)), undefined, {
        signal,
      });
    }
  };
  const polls = async () => {
    await sleep(arrives_ms + Math.random() * heartbeat_ms, undefined, { signal });
    while (!signal.aborted) {
      if (
        await signed(
          node,
          ways.polls,
          "/v1/node/commands/poll",
          JSON.stringify({ wait_seconds: POLL_SECONDS, max: 4 }),
          counts,
        )
      )
        counts.polls += 1;
      else await sleep(RETRY_MS * (0.5 + Math.random()), undefined, { signal });
    }
  };
  await Promise.all([beats().catch(() => {}), polls().catch(() => {})]);
}

/** One signed call; overtaken on the way by the node's other call, it is signed anew, as an agent does. */
async function signed(
  node: SimulatedNode,
  way: Client | Pool,
  path: string,
  body: string,
  counts: Counts,
): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    const headers = signNodeCall(
      {
        method: "POST",
        path,
        body_sha256: sha256Hex(Buffer.from(body)),
        node_id: node.node_id,
        epoch: 0,
        seq: (node.seq += 1),
        time_ms: Date.now(),
      },
      node.identity.private_key,
    );
    let code: string;
    try {
      const answer = await way.request({
        path,
        method: "POST",
        body,
        signal: node.stop.signal,
        headers: { ...headers, "content-type": "application/json" },
      });
      if (answer.statusCode === 200) {
        await answer.body.dump();
        return true;
      }
      code = ((await answer.body.json()) as { error?: { code?: string } }).error?.code ?? String(answer.statusCode);
      if (code === "replayed_request" && attempt < ATTEMPTS) continue;
    } catch (error) {
      if (node.stop.signal.aborted) return false;
      code = (error as { code?: string }).code ?? "no_answer";
    }
    counts.refused[code] = (counts.refused[code] ?? 0) + 1;
    return false;
  }
}

/** What a program used until now, and has (proc(5), Linux). */
function programUse(pid: number): { cpu_ms: number; rss_bytes: number; rss_most_bytes: number; files: number } {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const status = fs.readFileSync(`/proc/${pid}/status`, "utf8");
  const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0) * 1_024;
  return {
    cpu_ms: (Number(fields[11]) + Number(fields[12])) * 10,
    rss_bytes: kilobytes("VmRSS"),
    rss_most_bytes: kilobytes("VmHWM"),
    files: fs.readdirSync(`/proc/${pid}/fd`).length,
  };
}
