import { createHash } from "node:crypto";
import * as fs from "node:fs";
import type pg from "pg";
import { ADVISORY_LOCKS } from "./advisory_locks.ts";
import type { Database } from "./database.ts";

export type Migration = {
  version: number;
  name: string;
  checksum: string;
  /** Whether the previous release can run on the new schema; false where the first line begins with `-- contracts:`. */
  expands: boolean;
  sql: string;
};

/**
 * `current`: exactly the migrations of this build are applied. `ahead`: newer ones too, all compatible with this build.
 * `behind`: some are missing. `unknown`: an incompatible newer one, or one that changed after it was applied.
 */
export type SchemaStatus = {
  state: "current" | "ahead" | "behind" | "unknown";
  version: number;
  expected: number;
  problem?: string;
};

/** The database was made by another release, and this one must not touch it. */
export class SchemaError extends Error {}

const MIGRATIONS = new URL("./migrations/", import.meta.url);

/** The migrations of this build, in the order of the number that a name begins with. Throws when a number is given twice. */
export function readMigrations(directory: URL = MIGRATIONS): Migration[] {
  const names = fs
    .readdirSync(directory)
    .filter((name) => name.endsWith(".sql"))
    .sort();
  const migrations = names.map((file) => {
    const [, number, name] = /^(\d{4})_([a-z0-9_]+)\.sql$/.exec(file) ?? [];
    if (number === undefined) throw new Error(`migration ${file}: expected a name such as 0001_subject.sql`);
    const sql = fs.readFileSync(new URL(file, directory), "utf8");
    const checksum = createHash("sha256").update(sql.replaceAll("\r\n", "\n")).digest("hex");
    return { version: Number(number), name: name!, checksum, expands: !sql.startsWith("-- contracts:"), sql };
  });
  const twice = migrations.find((migration, index) => migrations[index + 1]?.version === migration.version);
  if (twice !== undefined) throw new Error(`two migrations have the number ${twice.version}`);
  return migrations;
}

/**
 * Brings the schema up to this build: each missing migration in one transaction, all under one advisory lock, so that
 * any number of gateways may call it at once. Returns the names that it applied. Throws when the schema is newer than
 * this build can live with, or an applied file was changed.
 */
export async function migrate(db: Database, migrations: Migration[] = readMigrations()): Promise<string[]> {
  const client = await db.connect({ statement_timeout_ms: 0 });
  try {
    await client.query("select pg_advisory_lock($1)", [ADVISORY_LOCKS.migrate]);
    await client.query(`create table if not exists schema_migrations (
      version integer primary key, name text not null, checksum text not null, expands boolean not null,
      applied_at timestamptz not null default now())`);
    const applied = await appliedMigrations(client);
    const status = compare(applied, migrations);
    if (status.state === "unknown") throw new SchemaError(status.problem);
    const missing = migrations.filter((migration) => !applied.some((row) => row.version === migration.version));
    for (const migration of missing) await apply(client, migration);
    return missing.map((migration) => migration.name);
  } finally {
    await client.end(); // drops the lock
  }
}

/** Compares the database with this build, for readiness; it changes nothing. */
export async function schemaStatus(db: Database, migrations: Migration[] = readMigrations()): Promise<SchemaStatus> {
  const found = await db.pool.query<{ present: boolean }>(
    "select to_regclass('schema_migrations') is not null as present",
  );
  return compare(found.rows[0]!.present ? await appliedMigrations(db.pool) : [], migrations);
}

type Applied = Pick<Migration, "version" | "name" | "checksum" | "expands">;

async function appliedMigrations(client: pg.Client | pg.Pool): Promise<Applied[]> {
  return (
    await client.query<Applied>("select version, name, checksum, expands from schema_migrations order by version")
  ).rows;
}

function compare(applied: Applied[], known: Migration[]): SchemaStatus {
  const status = { version: applied.at(-1)?.version ?? 0, expected: known.at(-1)?.version ?? 0 };
  const remaining = new Map(known.map((migration) => [migration.version, migration]));
  for (const row of applied) {
    const migration = remaining.get(row.version);
    remaining.delete(row.version);
    const named = `migration ${row.version} (${row.name})`;
    if (migration === undefined && !row.expands) {
      return {
        ...status,
        state: "unknown",
        problem: `the database has ${named}, which this release does not know; use a newer release`,
      };
    }
    if (migration !== undefined && migration.checksum !== row.checksum) {
      const sums = `applied ${row.checksum.slice(0, 12)}, here ${migration.checksum.slice(0, 12)}`;
      return { ...status, state: "unknown", problem: `${named} is not the file of this release: ${sums}` };
    }
  }
  if (remaining.size > 0) return { ...status, state: "behind" };
  return { ...status, state: applied.length > known.length ? "ahead" : "current" };
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query("begin");
  try {
    await client.query(migration.sql);
    await client.query("insert into schema_migrations (version, name, checksum, expands) values ($1, $2, $3, $4)", [
      migration.version,
      migration.name,
      migration.checksum,
      migration.expands,
    ]);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw new Error(`migration ${migration.version} (${migration.name}) failed: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
