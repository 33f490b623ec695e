import { readReceipt } from "../../protocol/receipt/receipt.ts";
import type { AskNode } from "../billing/recovery.ts";
import { cancelJob, readJob } from "../nodes/agent_api.ts";
import type { NodeTunnel } from "../nodes/types.ts";
import { verifyUnder } from "./trailers.ts";

/**
 * Asks a hold's node what became of its job, after telling it to stop (docs/design/money.md, Recovery). Receipts are
 * verified before they count.
 */
export function createAskNode(ports: {
  tunnel: (node_id: string) => NodeTunnel | undefined;
  epoch_key: (node_id: string, epoch: number) => Promise<string | undefined>;
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
        const key = await ports.epoch_key(hold.node_id, formed.value.receipt.node_epoch);
        const result = await verifyUnder(formed.value, key === undefined ? [] : [key]);
        return result.ok ? [result.receipt] : [];
      }),
    );
    return verified.flat();
  };
}
