import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { stopCluster } from "../../src/store/postgres/launcher_processes.ts";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    postgres_home: string;
  }
}

const PREFIX = "b3iq-test-";

/**
 * One Postgres for the whole run, with the settings of production, in a folder of its own. The first `testDatabase()`
 * starts it, so that tests without a database do not wait for one; here it is stopped and removed.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeAbandoned();
  const home = path.join(os.tmpdir(), `${PREFIX}${process.pid}`);
  fs.mkdirSync(home, { mode: 0o700, recursive: true });
  project.provide("postgres_home", home);
  return () => remove(home);
}

/** Runs that were killed leave their Postgres behind. */
async function removeAbandoned(): Promise<void> {
  for (const name of fs.readdirSync(os.tmpdir())) {
    const pid = new RegExp(`^${PREFIX}(\\d+)$`).exec(name)?.[1];
    if (pid !== undefined && !alive(Number(pid))) await remove(path.join(os.tmpdir(), name));
  }
}

async function remove(home: string): Promise<void> {
  const data_dir = path.join(home, "postgres");
  if (fs.existsSync(data_dir)) await stopCluster(data_dir);
  fs.rmSync(home, { recursive: true, force: true });
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}
