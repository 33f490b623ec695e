import { acknowledgeReceipts } from "../nodes/agent_api.ts";
import type { NodeTunnel } from "../nodes/types.ts";

const FLUSH_MS = 250;
const MOST = 500;

/**
 * Tells nodes, in batches over their tunnels, which receipts were settled from their answers, so that their outboxes
 * need not submit them one by one. A lost acknowledgement costs one harmless submission: the outbox keeps every receipt
 * until it is acknowledged.
 */
export function createAcknowledgements(tunnel: (node_id: string) => NodeTunnel | undefined) {
  const waiting = new Map<string, string[]>();

  async function tell(node_id: string, receipt_hashes: string[]): Promise<void> {
    const to = tunnel(node_id);
    if (to !== undefined) await acknowledgeReceipts(to, receipt_hashes);
  }

  async function flush(): Promise<void> {
    const batches = [...waiting];
    waiting.clear();
    await Promise.all(batches.map(([node_id, hashes]) => tell(node_id, hashes).catch(() => {})));
  }

  const timer = setInterval(() => {
    if (waiting.size > 0) void flush();
  }, FLUSH_MS);
  timer.unref();
  return {
    add(node_id: string, receipt_hash: string): void {
      const hashes = waiting.get(node_id) ?? [];
      if (hashes.length >= MOST) return;
      hashes.push(receipt_hash);
      waiting.set(node_id, hashes);
    },
    async stop(): Promise<void> {
      clearInterval(timer);
      await flush();
    },
  };
}
