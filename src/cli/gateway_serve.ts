import { flushCompileCache } from "node:module";
import { gatewayConfig, prepareHome } from "../config.ts";
import { createLog } from "../core/log.ts";
import { startGateway } from "../gateway.ts";
import { RELEASE } from "../release.ts";
import { openConfigured, prepareDatabase } from "./gateway_database.ts";
import { listenError, stopOnSignal } from "./program.ts";

/** `b3iq-gateway serve`: opens the database, migrates, serves until a signal, drains. */
export async function serve(): Promise<void> {
  const config = gatewayConfig();
  prepareHome(config);
  const log = createLog({ level: config.log_level, program: "b3iq-gateway" });
  const { url: database_url, db, release } = await openConfigured(config, "b3iq-gateway start");
  const applied = await prepareDatabase(config, db);
  if (applied.length > 0) log.info("schema_migrated", { count: applied.length });
  const gateway = await startGateway({ ...config, database_url }).catch((error: unknown) => {
    throw listenError(error, {
      B3IQ_GATEWAY_LISTEN: config.gateway_listen,
      B3IQ_METRICS_LISTEN: config.metrics_listen,
      B3IQ_GATEWAY_PEER_LISTEN: config.peer_listen,
    });
  });
  stopOnSignal("b3iq-gateway", async (signal) => {
    log.info("draining", { signal, duration_ms: config.drain_cap_ms });
    await gateway.stop();
    await release();
    log.info("stopped");
  });
  log.info("serving", { release: RELEASE, node_version: process.version });
  flushCompileCache(); // a killed process would keep no compiled code
  console.log(`b3iq-gateway ${RELEASE} serves ${gateway.url}, metrics ${gateway.metrics_url}`);
}
