import * as path from "node:path";
import { ConfigError, gatewayConfig, prepareHome } from "../config.ts";
import { backUpCluster } from "../store/postgres/backup.ts";
import { startPostgres } from "../store/postgres/cluster/launcher.ts";

/**
 * `b3iq-gateway backup FOLDER`: copies the private Postgres while it serves. To restore, stop every program, put the
 * folder in place of `postgres` in B3IQ_HOME, and run `b3iq-gateway restore check`. A database of B3IQ_DATABASE_URL has
 * backup tools of its own.
 */
export async function backup(folder: string): Promise<void> {
  const config = gatewayConfig();
  if (config.database_url !== null)
    throw new ConfigError(
      "B3IQ_DATABASE_URL",
      "a database of your own",
      "nothing, for this command; back that one up with pg_basebackup or pg_dump",
    );
  prepareHome(config);
  const cluster = await startPostgres(config.home);
  try {
    const { bytes } = await backUpCluster(
      { host: cluster.socket_dir, user: cluster.user, database: cluster.database },
      cluster.data_dir,
      path.resolve(folder),
    );
    console.log(`backed up ${bytes} bytes to ${path.resolve(folder)}; keep the secrets folder too, apart from it`);
  } finally {
    if (cluster.started) await cluster.stop();
  }
}
