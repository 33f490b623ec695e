import * as path from "node:path";
import { ConfigError, gatewayConfig, prepareHome } from "../config.ts";
import { backUpCluster } from "../store/postgres/backup.ts";
import { startPostgres } from "../store/postgres/cluster/launcher.ts";
import type { GatewayOptions } from "./gateway_commands.ts";
import { UsageError } from "./program.ts";

/**
 * `b3iq-gateway backup FOLDER`: a copy of the private Postgres while it serves. Restore: with everything stopped, put the folder in
 * place of `postgres` in B3IQ_HOME, then `b3iq-gateway restore check`. A database of B3IQ_DATABASE_URL has backup tools
 * of its own.
 */
export async function backup(_values: GatewayOptions, [folder]: string[]): Promise<void> {
  if (folder === undefined) throw new UsageError("backup FOLDER: the name of an empty or new folder");
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
