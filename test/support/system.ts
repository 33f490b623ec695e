/**
 * A whole system as users run it: a gateway and host agents, each a process of its own on free ports, set up through
 * documented operations.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { OPEN_POLICY } from "../../src/core/gateway/billing/policy.ts";
import { NO_PRICE_BOUNDS } from "../../src/core/gateway/prices/effective.ts";
import { readSecret } from "../../src/core/secrets.ts";
import { ensureCustomer, ensureLocalKey, waitForModel } from "../../src/cli/run_setup.ts";
import { testClient, type Client } from "./client.ts";
import { freePort, NO_APPROVAL, startProgram, temporaryHome, type Program } from "./processes.ts";

export type AgentOptions = {
  /** An OpenAI-compatible server; without it and without `B3IQ_MODEL_PATH` the built-in llama.cpp model answers. */
  runtime_url?: string;
  env?: Record<string, string>;
  /** The gateway's address for this agent, if it differs from the gateway's own. */
  gateway_url?: string;
};

export type SystemOptions = {
  /** Not given: the gateway makes a private Postgres in its home. */
  database_url?: string;
  gateway_env?: Record<string, string>;
  agents?: AgentOptions[];
};

export type RunningAgent = {
  program: Program;
  runtime_url: string | undefined;
  url: string;
  node_id: string;
  home: string;
  key: string;
  model: string;
  start(): Promise<void>;
};

export type TestCustomer = {
  customer_id: string;
  customer_token: string;
  key: string;
  key_id: string;
  /** Headers with the gateway key. */
  client: Client;
  balance(): Promise<bigint>;
  reserved(): Promise<bigint>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- rows of the documented export
  usage(): Promise<any[]>;
  /** The row of one job as soon as it is no longer `reserved`. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a row of the documented export
  closed(job_id: string): Promise<any>;
};

export type System = {
  url: string;
  home: string;
  secrets_dir: string;
  gateway: Program;
  agents: RunningAgent[];
  admin: Client;
  anyone: Client;
  addAgent(options: AgentOptions): Promise<RunningAgent>;
  customer(options?: {
    credit_wei?: bigint;
    label?: string;
    policy?: object;
    scopes?: string[];
  }): Promise<TestCustomer>;
  price(model: string, prompt_wei: bigint, completion_wei: bigint): Promise<void>;
  /** The sum of a counter or gauge over its labels, or of the lines that contain `label`. */
  metric(name: string, label?: string): Promise<number>;
  /** The programs' whole output. */
  logs(): string;
  /** Answers that were not as the documents say, of the gateway and all agents. */
  violations(): Promise<string[]>;
  stop(): Promise<void>;
};

export const PROMPT_PRICE_WEI = 1_000_003n;
export const COMPLETION_PRICE_WEI = 2_000_029n;
const READY_MS = 60_000;

/** Starts everything and waits until each agent's model may take paid work. */
export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const home = temporaryHome();
  const secrets_dir = path.join(home, "secrets");
  const env = {
    ...NO_APPROVAL,
    B3IQ_HOME: home,
    B3IQ_VALIDATE_RESPONSES: "1",
    B3IQ_GATEWAY_LISTEN: `127.0.0.1:${await freePort()}`,
    B3IQ_METRICS_LISTEN: "127.0.0.1:0",
    B3IQ_GATEWAY_PEER_LISTEN: "127.0.0.1:0",
    ...(options.database_url === undefined ? {} : { B3IQ_DATABASE_URL: options.database_url }),
    ...options.gateway_env,
  };
  const gateway = endedWithUs(startProgram(["gateway", "serve"], { env }));
  const agents: RunningAgent[] = [];
  const stop = async () => {
    await Promise.all(agents.map(({ program }) => program.stop()));
    await gateway.stop();
    for (const folder of [home, ...agents.map((agent) => agent.home)])
      fs.rmSync(folder, { recursive: true, force: true });
  };
  try {
    const [, url, metrics_url] = (await gateway.line(/serves (http\S+), metrics (\S+)/)) as unknown as [
      string,
      string,
      string,
    ];
    await ensureCustomer(url, secrets_dir);
    const admin = testClient(url, { "x-b3iq-admin-token": readSecret(secrets_dir, "admin-token")! });
    const price = async (model: string, prompt_wei: bigint, completion_wei: bigint) => {
      const body = {
        default_prompt_price_wei: `${prompt_wei}`,
        default_completion_price_wei: `${completion_wei}`,
        ...NO_PRICE_BOUNDS,
      };
      const put = await admin.ask("PUT", `/v1/admin/prices/${encodeURIComponent(model)}`, { body });
      if (put.status !== 200) throw new Error(`no price: ${put.text}`);
    };
    const addAgent = async (agent: AgentOptions) => {
      const made = await startAgent(agent, { url, secrets_dir, price });
      agents.push(made);
      return made;
    };
    // Agents are in the order of the options, since tests know an agent by its place.
    agents.splice(0, Infinity, ...(await Promise.all((options.agents ?? []).map(addAgent))));
    const metrics = async () => (await fetch(metrics_url)).text();
    return {
      url,
      home,
      secrets_dir,
      gateway,
      agents,
      admin,
      price,
      addAgent,
      stop,
      anyone: testClient(url),
      customer: (made = {}) => createCustomer(url, admin, made),
      metric: async (name, label = "") =>
        (await metrics())
          .split("\n")
          .filter((line) => new RegExp(`^${name}[ {]`).test(line) && line.includes(label))
          .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0),
      logs: () => [gateway, ...agents.map(({ program }) => program)].map((program) => program.output()).join("\n"),
      async violations() {
        const counted = (await metrics())
          .split("\n")
          .filter((line) => line.startsWith("b3iq_contract_violations_total") && !line.endsWith(" 0"));
        return [
          ...counted,
          ...agents.flatMap(({ program }) =>
            program
              .output()
              .split("\n")
              .filter((line) => line.includes('"contract_violation"')),
          ),
        ];
      },
    };
  } catch (error) {
    const said = gateway.output();
    await stop();
    throw new Error(`the system did not start; the gateway said:\n${said}`, { cause: error });
  }
}

