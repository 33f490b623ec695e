import { execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, expect, test } from "vitest";
import { openDatabase } from "../../../../src/store/postgres/database.ts";
import { startPostgres } from "../../../../src/store/postgres/cluster/launcher.ts";
import type { RunningPostgres } from "../../../../src/store/postgres/cluster/launcher.ts";
import { itUnless } from "../../../support/unless.ts";
import {
  clusterProcesses,
  recordedPostmaster,
  stopCluster,
} from "../../../../src/store/postgres/cluster/launcher_processes.ts";

const PROGRAMS = "/var/lib/b3iq";
const had_programs = fs.existsSync(PROGRAMS);
const homes: string[] = [];
const roots: string[] = [];
afterEach(async () => {
  for (const home of homes.splice(0)) {
    const at = path.join(home, "postgres.at");
    const data_dir = fs.existsSync(at) ? fs.readFileSync(at, "utf8").trim() : path.join(home, "postgres");
    if (fs.existsSync(data_dir)) await stopCluster(data_dir);
    if (fs.existsSync(at)) fs.rmSync(path.dirname(data_dir), { recursive: true });
  }
  for (const root of roots.splice(0)) fs.rmSync(root, { recursive: true, force: true });
  if (!had_programs) fs.rmSync(PROGRAMS, { recursive: true, force: true });
});

function newHome(...below: string[]): string {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "b3iq-launcher-"));
  roots.push(root);
  homes.push(path.join(root, ...below));
  return homes.at(-1)!;
}

async function ask(postgres: RunningPostgres, sql: string): Promise<unknown> {
  const db = openDatabase(postgres);
  try {
    return Object.values((await db.pool.query(sql)).rows[0] ?? {})[0];
  } finally {
    await db.close();
  }
}

/** Starts or attaches in a process of its own, as gateways do, and answers how. */
function launchElsewhere(home: string): Promise<string> {
  const launcher = new URL("../../../../src/store/postgres/cluster/launcher.ts", import.meta.url).href;
  const code = `const { startPostgres } = await import(${JSON.stringify(launcher)}); console.log((await startPostgres(process.argv[1])).how);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code, home], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (bytes: Buffer) => {
    text += bytes.toString();
  });
  return new Promise((resolve) => child.once("close", () => resolve(text.trim())));
}

test("starts below a folder with a space, fsync on, socket only, private; attaches; stops; keeps its data", async () => {
  const home = newHome("a folder");
  const first = await startPostgres(home);
  expect(first.how).toMatch(/^started/);
  expect(fs.statSync(first.data_dir).mode & 0o777).toBe(0o700);
  for (const [name, value] of [
    ["fsync", "on"],
    ["synchronous_commit", "on"],
    ["full_page_writes", "on"],
    ["listen_addresses", ""],
  ]) {
    expect(await ask(first, `select current_setting('${name}')`)).toBe(value);
  }
  await ask(first, "create table kept as select 42 as value");
  expect(await startPostgres(home)).toMatchObject({ how: "attached", started: false });
  await first.stop();
  expect(clusterProcesses(first.data_dir)).toEqual([]);
  const second = await startPostgres(home);
  expect(second.started).toBe(true);
  expect(await ask(second, "select value from kept")).toBe(42);
});

test("four processes at once: one starts it, three attach; and again after kill -9 of the postmaster", async () => {
  const home = newHome();
  const atOnce = async () =>
    (await Promise.all(Array.from({ length: 4 }, () => launchElsewhere(home)))).map((how) => how.split(" ")[0]).sort();
  expect(await atOnce()).toEqual(["attached", "attached", "attached", "started"]);
  const running = await startPostgres(home);
  await ask(running, "create table kept as select 42 as value");
  process.kill(recordedPostmaster(running.data_dir)!, "SIGKILL");
  expect(await atOnce()).toEqual(["attached", "attached", "attached", "started"]);
  expect(await ask(running, "select value from kept")).toBe(42);
});

test("a pid file whose pid now belongs to another process does not stop the start", async () => {
  const home = newHome();
  const running = await startPostgres(home);
  const pid_file = path.join(running.data_dir, "postmaster.pid");
  const lines = fs.readFileSync(pid_file, "utf8").split("\n");
  for (const pid of clusterProcesses(running.data_dir)!) process.kill(pid, "SIGKILL");
  fs.writeFileSync(pid_file, [String(process.pid), ...lines.slice(1)].join("\n"));
  expect((await startPostgres(home)).started).toBe(true);
});

test("a launcher killed in the middle of initdb leaves nothing that harms", async () => {
  const home = newHome();
  const launcher = new URL("../../../../src/store/postgres/cluster/launcher.ts", import.meta.url).href;
  const child = spawn(process.execPath, [
    "--input-type=module",
    "-e",
    `(await import(${JSON.stringify(launcher)})).startPostgres(process.argv[1])`,
    home,
  ]);
  const half = () =>
    fs.existsSync(home) ? fs.readdirSync(home).filter((name) => name.startsWith("postgres.new.")) : [];
  while (half().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill("SIGKILL");
  expect(fs.existsSync(path.join(home, "postgres"))).toBe(false);
  const how = await Promise.all([launchElsewhere(home), launchElsewhere(home), launchElsewhere(home)]);
  expect(how.filter((text) => text.startsWith("started"))).toHaveLength(1);
  expect(half()).toEqual([]);
});

test("a path too long for a socket: a short private folder", async () => {
  const running = await startPostgres(newHome("long".repeat(20), "longer".repeat(20)));
  expect(running.socket_dir).toMatch(/^\/tmp\/b3iq-/);
  expect(fs.statSync(running.socket_dir).mode & 0o777).toBe(0o700);
  expect(await ask(running, "select 1")).toBe(1);
  await running.stop();
  expect(fs.existsSync(running.socket_dir)).toBe(false);
});

itUnless(process.getuid?.() === 0 && hasAccount() ? null : "it needs root and an account postgres")(
  "as root without a user namespace: the account, also below a folder that only root may enter",
  async () => {
    const home = newHome();
    const running = await startPostgres(home, { run_as: "account" });
    expect(running.how).toBe("started (account)");
    expect(running.data_dir).toMatch(/^\/var\/lib\/b3iq\//);
    expect(await startPostgres(home)).toMatchObject({ how: "attached", data_dir: running.data_dir });
    const owner = execFileSync("stat", ["-c", "%U", `/proc/${recordedPostmaster(running.data_dir)}`])
      .toString()
      .trim();
    expect(owner).toBe("postgres");
  },
);

function hasAccount(): boolean {
  try {
    execFileSync("id", ["-u", "postgres"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
