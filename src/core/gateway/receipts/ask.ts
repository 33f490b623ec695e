import { readReceipt } from "../../protocol/receipt/receipt.ts";
import type { AskNode } from "../billing/recovery.ts";
import { cancelJob, readJob } from "../nodes/agent_api.ts";
import type { NodeTunnel } from "../nodes/types.ts";
import { type EpochKey, verifyUnderEpoch } from "./trailers.ts";

/**
 * Cancels the job of a hold at its node, and asks the node for the job's state and receipts (docs/design/money.md,
 * Recovery). Receipts are verified; one that does not verify is left out.
 */
export function createAskNode(ports: {
  tunnel: (node_id: string) => NodeTunnel | undefined;
  epoch_key: EpochKey;
}): AskNode {
  return async function askNode(hold) {
    const tunnel = ports.tunnel(hold.node_id);
    if (!tunnel) return "unreachable";
    await cancelJob(tunnel, hold.job_id, hold.fence);
    const { state, receipts } = await readJob(tunnel, hold.job_id);
    if (state !== "finished") return state;
    const verified = await Promise.all(
      receipts.map(async (signed) => {
        const formed = readReceipt(signed);
        if (!formed.ok) return [];
        const result = await verifyUnderEpoch(ports.epoch_key, hold.node_id, formed.value);
        return result.ok ? [result.receipt] : [];
      }),
    );
    return verified.flat();
  };
}
