import * as fs from "node:fs";
import * as path from "node:path";
import { createInterface } from "node:readline/promises";
import { gatewayConfig } from "../config.ts";
import { SECRET_NAMES } from "../core/secrets.ts";
import { clusterProcesses, recordedPostmaster } from "../store/postgres/cluster/launcher_processes.ts";
import { dataDirectory } from "../store/postgres/cluster/launcher_cluster.ts";
import { tryProcessLock } from "../store/process_lock.ts";
import { refuseWords, runProgram } from "./program.ts";

/** The names that the programs make in B3IQ_HOME. Any other file in the folder is not ours, and stays. */
const OURS = /^(postgres(\..*)?|host(\..*)?|run\.lock.*|log|logs|models)$/;

/** `make reset`: removes all state, after a question. Fails without a yes, and while a program runs on the state. */
await runProgram("b3iq", async () => {
  refuseWords("make reset");
  const { home, secrets_dir } = gatewayConfig();
  if (!fs.existsSync(home)) {
    console.log(`nothing to remove: ${home} does not exist`);
    return;
  }
  const lock = tryProcessLock(path.join(home, "run.lock"));
  if ("held_by" in lock) throw new Error(`B3IQ is running (process ${lock.held_by}); stop it first`);
  try {
    const data_dir = dataDirectory(home);
    if (isRunning(data_dir)) throw new Error(`Postgres runs on ${data_dir}; stop the gateways that use it first`);
    const answer = await ask(
      `Remove all balances, keys, receipts and logs in ${home}? There is no way back. Type yes: `,
    );
    if (answer !== "yes") throw new Error("nothing was removed: the answer was not yes");
    remove(home, secrets_dir, data_dir);
    console.log("removed");
  } finally {
    lock.release();
  }
});

function isRunning(data_dir: string): boolean {
  if (!fs.existsSync(data_dir)) return false;
  return (
    (clusterProcesses(data_dir)?.length ?? 0) > 0 ||
    (process.platform !== "linux" && recordedPostmaster(data_dir) !== undefined)
  );
}

function remove(home: string, secrets_dir: string, data_dir: string): void {
  for (const name of [...SECRET_NAMES, "log-checkpoint"]) fs.rmSync(path.join(secrets_dir, name), { force: true });
  fs.rmSync(data_dir, { recursive: true, force: true }); // may lie elsewhere (postgres.at)
  for (const name of fs.readdirSync(home)) {
    if (OURS.test(name)) fs.rmSync(path.join(home, name), { recursive: true, force: true });
  }
  for (const folder of [secrets_dir, home]) {
    if (fs.existsSync(folder) && fs.readdirSync(folder).length === 0) fs.rmdirSync(folder);
  }
}

async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const ended = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
  try {
    return (await Promise.race([lines.question(question), ended])).trim();
  } finally {
    lines.close();
  }
}
