/**
 * A whole network: gateways on one Postgres, nginx in front with the shipped configuration, agents that know only
 * nginx, and a fake runtime for each. All are processes of their own, which a test may kill and restart with their
 * state on disk.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureCustomer } from "../../../src/cli/run_setup.ts";
import { OPEN_POLICY } from "../../../src/core/gateway/billing/policy.ts";
import { NO_PRICE_BOUNDS } from "../../../src/core/gateway/prices/effective.ts";
import { readSecret } from "../../../src/core/secrets.ts";
import { type Database, databaseUrl, openDatabase } from "../../../src/store/postgres/database.ts";
import { startPostgres } from "../../../src/store/postgres/cluster/launcher.ts";
import { type Client, testClient } from "../client.ts";
import { FAKE_MODEL, type FakeBehaviour } from "../fake_runtime.ts";
import { type Front, startFront } from "../nginx.ts";
import { freePort, NO_APPROVAL, type Program, startCommand, temporaryHome } from "../processes.ts";
import { COMPLETION_PRICE_WEI, eventually, PROMPT_PRICE_WEI } from "../system.ts";

export const ROOT = path.resolve(import.meta.dirname, "..", "..", "..");
const NODE = process.execPath;
const READY_MS = 120_000;
const STARTED_AT_ONCE = 4;

/** A program of the bed; `down` between a kill and its next start. */
export type Member = {
  name: string;
  readonly program: Program;
  readonly down: boolean;
  /** Its whole output, over all its starts. */
  output(): string;
  /** SIGKILL, at once. */
  kill(): Promise<void>;
  /** Starts it again, from another checkout if one is given. */
  start(root?: string): Promise<void>;
  stop(): Promise<unknown>;
};
export type GatewayMember = Member & {
  port: number;
  url: string;
  /** Drawn at each start. */ readonly gateway_id: string;
};
export type AgentMember = Member & { readonly node_id: string; runtime: Member; home: string };

export type TestKey = { customer_id: string; key: string; key_id: string };

export type Bed = {
  front: Front;
  gateways: GatewayMember[];
  agents: AgentMember[];
  db: Database;
  admin(gateway: GatewayMember): Client;
  /** A customer with credit and a key, made through the first gateway. */
  customer(policy?: object): Promise<TestKey>;
  /** Ids of the nodes to which a gateway would give work now. */
  eligible(gateway: GatewayMember): Promise<string[]>;
  /** Waits until each gateway would give work to this number of nodes. */
  untilEligible(count: number, ms?: number): Promise<void>;
  stop(): Promise<void>;
};

export type BedOptions = {
  gateways: number;
  agents: number;
  behaviour: FakeBehaviour;
  gateway_env?: Record<string, string>;
  agent_env?: Record<string, string>;
  /** Other checkouts for some agents, by their number. */
  agent_root?: (index: number) => string;
};

/** Starts everything and waits until every gateway would give work to every node. */
export async function startBed(options: BedOptions): Promise<Bed> {
  const home = temporaryHome();
  const homes = [home];
  const members: Member[] = [];
  const cluster = await startPostgres(home);
  const database_url = databaseUrl(cluster);
  const secrets = path.join(home, "secrets");
  const ports = await Promise.all(Array.from({ length: options.gateways }, freePort));
  const front = await startFront(ports);
  const db = openDatabase({ url: database_url }, { application_name: "bed", pool_max: 4 });
  const stop = async () => {
    await Promise.all(members.map((member) => member.stop()));
    await front.close();
    await db.close();
    await cluster.stop();
    for (const folder of homes) fs.rmSync(folder, { recursive: true, force: true });
  };
  try {
    const gateways: GatewayMember[] = [];
    // One after the other: the newest lease is then the one that was just started.
    for (const [index, port] of ports.entries()) {
      const env = {
        ...NO_APPROVAL,
        B3IQ_HOME: home,
        B3IQ_SECRETS_DIR: secrets,
        B3IQ_DATABASE_URL: database_url,
        B3IQ_GATEWAY_LISTEN: `127.0.0.1:${port}`,
        B3IQ_METRICS_LISTEN: "127.0.0.1:0",
        B3IQ_GATEWAY_PEER_LISTEN: "127.0.0.1:0",
        B3IQ_PUBLIC_URL: front.url,
        B3IQ_TRUSTED_PROXIES: "127.0.0.1/32",
        B3IQ_LOG_DIR: path.join(home, `log-${index}`),
        ...options.gateway_env,
      };
      const gateway = await startGatewayMember(`gateway ${index}`, port, env, db);
      gateways.push(gateway);
      members.push(gateway);
    }
    const admin = (gateway: GatewayMember) =>
      testClient(gateway.url, { "x-b3iq-admin-token": readSecret(secrets, "admin-token")! });
    await ensureCustomer(gateways[0]!.url, secrets);
    await price(admin(gateways[0]!));
    const agents: AgentMember[] = [];
    await inParallel(options.agents, STARTED_AT_ONCE, async (index) => {
      const agent_home = temporaryHome();
      homes.push(agent_home);
      const runtime_port = await freePort();
      const runtime = await member(
        `runtime ${index}`,
        () =>
          startCommand(NODE, [
            "--disable-warning=ExperimentalWarning",
            path.join(import.meta.dirname, "runtime_process.ts"),
            String(runtime_port),
            JSON.stringify(options.behaviour),
          ]),
        /runtime at/,
      );
      members.push(runtime);
      const env = {
        B3IQ_HOME: agent_home,
        B3IQ_LOCAL_LISTEN: "127.0.0.1:0",
        B3IQ_RUNTIME_URL: `http://127.0.0.1:${runtime_port}/v1`,
        ...options.agent_env,
      };
      const agent = await startAgentMember(
        `agent ${index}`,
        front.url,
        env,
        runtime,
        agent_home,
        options.agent_root?.(index),
      );
      agents[index] = agent;
      members.push(agent);
    });
    const bed: Bed = {
      front,
      gateways,
      agents,
      db,
      admin,
      stop,
      customer: (policy) => makeCustomer(admin(gateways[0]!), policy),
      eligible: (gateway) => eligibleNodes(admin(gateway)),
      async untilEligible(count, ms = READY_MS) {
        for (const gateway of gateways) await eventually(async () => (await bed.eligible(gateway)).length >= count, ms);
      },
    };
    await bed.untilEligible(options.agents);
    return bed;
  } catch (error) {
    await stop();
    throw error;
  }
}

