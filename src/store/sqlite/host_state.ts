/** The host agent's only store: one SQLite file, written by one process, every commit on disk before it returns. */
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { tryProcessLock } from "../process_lock.ts";
import { MIGRATIONS } from "./schema.ts";

export type HostState = {
  db: DatabaseSync;
  /** Runs the work in one transaction, which an error of the work rolls back. Does not nest. */
  transaction<T>(work: () => T): T;
  close(): void;
};

/** The error when another agent uses this folder. */
export class StateInUse extends Error {
  constructor(folder: string, held_by: string) {
    super(
      `B3IQ_HOME: ${folder} is in use by another b3iq-host (process ${held_by}); stop it, or give this one a folder of its own`,
    );
    this.name = "StateInUse";
  }
}

/**
 * Opens `host.sqlite` below the folder and brings its schema up to date. Throws StateInUse, or Error for a file of a
 * newer version.
 */
export function openHostState(home: string): HostState {
  const folder = join(home, "host");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = tryProcessLock(join(folder, "host.lock"));
  if ("held_by" in lock) throw new StateInUse(folder, lock.held_by);
  const file = join(folder, "host.sqlite");
  const db = new DatabaseSync(file);
  try {
    chmodSync(file, 0o600);
    db.exec(
      "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma busy_timeout = 5000; pragma secure_delete = on",
    );
    migrate(db);
  } catch (error) {
    db.close();
    lock.release();
    throw error;
  }
  return {
    db,
    transaction: (work) => inTransaction(db, work),
    close() {
      db.close();
      lock.release();
    },
  };
}

function migrate(db: DatabaseSync): void {
  const { user_version } = db.prepare("pragma user_version").get() as { user_version: number };
  if (user_version > MIGRATIONS.length) {
    throw new Error(
      `host.sqlite has schema ${user_version}, this version knows ${MIGRATIONS.length}; run a newer b3iq-host`,
    );
  }
  for (let version = user_version; version < MIGRATIONS.length; version++) {
    inTransaction(db, () => db.exec(`${MIGRATIONS[version]!}; pragma user_version = ${version + 1}`));
  }
}

function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec("begin immediate");
  try {
    const result = work();
    db.exec("commit");
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec("rollback");
    throw error;
  }
}
