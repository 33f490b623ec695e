import { ConfigError, gatewayConfig, prepareHome, type GatewayConfig } from "../config.ts";
import { verificationLines, verifyLedger } from "../core/gateway/billing/verify.ts";
import { gatewaySecrets, secretFingerprint } from "../core/secrets.ts";
import { databaseUrl, openDatabase, type Database } from "../store/postgres/database.ts";
import { startPostgres, type RunningPostgres } from "../store/postgres/cluster/launcher.ts";
import { migrate, SchemaError, schemaStatus } from "../store/postgres/migrate.ts";
import { differingSecrets } from "../store/postgres/secret_fingerprints.ts";
import { databaseError } from "./program.ts";

/**
 * Finds the database that the configuration names, or runs the private one. `release` closes what this process opened,
 * and stops a private Postgres that this process started and no other process uses.
 */
export async function openConfigured(
  config: GatewayConfig,
  name: string,
): Promise<{ url: string; db: Database; release(): Promise<void> }> {
  const cluster =
    config.database_url === null ? await startPostgres(config.home, { say: (line) => console.error(line) }) : undefined;
  const url = config.database_url ?? databaseUrl(cluster!);
  const db = openDatabase(
    { url },
    { application_name: name, pool_max: 4, statement_timeout_ms: config.statement_timeout_ms },
  );
  return {
    url,
    db,
    async release() {
      const idle = cluster?.started === true && (await othersConnected(db)) === 0;
      await db.close();
      if (idle) await (cluster as RunningPostgres).stop();
    },
  };
}

/** Refuses a version below 15, applies migrations, and refuses secrets that are not those of this database. */
export async function prepareDatabase(config: GatewayConfig, db: Database): Promise<string[]> {
  try {
    const found = await db.pool.query<{ version: number }>(
      "select current_setting('server_version_num')::integer as version",
    );
    const { version } = found.rows[0]!;
    if (version < 150_000)
      throw new ConfigError("B3IQ_DATABASE_URL", `Postgres ${Math.floor(version / 10_000)}`, "Postgres 15 or newer");
    const applied = await migrate(db);
    const secrets = gatewaySecrets(config.secrets_dir);
    const prints = {
      pepper: secretFingerprint("pepper", secrets.pepper),
      "log-key": secretFingerprint("log-key", secrets.log_key),
    };
    const differing = await differingSecrets(db, prints);
    if (differing.length > 0) {
      throw new ConfigError(
        "B3IQ_SECRETS_DIR",
        `another ${differing.join(" and ")} than this database was made with`,
        "the secret files that all gateways of one database share",
      );
    }
    return applied;
  } catch (error) {
    if (error instanceof SchemaError) {
      throw new ConfigError(
        "B3IQ_DATABASE_URL",
        `a database of another release (${error.message})`,
        "one that this release or an earlier one made",
      );
    }
    throw databaseError(error);
  }
}

/** `b3iq-gateway migrate` */
export async function migrateDatabase(): Promise<void> {
  const config = gatewayConfig();
  prepareHome(config);
  const { db, release } = await openConfigured(config, "b3iq-gateway migrate");
  try {
    const applied = await prepareDatabase(config, db);
    console.log(applied.length === 0 ? "the schema is current" : `applied: ${applied.join(", ")}`);
  } finally {
    await release();
  }
}

/** `b3iq-gateway ledger verify`: one line for each row that breaks an invariant, and status 1 when there is any. */
export async function printLedgerVerification(): Promise<void> {
  const config = gatewayConfig();
  prepareHome(config);
  const { db, release } = await openConfigured({ ...config, statement_timeout_ms: 0 }, "b3iq-gateway ledger verify");
  try {
    const { state, problem } = await schemaStatus(db);
    if (state === "behind")
      throw new Error("the database's schema is older than this release; run: b3iq-gateway migrate");
    if (state === "unknown") throw new SchemaError(problem);
    const result = await verifyLedger(db);
    for (const line of verificationLines(result)) console.log(line);
    if (result.violations.length > 0) process.exitCode = 1;
  } catch (error) {
    throw databaseError(error);
  } finally {
    await release();
  }
}

/** Counts the sessions of other processes: a private Postgres is not stopped under them. */
async function othersConnected(db: Database): Promise<number> {
  const sql = `select count(*)::integer as others from pg_stat_activity
    where backend_type = 'client backend' and application_name <> current_setting('application_name')`;
  return (await db.pool.query<{ others: number }>(sql)).rows[0]?.others ?? 0;
}
