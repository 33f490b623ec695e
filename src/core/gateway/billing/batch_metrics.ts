import type { Metrics } from "../../metrics.ts";
import type { WriterOptions } from "./writer.ts";

/** Counts each committed batch in the gateway's metrics. */
export function countBatches(metrics: Metrics): NonNullable<WriterOptions["onBatch"]> {
  return ({ operations, seconds, waiting }) => {
    metrics.ledger_batch_operations.observe(operations);
    metrics.ledger_batch_seconds.observe(seconds);
    metrics.ledger_queue.set(waiting);
  };
}
