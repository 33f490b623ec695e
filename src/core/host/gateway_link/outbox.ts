/**
 * Submits the receipts that no stream brought to the gateway, each until the gateway has answered for it
 * (docs/design/nodes.md).
 */
import type { ReceiptVerdict } from "../../../../generated/hosted.ts";
import type { Acknowledged, ReceiptStore, StoredReceipt } from "../../../store/sqlite/receipt_store.ts";
import { errorFields, type Logger } from "../../log.ts";
import { type OwnReceipt, toSigned } from "../receipts/receipt_writer.ts";

export type OutboxDeps = {
  store: ReceiptStore;
  /** `submitNodeReceipt` of the gateway; rejects when the gateway cannot be reached or refuses the call. */
  submit: (receipt: OwnReceipt) => Promise<ReceiptVerdict>;
  now_ms: () => number;
  log: Logger;
};

export type Outbox = {
  start(): void;
  /** Submits one receipt now. Rejects as `submit` does. */
  submitNow(row: StoredReceipt): Promise<ReceiptVerdict>;
  /** Submits what waits soon, for example because the tunnel is open again. */
  wake(): void;
  stop(): Promise<void>;
};

const BATCH = 32;
const LONGEST_WAIT_MS = 5_000;
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 10 * 60_000;
const KEPT_MS = 30 * 24 * 3_600_000;
const PRUNE_EVERY_MS = 3_600_000;

/** One for each agent that is enrolled. */
export function createOutbox({ store, submit, now_ms, log }: OutboxDeps): Outbox {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;
  let stopped = false;
  let pruned_at = -Infinity;

  const submitNow = async (row: StoredReceipt): Promise<ReceiptVerdict> => {
    const verdict = await submit(toSigned(row));
    const acknowledged = note(row, verdict);
    if (acknowledged !== null) store.acknowledge([acknowledged], now_ms());
    return verdict;
  };
  const note = ({ receipt_hash, attempts }: StoredReceipt, { status, reason }: ReceiptVerdict): Acknowledged | null => {
    if (status !== "retry") return { receipt_hash, status, reason: reason ?? null };
    store.retryAt(receipt_hash, now_ms() + retryDelay(attempts));
    return null;
  };
  const round = async () => {
    if (performance.now() - pruned_at > PRUNE_EVERY_MS) {
      pruned_at = performance.now();
      store.prune(now_ms() - KEPT_MS);
    }
    // One commit at the end, since each commit holds up every stream. A verdict that is lost with the process costs
    // one more submission.
    const acknowledged: Acknowledged[] = [];
    for (const row of store.due(now_ms(), BATCH)) {
      if (stopped) break;
      try {
        const answer = note(row, await submit(toSigned(row)));
        if (answer !== null) acknowledged.push(answer);
      } catch (error) {
        store.retryAt(row.receipt_hash, now_ms() + retryDelay(row.attempts));
        log.warn("receipt_not_submitted", { ...errorFields(error), attempt: row.attempts + 1 });
      }
    }
    if (acknowledged.length > 0) store.acknowledge(acknowledged, now_ms());
  };
  const schedule = (delay_ms: number) => {
    clearTimeout(timer);
    if (stopped) return;
    timer = setTimeout(() => {
      running = round()
        .catch((error: unknown) => log.error("outbox_failed", errorFields(error)))
        .finally(() => {
          running = null;
          const { next_at_ms } = store.waiting();
          schedule(Math.min(LONGEST_WAIT_MS, Math.max(50, (next_at_ms ?? Infinity) - now_ms())));
        });
    }, delay_ms);
  };
  return {
    start: () => schedule(0),
    submitNow,
    wake() {
      if (running === null && timer !== undefined) schedule(0);
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** Doubles from 2 s to 10 min, with full jitter above the half, so that agents do not return in step. */
function retryDelay(attempts: number): number {
  const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts, 16));
  return longest / 2 + Math.random() * (longest / 2);
}
