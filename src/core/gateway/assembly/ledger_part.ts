import { errorFields } from "../../log.ts";
import { countBatches } from "../billing/batch_metrics.ts";
import { startBillingWorkers } from "../billing/workers.ts";
import { createLedgerWriter } from "../billing/writer.ts";
import { createGatewayReadiness } from "../readiness.ts";
import { createAskNode } from "../receipts/ask.ts";
import type { CoreContext } from "./core_context.ts";
import type { NetworkPart } from "./network_part.ts";

/** The ledger's writer, and whether the database and its books let this gateway serve. */
export async function assembleLedger({ config, db, log, metrics, draining, stops }: CoreContext) {
  const writer = createLedgerWriter(db, {
    most_in_queue: config.ledger_queue_max,
    onBatch: countBatches(metrics),
    onFailure: (failure, error) => {
      metrics.ledger_retries.inc({ reason: failure });
      log.warn("ledger_batch_failed", { reason: failure, ...errorFields(error) });
    },
  });
  stops.push(writer.close);
  const readiness = createGatewayReadiness({
    db,
    log,
    require_sync_replica: config.require_sync_replica,
    draining,
    onDatabase: (up) => metrics.database_up.set(up ? 1 : 0),
  });
  await readiness.prepare();
  return { writer, readiness: readiness.check };
}

export type LedgerPart = Awaited<ReturnType<typeof assembleLedger>>;

/**
 * The ledger's loops. They ask nodes for the state of their jobs, and so start after the network. No hold may be taken
 * before this resolves: the lease of this process is written then.
 */
export async function startLedgerLoops(
  { db, gateway, log, metrics, stops }: CoreContext,
  { writer }: LedgerPart,
  { nodes, tunnel, tunnels, peer_address }: NetworkPart,
) {
  const askNode = createAskNode({ tunnel, epoch_key: nodes.epochKey });
  const workers = await startBillingWorkers({
    db,
    writer,
    gateway,
    peer_address,
    askNode,
    onFailure: (worker, error) => log.warn("billing_worker_failed", { kind: worker, ...errorFields(error) }),
    onTakeOver: ({ settled, released }) => {
      metrics.takeovers.inc({ outcome: "settled" }, settled);
      metrics.takeovers.inc({ outcome: "released" }, released);
    },
  });
  // The tunnels close first: a take-over that waits for a node's answer then ends at once.
  stops.push(async () => {
    await tunnels.close();
    await workers.stop();
  });
  return { askNode };
}
