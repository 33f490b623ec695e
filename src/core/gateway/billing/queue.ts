import { randomUUID } from "node:crypto";
import { ApiError } from "../../errors.ts";
import type { LedgerOperation, Settled } from "./operations.ts";
import type { Outcome, WAIT } from "./batch_state.ts";

export type Decided = Exclude<Outcome, typeof WAIT>;

/** An operation on its way, and who waits for it. */
export type Item = {
  operation: LedgerOperation;
  queued_at_ms: number;
  /** It was in a batch whose outcome is unknown, so it may have been applied. */
  sent: boolean;
  /** Nobody waits any more. */
  gone: boolean;
  /** Its outcome is committed: who leaves now comes too late, and gets it. */
  decided(): void;
  resolve(outcome: Decided): void;
  reject(error: unknown): void;
};

/** Money that comes in and goes back, then sweeps, then what wants money. */
const LANE: Record<LedgerOperation["kind"], 0 | 1 | 2> = {
  observe: 0,
  settle: 0,
  undo: 0,
  release: 0,
  credit: 0,
  refund: 0,
  expire: 1,
  note: 1,
  redispatch: 2,
  hold: 2,
};

export type Queue = {
  readonly size: number;
  push(item: Item): void;
  /** Puts items back where they came from, before all others. */
  unshift(items: Item[]): void;
  /** At most `most` items, settles first. Holds whose waiter left are dropped. */
  take(most: number): Item[];
  /** Takes out the holds that match. */
  removeHolds(match: (item: Item) => boolean): Item[];
  drain(): Item[];
};

export function createQueue(): Queue {
  const lanes: [Item[], Item[], Item[]] = [[], [], []];
  return {
    get size() {
      return lanes[0].length + lanes[1].length + lanes[2].length;
    },
    push(item) {
      lanes[LANE[item.operation.kind]].push(item);
    },
    unshift(items) {
      for (const lane of [0, 1, 2] as const)
        lanes[lane].unshift(...items.filter((item) => LANE[item.operation.kind] === lane));
    },
    take(most) {
      const taken: Item[] = [];
      for (const lane of lanes) {
        let index = 0;
        for (; index < lane.length && taken.length < most; index++) {
          const item = lane[index]!;
          if (item.operation.kind !== "hold" || !item.gone || item.sent) taken.push(item);
        }
        lane.splice(0, index);
      }
      return taken;
    },
    removeHolds(match) {
      const removed = lanes[2].filter((item) => item.operation.kind === "hold" && match(item));
      if (removed.length > 0) lanes[2] = lanes[2].filter((item) => !removed.includes(item));
      return removed;
    },
    drain() {
      return lanes.flatMap((lane) => lane.splice(0));
    },
  };
}

/**
 * An item and the promise of its outcome. `signal` ends the waiting, not the operation; but a plain answer that nobody
 * waits for may be delivered no more, and in its next attempt the ledger releases its hold.
 */
export function createItem(
  operation: LedgerOperation,
  now_ms: number,
  signal?: AbortSignal,
): { item: Item; outcome: Promise<Decided> } {
  const { promise, resolve, reject } = Promise.withResolvers<Decided>();
  const leave = () => {
    item.gone = true;
    if (isPlainSettle(operation)) item.operation = { ...operation, deliver_within_ms: 0 };
    reject(signal!.reason);
  };
  const item: Item = {
    operation,
    queued_at_ms: now_ms,
    sent: false,
    gone: false,
    decided: () => signal?.removeEventListener("abort", leave),
    resolve(outcome) {
      signal?.removeEventListener("abort", leave);
      resolve(outcome);
    },
    reject(error) {
      signal?.removeEventListener("abort", leave);
      reject(error);
    },
  };
  signal?.addEventListener("abort", leave, { once: true });
  return { item, outcome: promise };
}

type Settle = Extract<LedgerOperation, { kind: "settle" }>;

const isPlainSettle = (operation: LedgerOperation): operation is Settle =>
  operation.kind === "settle" && operation.deliver_within_ms !== undefined;

/** Gives back a hold that was taken, or may have been, for a waiter that left. */
export function releaseOf(hold_id: string, now_ms: number): Item {
  return unwaited({ kind: "release", operation_id: randomUUID(), hold_id, reason: "waiter_left" }, now_ms);
}

/** What is to be taken back of an item whose waiter had left when it was committed: a hold, or a plain answer's charge. */
export function takenBack({ gone, operation }: Item, outcome: Decided, now_ms: number): Item | undefined {
  if (!gone || !outcome.ok) return undefined;
  if (operation.kind === "hold") return releaseOf(operation.quote.hold_id, now_ms);
  if (!isPlainSettle(operation)) return undefined;
  const { hold_id } = outcome as Settled;
  return unwaited({ kind: "undo", operation_id: randomUUID(), hold_id }, now_ms);
}

function unwaited(operation: LedgerOperation, now_ms: number): Item {
  const { item, outcome } = createItem(operation, now_ms);
  outcome.catch(() => {}); // when the writer closes first, a hold is an orphan of this gateway and is taken over
  return item;
}

export function unavailable(message: string): ApiError {
  return new ApiError("admission_unavailable", message, { retry_after_ms: 1_000 });
}
