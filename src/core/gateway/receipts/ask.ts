import { readReceipt, type SignedReceipt } from "../../protocol/receipt/receipt.ts";
import type { AskNode } from "../billing/recovery.ts";
import { cancelJob, readAll } from "../node_calls/job_calls.ts";
import type { NodeTunnel } from "../nodes/types.ts";
import { type EpochKey, verifyUnderEpoch } from "./trailers.ts";

const ANSWER_BYTES = 256 * 1024;
const TIMEOUT_MS = 3_000;

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
    const answer = await tunnel.call({
      path: "/v1/tunnel/job",
      body: Buffer.from(JSON.stringify({ job_id: hold.job_id })),
      headers: { "content-type": "application/json" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (answer.status !== 200) {
      answer.cancel();
      return "unreachable";
    }
    const { state, receipts } = JSON.parse(await readAll(answer, ANSWER_BYTES)) as {
      state?: string;
      receipts?: SignedReceipt[];
    };
    if (state === "running") return "running";
    if (state !== "finished" || !Array.isArray(receipts)) return "unknown";
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
