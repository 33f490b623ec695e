import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { stopCluster } from "../../src/store/postgres/cluster/launcher_processes.ts";
import type { TestProject } from "vitest/node";
import { leftOut } from "./left_out.ts";

declare module "vitest" {
  interface ProvidedContext {
    postgres_home: string;
  }
}

const PREFIX = "b3iq-test-";
const HOME = "database";

/**
 * One folder for the whole run, in which tests make their temporary ones, with one Postgres in the settings of
 * production. The first `testDatabase()` starts Postgres, so that tests without a database do not wait for it. Stops
 * Postgres and removes the folder at the end.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeAbandoned();
  const folder = path.join(os.tmpdir(), `${PREFIX}${process.pid}`);
  fs.mkdirSync(folder, { mode: 0o711, recursive: true }); // other accounts, such as that of Postgres, pass through
  process.env["TMPDIR"] = folder;
  const home = path.join(folder, HOME);
  fs.mkdirSync(home, { mode: 0o700, recursive: true });
  project.provide("postgres_home", home);
  return async () => {
    await remove(folder);
    const left_out = leftOut(project);
    if (left_out !== null) console.log(left_out);
  };
}

/** Stops the Postgres of killed runs. */
async function removeAbandoned(): Promise<void> {
  for (const name of fs.readdirSync(os.tmpdir())) {
    const pid = new RegExp(`^${PREFIX}(\\d+)$`).exec(name)?.[1];
    if (pid !== undefined && !alive(Number(pid))) await remove(path.join(os.tmpdir(), name));
  }
}

async function remove(folder: string): Promise<void> {
  const data_dir = path.join(folder, HOME, "postgres");
  if (fs.existsSync(data_dir)) await stopCluster(data_dir);
  fs.rmSync(folder, { recursive: true, force: true });
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}
