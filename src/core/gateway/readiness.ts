import {
  type ClusterState,
  readClusterState,
  saveVerifiedTimeline,
} from "../../store/postgres/cluster/cluster_state.ts";
import type { Database } from "../../store/postgres/database.ts";
import { schemaStatus } from "../../store/postgres/migrate.ts";
import { ApiError } from "../errors.ts";
import { errorFields, type Logger } from "../log.ts";
import { verifyLedger } from "./billing/verify.ts";

export type ReadinessPorts = {
  db: Database;
  log: Logger;
  require_sync_replica: boolean;
  draining: () => boolean;
  onDatabase: (up: boolean) => void;
};

/**
 * Checks whether this gateway can serve: it is not draining; the database is reachable, a primary, and of a known
 * schema; a synchronous standby exists where the setting asks for one; the books are verified since the last failover
 * or restore.
 */
export function createGatewayReadiness({ db, log, require_sync_replica, draining, onDatabase }: ReadinessPorts) {
  let verifying: Promise<void> | null = null;

  async function verifyTimeline(timeline: string): Promise<void> {
    const { violations } = await verifyLedger(db);
    for (const { invariant } of violations) log.error("ledger_invariant_broken", { reason: invariant });
    if (violations.length === 0) await saveVerifiedTimeline(db, timeline);
  }

  function refusal(cluster: ClusterState): ApiError | null {
    if (cluster.standby || cluster.timeline === null)
      return unavailable("The database is a standby; money is decided on the primary only.");
    if (require_sync_replica && cluster.sync_standbys === 0)
      return unavailable("The database has no synchronous standby, which B3IQ_REQUIRE_SYNC_REPLICA asks for.");
    if (cluster.timeline === cluster.verified_timeline) return null;
    verifying ??= verifyTimeline(cluster.timeline)
      .catch((error: unknown) => log.warn("ledger_not_verified", errorFields(error)))
      .finally(() => {
        verifying = null;
      });
    return unavailable("The database changed its timeline, and its books are not verified yet.");
  }

  /** Throws ApiError `draining` or `admission_unavailable`, with the reason. */
  async function check(): Promise<void> {
    if (draining()) throw new ApiError("draining", "This gateway is shutting down.");
    const found = await Promise.all([schemaStatus(db), readClusterState(db)]).catch(() => null);
    onDatabase(found !== null);
    if (!found) throw unavailable("The database cannot be reached.");
    const [schema, cluster] = found;
    if (schema.state !== "current" && schema.state !== "ahead")
      throw unavailable("The database has a schema that this build does not know.");
    const refused = refusal(cluster);
    if (refused) throw refused;
  }

  return {
    check,
    /**
     * Called before the first request. Verifies the books of a new database now; `check` verifies those of an old one.
     */
    async prepare(): Promise<void> {
      const { standby, timeline, verified_timeline } = await readClusterState(db);
      if (!standby && timeline !== null && verified_timeline === null) await verifyTimeline(timeline);
    },
  };
}

function unavailable(message: string): ApiError {
  return new ApiError("admission_unavailable", message, { retry_after_ms: 2_000 });
}
