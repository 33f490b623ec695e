import * as path from "node:path";
import { gatewayConfig, prepareHome } from "../config.ts";
import { verificationLines, verifyLedger } from "../core/gateway/billing/verify.ts";
import { adoptTiles, restoreState } from "../core/gateway/receipts/log/restore.ts";
import { refetchState, requestRefetches } from "../store/postgres/receipts/refetches.ts";
import { gatewaySecrets } from "../core/secrets.ts";
import { openConfigured } from "./gateway_database.ts";

/**
 * `b3iq-gateway restore check [--adopt]`: names the published leaves that a restored database lacks, and checks its
 * books. `--adopt` copies these leaves from the published tiles; gateways then fetch their receipts from the nodes'
 * outboxes.
 */
export async function restoreCheck({ adopt }: { adopt?: true }): Promise<void> {
  const config = gatewayConfig();
  prepareHome(config);
  const { db, release } = await openConfigured(config, "b3iq-gateway restore");
  try {
    const ports = {
      db,
      log_key: gatewaySecrets(config.secrets_dir).log_key,
      secrets_dir: config.secrets_dir,
      log_dir: config.log_dir ?? path.join(config.home, "log"),
    };
    if (adopt === true) {
      const nodes = await requestRefetches(db);
      console.log(`adopted ${await adoptTiles(ports)} leaves from the published tiles`);
      console.log(`${nodes} nodes will be asked for their receipts, each by the gateway that holds its tunnel`);
    }
    const state = await restoreState(ports);
    const missing = state.published_size - state.tree_size;
    console.log(
      `log: ${state.tree_size} leaves in the database, ${state.published_size} known to be published, ${missing} missing, ${state.unclaimed} without their receipt`,
    );
    if (missing > 0)
      console.log(
        `the tiles reach to ${state.tiles_size}; b3iq-gateway restore check --adopt takes them. Until nothing is missing, nothing is signed`,
      );
    const { nodes, done, taken } = await refetchState(db);
    if (nodes > 0) console.log(`receipts: ${done} of ${nodes} nodes have given theirs again, ${taken} were not known`);
    const books = await verifyLedger(db);
    for (const line of verificationLines(books)) console.log(line);
    if (missing > 0 || books.violations.length > 0) process.exitCode = 1;
  } finally {
    await release();
  }
}