const started = new Set<Program>();
process.once("exit", () => started.forEach(({ child }) => child.kill("SIGTERM")));

/** Stops the programs even when a test file or a bench breaks off. */
function endedWithUs(program: Program): Program {
  started.add(program);
  program.ended.finally(() => started.delete(program)).catch(() => {});
  return program;
}

type Joining = { url: string; secrets_dir: string; price: System["price"] };

async function startAgent(
  options: AgentOptions,
  { url: gateway_url, secrets_dir, price }: Joining,
): Promise<RunningAgent> {
  const home = temporaryHome();
  const env: Record<string, string> = {
    B3IQ_HOME: home,
    B3IQ_VALIDATE_RESPONSES: "1",
    B3IQ_LOCAL_LISTEN: "127.0.0.1:0",
    ...(options.runtime_url === undefined ? {} : { B3IQ_RUNTIME_URL: options.runtime_url }),
    ...options.env,
  };
  const agent: RunningAgent = {
    program: undefined as never,
    runtime_url: options.runtime_url,
    url: "",
    node_id: "",
    home,
    key: "",
    model: "",
    async start() {
      agent.program = endedWithUs(
        startProgram(["host", "serve", "--gateway", options.gateway_url ?? gateway_url], { env }),
      );
      const [, url, node_id] = (await agent.program.line(/serves (http\S+) as (node_\w+)/)) as unknown as [
        string,
        string,
        string,
      ];
      Object.assign(agent, { url, node_id });
      await ensureLocalKey(url, path.join(home, "secrets"));
      agent.key = readSecret(path.join(home, "secrets"), "local-key")!;
      const listed = await testClient(url, { authorization: `Bearer ${agent.key}` }).ask("GET", "/v1/models");
      agent.model = listed.json.data[0].id;
      await price(agent.model, PROMPT_PRICE_WEI, COMPLETION_PRICE_WEI);
      await within(
        READY_MS,
        waitForModel(gateway_url, secrets_dir, node_id, () => {}),
        () => agent.program.output(),
      );
    },
  };
  await agent.start();
  return agent;
}

async function createCustomer(
  url: string,
  admin: Client,
  options: NonNullable<Parameters<System["customer"]>[0]>,
): Promise<TestCustomer> {
  const ask = async (path: string, body: object) => {
    const { status, json, text } = await admin.ask("POST", path, { body });
    if (status >= 300) throw new Error(`POST ${path}: ${status} ${text}`);
    return json;
  };
  const { customer_id, customer_token } = await ask("/v1/admin/customers", {
    label: options.label ?? "test",
    policy: { ...OPEN_POLICY, ...options.policy },
  });
  const credit = options.credit_wei ?? 10n ** 18n;
  if (credit > 0n)
    await ask(`/v1/admin/customers/${customer_id}/credits`, {
      amount_wei: `${credit}`,
      reference: `test:${customer_id}`,
    });
  const scopes = options.scopes ?? ["models:read", "chat:create", "billing:read"];
  const { key, key_id } = await ask(`/v1/admin/customers/${customer_id}/keys`, { label: "test", scopes });
  const client = testClient(url, { authorization: `Bearer ${key}` });
  const account = async () => (await client.ask("GET", "/v1/billing/account")).json;
  const usage = async () => (await client.ask("GET", "/v1/billing/usage?limit=1000")).json.entries;
  return {
    customer_id,
    customer_token,
    key,
    key_id,
    client,
    usage,
    balance: async () => BigInt((await account()).balance_wei),
    reserved: async () => BigInt((await account()).reserved_wei),
    async closed(job_id) {
      for (const until = performance.now() + 20_000; performance.now() < until; await pause(100)) {
        const job = await client.ask("GET", `/v1/billing/jobs/${job_id}`);
        if (job.status === 200 && job.json.billing_status !== "reserved") return job.json;
      }
      throw new Error(`the hold of ${job_id} stayed open`);
    },
  };
}

/** Rejects with the text of `context` when `promise` takes longer than `ms`. */
export async function within<T>(ms: number, promise: Promise<T>, context: () => string = () => ""): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${ms} ms\n${context()}`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Resolves after `ms`. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Polls until `look` returns a value other than undefined and false; rejects after `ms`. */
export async function eventually<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  ms = 10_000,
): Promise<T> {
  for (const until = performance.now() + ms; ; await pause(50)) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > until) throw new Error(`not within ${ms} ms`);
  }
}
