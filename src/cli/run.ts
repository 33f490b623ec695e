import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ConfigError, gatewayConfig, hostConfig, prepareHome, runEnvironment } from "../config.ts";
import type { GatewayConfig, HostConfig } from "../config.ts";
import { tryProcessLock } from "../store/process_lock.ts";
import { urlOf } from "./host_owner.ts";
import { CallError } from "./http_client.ts";
import { listenError, refuseWords, runProgram } from "./program.ts";
import { supervise } from "./run_children.ts";
import { type Guides, keepGuides } from "./run_guides.ts";
import { keepPostgres } from "./run_postgres.ts";
import { describeRun } from "./run_report.ts";
import { tellOfRuntime } from "./runtime_line.ts";
import { ensureApproved, ensureCustomer, ensureLocalKey, readAccount, waitForModel } from "./run_setup.ts";

const say = (line: string) => console.log(line);

/** One part of the run: a program or the database. */
type Part = { failed: Promise<never>; stop(): Promise<void>; kill?(): void };

/** `make run`: runs each part on this machine as a process of its own, and sets all up by documented operations only. */
await runProgram("b3iq", async () => {
  refuseWords("make run");
  const gateway = gatewayConfig(runEnvironment());
  const host = hostConfig();
  prepareHome(gateway);
  fs.mkdirSync(path.join(gateway.home, "logs"), { recursive: true, mode: 0o700 });
  const lock = tryProcessLock(path.join(gateway.home, "run.lock"));
  if ("held_by" in lock) {
    say(
      `B3IQ is already running (process ${lock.held_by}): gateway ${urlOf(gateway.gateway_listen)}, ` +
        `host agent ${urlOf(host.local_listen)}. Stop it with Ctrl-C where it runs.`,
    );
    return;
  }
  await checkPorts(gateway, host);
  const parts: Part[] = [];
  const asked = onStopSignal(
    () => {
      say("Stopping; requests in flight may end (Ctrl-C again cuts them off)");
    },
    () => parts.forEach((part) => part.kill?.()),
  );
  try {
    await Promise.race([asked.promise, runParts(gateway, host, parts, asked)]);
  } finally {
    for (const part of parts.toReversed()) await part.stop();
    lock.release();
  }
  process.exit(0); // the set-up may still be waiting
});

/** Starts the parts and keeps them running. Rejects when one cannot be kept running. */
async function runParts(
  gateway: GatewayConfig,
  host: HostConfig,
  parts: Part[],
  asked: { now: boolean },
): Promise<void> {
  const guides = keepGuides(say);
  let database_url = gateway.database_url;
  if (database_url === null) {
    const postgres = await keepPostgres(gateway.home, say);
    parts.push(postgres);
    say(`Postgres ${postgres.how}`);
    database_url = postgres.url;
  }
  if (asked.now) return;
  const env = { B3IQ_HOME: gateway.home, B3IQ_SECRETS_DIR: gateway.secrets_dir };
  const program = (name: string, args: string[], own: Record<string, string>): void => {
    parts.push(
      supervise({
        name,
        args,
        env: { ...env, ...own },
        log_file: path.join(gateway.home, "logs", `${args[0]}.log`),
        say,
      }),
    );
  };
  // The last part to start is the first to stop: the gateway's streams end while the agent still answers, and settle
  // while Postgres runs.
  program("host agent", ["host", "serve", "--gateway", urlOf(gateway.gateway_listen)], {});
  program("gateway", ["gateway", "serve"], {
    B3IQ_DATABASE_URL: database_url,
    B3IQ_NODE_APPROVAL: gateway.node_approval ? "1" : "0",
  });
  const failures = parts.map((part) => part.failed);
  await Promise.race([setUp(gateway, host, guides), ...failures]);
  await Promise.race(failures);
}

async function setUp(gateway: GatewayConfig, host: HostConfig, guides: Guides): Promise<void> {
  const gateway_url = urlOf(gateway.gateway_listen);
  const local_url = urlOf(host.local_listen);
  await untilAnswered(`${gateway_url}/readyz`);
  say("Gateway ready");
  await patiently(() => ensureCustomer(gateway_url, gateway.secrets_dir));
  await untilAnswered(`${local_url}/health`);
  const node_id = await patiently(() => ensureLocalKey(local_url, gateway.secrets_dir));
  say("Host agent ready; waiting until its node may take work");
  tellOfRuntime(local_url, gateway.secrets_dir, say);
  await patiently(() => ensureApproved(gateway_url, gateway.secrets_dir, node_id));
  const model = await patiently(() =>
    waitForModel(gateway_url, gateway.secrets_dir, node_id, (line) => say(`  ${line}`), local_url),
  );
  say(
    describeRun({
      home: gateway.home,
      secrets_dir: gateway.secrets_dir,
      gateway_url,
      local_url,
      docs: await guides.shown(),
      database: gateway.database_url === null ? path.join(gateway.home, "postgres") : "the one of B3IQ_DATABASE_URL",
      account: await patiently(() => readAccount(gateway_url, gateway.secrets_dir)),
      model,
      self_test: host.model_path === null && host.runtime_url === null,
    }),
  );
  say("B3IQ is ready");
}

/** Polls until the answer is 200, without end: the caller races the poll against the program that should answer. */
async function untilAnswered(url: string): Promise<void> {
  for (;;) {
    const ready = await fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await sleep(50);
  }
}

/** Repeats work that fails because a program is being started again. A refusal is final. */
async function patiently<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const passing =
        error instanceof CallError
          ? error.status >= 502 || error.status === 429
          : error instanceof TypeError || (error as Error).name === "TimeoutError";
      if (!passing || attempt === 100) throw error;
      await sleep(200);
    }
  }
}

/** Checks the ports before anything starts, so that a taken port is one line and nothing has to be stopped again. */
async function checkPorts(gateway: GatewayConfig, host: HostConfig): Promise<void> {
  const listeners = {
    B3IQ_GATEWAY_LISTEN: gateway.gateway_listen,
    B3IQ_METRICS_LISTEN: gateway.metrics_listen,
    B3IQ_GATEWAY_PEER_LISTEN: gateway.peer_listen,
    B3IQ_LOCAL_LISTEN: host.local_listen,
  };
  for (const [setting, listen] of Object.entries(listeners)) {
    if (listen.port === 0 && ["B3IQ_GATEWAY_LISTEN", "B3IQ_LOCAL_LISTEN"].includes(setting))
      throw new ConfigError(setting, "port 0", "a fixed port");
    await new Promise<void>((resolve, reject) => {
      const server = net.createServer();
      server.once("error", (error) => reject(listenError(error, { [setting]: listen })));
      server.listen(listen.port, listen.host, () => server.close(() => resolve()));
    });
  }
}

/** `promise` resolves at the first signal, after `tell` was called. Every further signal calls `hurry`. */
function onStopSignal(tell: () => void, hurry: () => void): { promise: Promise<void>; now: boolean } {
  const asked = { now: false, promise: Promise.resolve() };
  asked.promise = new Promise((resolve) => {
    const onSignal = () => {
      if (asked.now) return hurry();
      asked.now = true;
      tell();
      resolve();
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  });
  return asked;
}
