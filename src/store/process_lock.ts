import * as fs from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";

/** A lock that this process holds until `release()` or its own end, even by a kill. */
export type ProcessLock = { release(): void };

/**
 * Takes the lock `file`, or says who has it: a lock that the kernel drops when its process dies, so that no pid has to
 * be trusted. It is SQLite's exclusive file lock (fcntl), which excludes other processes and other holders in this
 * process alike. The holder's pid is written beside it, for messages only.
 */
export function tryProcessLock(file: string): ProcessLock | { held_by: string } {
  const database = new DatabaseSync(file);
  try {
    database.exec("pragma busy_timeout = 0; pragma journal_mode = off; begin exclusive");
  } catch (error) {
    database.close();
    if (!/locked/.test((error as Error).message)) throw error;
    return { held_by: readHolder(file) };
  }
  fs.chmodSync(file, 0o600);
  fs.writeFileSync(`${file}.pid`, `${process.pid}\n`, { mode: 0o600 });
  return {
    release() {
      fs.rmSync(`${file}.pid`, { force: true });
      database.close();
    },
  };
}

/** Waits for the lock `file`; rejects after `timeout_ms` with the pid of its holder. */
export async function waitForProcessLock(file: string, timeout_ms: number): Promise<ProcessLock> {
  const until = performance.now() + timeout_ms;
  for (;;) {
    const lock = tryProcessLock(file);
    if ("release" in lock) return lock;
    if (performance.now() > until)
      throw new Error(`${file} is still locked by process ${lock.held_by} after ${timeout_ms} ms`);
    await sleep(20);
  }
}

function readHolder(file: string): string {
  try {
    return fs.readFileSync(`${file}.pid`, "utf8").trim() || "unknown";
  } catch {
    return "unknown";
  }
}
