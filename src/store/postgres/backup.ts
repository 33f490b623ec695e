import * as fs from "node:fs";
import * as path from "node:path";
import pg from "pg";

/** Folders whose content belongs to one process. The restored server expects the folders (Postgres §25.3.4). */
const MADE_EMPTY = [
  "pg_replslot",
  "pg_dynshmem",
  "pg_notify",
  "pg_serial",
  "pg_snapshots",
  "pg_stat_tmp",
  "pg_subtrans",
];
const LEFT_OUT = new Set(["postmaster.pid", "postmaster.opts", "pg_wal", ...MADE_EMPTY]);

/**
 * Copies a running private cluster into an empty folder by the low-level backup API (Postgres documentation §25.3.4):
 * the files between `pg_backup_start` and `pg_backup_stop`, then the WAL written meanwhile. Started on the copy, Postgres
 * replays that WAL to the end of the backup. Throws when the WAL of its beginning was recycled meanwhile, which a larger
 * `max_wal_size` prevents.
 */
export async function backUpCluster(
  connection: pg.ClientConfig,
  data_dir: string,
  target: string,
): Promise<{ bytes: number }> {
  fs.mkdirSync(target, { recursive: true, mode: 0o700 });
  if (fs.readdirSync(target).length > 0) throw new Error(`${target} is not empty`);
  const client = new pg.Client(connection);
  await client.connect();
  try {
    const {
      rows: [start],
    } = await client.query<{ file: string }>(
      "select pg_walfile_name(pg_backup_start('b3iq-gateway backup', true)) as file",
    );
    copyFiles(data_dir, target);
    const {
      rows: [stop],
    } = await client.query<{ labelfile: string }>("select labelfile from pg_backup_stop(false)");
    fs.writeFileSync(path.join(target, "backup_label"), stop!.labelfile, { mode: 0o600 });
    fs.mkdirSync(path.join(target, "pg_wal"), { mode: 0o700 });
    copyFiles(path.join(data_dir, "pg_wal"), path.join(target, "pg_wal"));
    if (!fs.existsSync(path.join(target, "pg_wal", start!.file)))
      throw new Error("the WAL of the backup's beginning is gone; try again");
    for (const name of MADE_EMPTY) fs.mkdirSync(path.join(target, name), { recursive: true, mode: 0o700 });
    return { bytes: sizeOf(target) };
  } finally {
    await client.end();
  }
}

/** Files may vanish while they are copied: the WAL brings back what they held. */
function copyFiles(from: string, to: string): void {
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    if (LEFT_OUT.has(entry.name) || entry.name.startsWith(".s.PGSQL") || entry.name.startsWith("pgsql_tmp")) continue;
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    try {
      if (entry.isDirectory()) {
        fs.mkdirSync(target, { mode: 0o700 });
        copyFiles(source, target);
      } else if (entry.isFile()) fs.copyFileSync(source, target);
    } catch (error) {
      if ((error as { code?: string }).code !== "ENOENT") throw error;
    }
  }
}

function sizeOf(folder: string): number {
  return fs.readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const name = path.join(folder, entry.name);
    return sum + (entry.isDirectory() ? sizeOf(name) : fs.statSync(name).size);
  }, 0);
}