function launch(root: string, args: string[], env: Record<string, string>): Program {
  return startCommand("sh", [path.join(root, "bin", "launch.sh"), ...args], { env, cwd: root });
}

async function member(
  name: string,
  begin: (root?: string) => Program,
  ready: RegExp,
  onReady: (match: RegExpExecArray) => Promise<void> | void = () => {},
): Promise<Member> {
  const state = { program: undefined as unknown as Program, down: true, programs: [] as Program[] };
  async function start(root?: string): Promise<void> {
    state.program = begin(root);
    state.programs.push(state.program);
    running.add(state.program);
    void state.program.ended.finally(() => running.delete(state.program));
    const match = await state.program.line(ready);
    await onReady(match);
    state.down = false;
  }
  await start();
  return {
    name,
    start,
    get program() {
      return state.program;
    },
    get down() {
      return state.down;
    },
    output: () => state.programs.map((program) => program.output()).join("\n"),
    async kill() {
      state.down = true;
      state.program.child.kill("SIGKILL");
      await state.program.ended;
    },
    stop() {
      state.down = true;
      return state.program.stop();
    },
  };
}

const running = new Set<Program>();
process.once("exit", () => running.forEach(({ child }) => child.kill("SIGKILL")));

async function startGatewayMember(
  name: string,
  port: number,
  env: Record<string, string>,
  db: Database,
): Promise<GatewayMember> {
  let gateway_id = "";
  const made = await member(
    name,
    (root = ROOT) => launch(root, ["gateway", "serve"], env),
    /serves http/,
    async () => {
      const { rows } = await db.pool.query<{ gateway_id: string }>(
        "select gateway_id from gateway_leases order by started_at desc limit 1",
      );
      gateway_id = rows[0]!.gateway_id;
    },
  );
  return Object.defineProperties(
    { port, url: `http://127.0.0.1:${port}` },
    { ...Object.getOwnPropertyDescriptors(made), gateway_id: { get: () => gateway_id, enumerable: true } },
  ) as GatewayMember;
}

async function startAgentMember(
  name: string,
  url: string,
  env: Record<string, string>,
  runtime: Member,
  home: string,
  agent_root = ROOT,
): Promise<AgentMember> {
  let node_id = "";
  const made = await member(
    name,
    (root = agent_root) => launch(root, ["host", "serve", "--gateway", url], env),
    /serves http\S+ as (node_\w+)/,
    (match) => {
      node_id = match[1]!;
    },
  );
  return Object.defineProperties(
    { runtime, home },
    { ...Object.getOwnPropertyDescriptors(made), node_id: { get: () => node_id, enumerable: true } },
  ) as AgentMember;
}

async function price(admin: Client): Promise<void> {
  const body = {
    default_prompt_price_wei: `${PROMPT_PRICE_WEI}`,
    default_completion_price_wei: `${COMPLETION_PRICE_WEI}`,
    ...NO_PRICE_BOUNDS,
  };
  await must(admin.ask("PUT", `/v1/admin/prices/${encodeURIComponent(FAKE_MODEL)}`, { body }));
}

async function makeCustomer(admin: Client, policy: object = {}): Promise<TestKey> {
  const { customer_id } = await must(
    admin.ask("POST", "/v1/admin/customers", { body: { policy: { ...OPEN_POLICY, ...policy } } }),
  );
  await must(
    admin.ask("POST", `/v1/admin/customers/${customer_id}/credits`, {
      body: { amount_wei: "1000000000000000000", reference: `bed:${customer_id}` },
    }),
  );
  const { key, key_id } = await must(
    admin.ask("POST", `/v1/admin/customers/${customer_id}/keys`, {
      body: { scopes: ["models:read", "chat:create", "billing:read"] },
    }),
  );
  return { customer_id, key, key_id };
}

/** The body of an answer that must be a success. */
export async function must(asked: ReturnType<Client["ask"]>): Promise<Awaited<ReturnType<Client["ask"]>>["json"]> {
  const { status, json, text } = await asked;
  if (status >= 300) throw new Error(`answered ${status}: ${text}`);
  return json;
}

/** Ids of the nodes to which a gateway would give work now. */
export async function eligibleNodes(admin: Client): Promise<string[]> {
  const { status, json } = await admin.ask("POST", "/v1/admin/routing/explain", { body: { model: FAKE_MODEL } });
  if (status !== 200) return [];
  return (json.candidates as { node_id: string; eligible: boolean }[])
    .filter(({ eligible }) => eligible)
    .map(({ node_id }) => node_id);
}

async function inParallel(count: number, at_once: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(at_once, count) }, async () => {
      while (next < count) await work(next++);
    }),
  );
}

/** Resolves after `ms`. */
export const pause = (ms: number): Promise<void> => sleep(ms);
