import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Every live process of the cluster in `data_dir`: Postgres makes the data directory the working directory of each of
 * them. Better than a pid, which may be reused or a zombie that nobody reaps. Undefined where there is no /proc.
 */
export function clusterProcesses(data_dir: string): number[] | undefined {
  if (process.platform !== "linux") return undefined;
  const wanted = fs.realpathSync(data_dir);
  return fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => runsIn(pid, wanted));
}

/** The pid that `postmaster.pid` names, alive or not. */
export function recordedPostmaster(data_dir: string): number | undefined {
  try {
    const pid = Number(fs.readFileSync(path.join(data_dir, "postmaster.pid"), "utf8").split("\n")[0]);
    return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Removes the remains of a killed postmaster: its backends, then its two lock files. Postgres alone would refuse as
 * long as the recorded pid is a zombie or was given to another process. Does nothing while the recorded postmaster
 * lives.
 */
export async function clearTheDead(data_dir: string, socket_dir: string): Promise<void> {
  if (process.platform !== "linux") return;
  const postmaster = recordedPostmaster(data_dir);
  for (let round = 0; ; round++) {
    const alive = clusterProcesses(data_dir)!;
    if (postmaster !== undefined && alive.includes(postmaster)) return;
    if (alive.length === 0) break;
    for (const pid of alive) signal(pid, round < 100 ? "SIGQUIT" : "SIGKILL");
    await sleep(20);
  }
  fs.rmSync(path.join(data_dir, "postmaster.pid"), { force: true });
  fs.rmSync(path.join(socket_dir, ".s.PGSQL.5432.lock"), { force: true });
}

/**
 * Stops the cluster: fast shutdown (SIGINT), after 60 s immediate shutdown (SIGQUIT, recovered from the log at the
 * next start).
 */
export async function stopCluster(data_dir: string): Promise<void> {
  const postmaster = recordedPostmaster(data_dir);
  if (postmaster === undefined) return;
  if (clusterProcesses(data_dir)?.includes(postmaster) === false) return;
  signal(postmaster, "SIGINT");
  const asked_at = performance.now();
  let harder = false;
  while (stillThere(data_dir, postmaster)) {
    if (!harder && performance.now() - asked_at > 60_000) {
      signal(postmaster, "SIGQUIT");
      harder = true;
    }
    await sleep(20);
  }
}

function stillThere(data_dir: string, postmaster: number): boolean {
  const alive = clusterProcesses(data_dir);
  return alive === undefined ? recordedPostmaster(data_dir) === postmaster && signal(postmaster, 0) : alive.length > 0;
}

function runsIn(pid: number, wanted: string): boolean {
  try {
    return (
      fs.readlinkSync(`/proc/${pid}/cwd`) === wanted &&
      !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, "utf8"))
    );
  } catch {
    return false; // gone, a zombie, or not ours to look at
  }
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
