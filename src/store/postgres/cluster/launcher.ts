import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { waitForProcessLock } from "../../process_lock.ts";
import {
  CLUSTER_DATABASE,
  CLUSTER_USER,
  dataDirectory,
  ensureDatabase,
  initialiseCluster,
  nativePrograms,
  prepareSocketDirectory,
  probeCluster,
  reachablePrograms,
  removeSocketDirectory,
  socketDirectory,
} from "./launcher_cluster.ts";
import { chooseIdentity, SYSTEM_PATH, type Identity } from "./launcher_identity.ts";
import { clearTheDead, stopCluster } from "./launcher_processes.ts";

export type RunningPostgres = {
  socket_dir: string;
  data_dir: string;
  user: string;
  database: string;
  /** A text for the log: "attached", or "started" with the account of the server. */
  how: string;
  /** False when the server ran already. */
  started: boolean;
  /** Stops the cluster, even when another process started it; for the program that owns the whole run. */
  stop(): Promise<void>;
};

export type LauncherOptions = {
  /** Called with lines for the operator, such as the making of an account. */
  say?: (line: string) => void;
  /** As root, skip the user namespace and run as the account `postgres`. */
  run_as?: "account";
  /** Further server settings. */
  settings?: Record<string, string>;
};

/**
 * Errors are logged without their statement, values and context: what callers send must not reach a log
 * (docs/design/index.md, Privacy and security). Connections: three gateways with their pools, and room for a person.
 */
const SETTINGS: Record<string, string> = {
  listen_addresses: "",
  unix_socket_permissions: "0700",
  max_connections: "200",
  shared_buffers: "256MB",
  max_wal_size: "4GB",
  checkpoint_timeout: "15min",
  timezone: "UTC",
  log_timezone: "UTC",
  log_min_error_statement: "panic",
  log_error_verbosity: "terse",
};
const LOCK_TIMEOUT_MS = 120_000;
const START_TIMEOUT_MS = 120_000;

/**
 * Runs the private Postgres of `home` (data in `home`/postgres, unix socket only, fsync on), or attaches to it when it
 * runs already. Safe for any number of processes at once, after kill -9 of any of them, as root and as anyone else.
 * Throws when it does not start; the message names the log.
 */
export async function startPostgres(home: string, options: LauncherOptions = {}): Promise<RunningPostgres> {
  fs.mkdirSync(path.join(home, "logs"), { recursive: true, mode: 0o700 });
  const usual = dataDirectory(home);
  if ((await probeCluster(usual)) === "up") return running(usual, "attached", false);
  const lock = await waitForProcessLock(path.join(home, "postgres.lock"), LOCK_TIMEOUT_MS);
  try {
    return await startLocked(home, options);
  } finally {
    lock.release();
  }
}

async function startLocked(home: string, options: LauncherOptions): Promise<RunningPostgres> {
  const identity = chooseIdentity(options.run_as, options.say ?? (() => {}));
  const data_dir = dataDirectory(home, identity);
  const deadline = performance.now() + START_TIMEOUT_MS;
  let state = await probeCluster(data_dir);
  while (state === "starting" && performance.now() < deadline) {
    await sleep(20);
    state = await probeCluster(data_dir);
  }
  if (state === "up") return running(data_dir, "attached", false);
  const programs = reachablePrograms(nativePrograms(), identity);
  if (!fs.existsSync(data_dir)) await initialiseCluster(data_dir, programs, identity);
  const log = path.join(home, "logs", "postgres.log");
  while (performance.now() < deadline) {
    prepareSocketDirectory(data_dir, identity);
    await clearTheDead(data_dir, socketDirectory(data_dir));
    if (
      await launch(path.join(programs, "bin", "postgres"), data_dir, log, identity, {
        ...SETTINGS,
        ...options.settings,
      })
    ) {
      return running(data_dir, `started (${identity.how})`, true);
    }
    if ((await probeCluster(data_dir)) === "up") return running(data_dir, "attached", false);
    await sleep(100);
  }
  throw new Error(`Postgres does not start; its log is ${log}`);
}

/**
 * Starts the server in a session of its own, so that Ctrl-C reaches us and not it. False when it ended before it was
 * up.
 */
async function launch(
  program: string,
  data_dir: string,
  log: string,
  identity: Identity,
  settings: Record<string, string>,
): Promise<boolean> {
  const given = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const [file, ...args] = [...identity.wrap, program, "-D", data_dir, "-k", socketDirectory(data_dir), ...given];
  const output = fs.openSync(log, "a", 0o600);
  const child = spawn(file!, args, {
    ...identity.ids,
    cwd: "/",
    env: { PATH: SYSTEM_PATH, LC_ALL: "C", TZ: "UTC" },
    detached: true,
    stdio: ["ignore", output, output],
  });
  fs.closeSync(output);
  child.unref();
  let ended = false;
  child.once("error", () => {
    ended = true;
  });
  child.once("exit", () => {
    ended = true;
  });
  while (!ended) {
    if ((await probeCluster(data_dir)) === "up") return true;
    await sleep(10);
  }
  return false;
}

async function running(data_dir: string, how: string, started: boolean): Promise<RunningPostgres> {
  await ensureDatabase(data_dir);
  return {
    socket_dir: socketDirectory(data_dir),
    data_dir,
    user: CLUSTER_USER,
    database: CLUSTER_DATABASE,
    how,
    started,
    async stop() {
      await stopCluster(data_dir);
      removeSocketDirectory(data_dir);
    },
  };
}
