import { createHash, randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { databaseUrl, openDatabase } from "../../src/store/postgres/database.ts";
import type { Database, DatabaseOptions } from "../../src/store/postgres/database.ts";
import { startPostgres } from "../../src/store/postgres/cluster/launcher.ts";
import type { RunningPostgres } from "../../src/store/postgres/cluster/launcher.ts";
import { migrate, readMigrations } from "../../src/store/postgres/migrate.ts";

export type TestDatabase = Database & {
  /** For other processes: B3IQ_DATABASE_URL. */
  url: string;
  socket_dir: string;
  name: string;
  /** Closes and drops the database. */
  drop(): Promise<void>;
};

/** A fresh, migrated database, cloned from a template that is made once a run. `empty`: without the migrations. */
export async function testDatabase(options: DatabaseOptions & { empty?: boolean } = {}): Promise<TestDatabase> {
  const cluster = await startPostgres(inject("postgres_home"));
  const name = `test_${randomBytes(6).toString("hex")}`;
  const template = options.empty === true ? "template0" : await migratedTemplate(cluster);
  await maintain(cluster, (client) => client.query(`create database ${name} template ${template}`));
  const address = { socket_dir: cluster.socket_dir, user: cluster.user, database: name };
  const db = openDatabase(address, { application_name: "test", ...options });
  return {
    ...db,
    url: databaseUrl(address),
    socket_dir: cluster.socket_dir,
    name,
    async drop() {
      await db.close();
      await maintain(cluster, (client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}

/** Makes the template, named by the hash of the migrations, under an advisory lock: test files run in parallel. */
async function migratedTemplate(cluster: RunningPostgres): Promise<string> {
  const checksums = readMigrations()
    .map((migration) => migration.checksum)
    .join();
  const template = `template_${createHash("sha256").update(checksums).digest("hex").slice(0, 12)}`;
  await maintain(cluster, async (client) => {
    await client.query("select pg_advisory_lock(1)");
    if ((await client.query("select 1 from pg_database where datname = $1", [template])).rowCount) return;
    await client.query(`drop database if exists ${template}_part with (force)`);
    await client.query(`create database ${template}_part template template0`);
    const db = openDatabase({ socket_dir: cluster.socket_dir, user: cluster.user, database: `${template}_part` });
    try {
      await migrate(db);
    } finally {
      await db.close();
    }
    await client.query(`alter database ${template}_part rename to ${template}`);
  });
  return template;
}

async function maintain(cluster: RunningPostgres, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ host: cluster.socket_dir, port: 5432, user: cluster.user, database: "postgres" });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
