import * as path from "node:path";
import { createNodePayouts } from "../payouts/node_report.ts";
import { createPayouts } from "../payouts/payouts.ts";
import { createPayoutReviews } from "../payouts/reviews.ts";
import { createReceiptLog } from "../receipts/log/receipt_log.ts";
import { createReceiptLookup } from "../receipts/lookup.ts";
import { refetchReceipts } from "../receipts/refetch.ts";
import { receiptSubmission } from "../receipts/submission.ts";
import type { AdminPart } from "./admin_part.ts";
import type { CoreContext } from "./core_context.ts";
import type { LedgerPart } from "./ledger_part.ts";
import type { NetworkPart } from "./network_part.ts";

/** Receipts, the transparency log, and payouts. */
export function assembleEvidence(
  { config, secrets, db, log, gateway, public_url, stops }: CoreContext,
  { writer }: LedgerPart,
  { control, nodes, tunnels }: NetworkPart,
  { suspend }: AdminPart,
) {
  const receiptLog = createReceiptLog({
    db,
    log,
    gateway_id: gateway.gateway_id,
    public_url,
    log_key: secrets.log_key,
    secrets_dir: config.secrets_dir,
    log_dir: config.log_dir ?? path.join(config.home, "log"),
    interval_ms: config.log_interval_ms,
    witnesses: config.witnesses ?? [],
    witnesses_min: config.witnesses_min,
  });
  receiptLog.start();
  stops.push(receiptLog.stop);
  const receipts = receiptSubmission({ writer, log, epoch_key: nodes.epochKey, suspend });
  const refetch = refetchReceipts({ db, submission: receipts, tunnel: tunnels.local, log });
  refetch.start();
  stops.push(refetch.stop);
  const maturity_ms = config.payout_maturity_ms;
  return {
    receiptLog,
    receipts,
    lookupReceipt: createReceiptLookup({ db, node: nodes.view, keys: nodes.keys, leaf: receiptLog.receiptLeaf }),
    payouts: createPayouts({ db, control, receiptLog, maturity_ms }),
    payoutReviews: createPayoutReviews(db),
    nodePayouts: createNodePayouts({ db, keys: nodes.keys, refresh: nodes.refresh, maturity_ms }),
  };
}

export type EvidencePart = ReturnType<typeof assembleEvidence>;
