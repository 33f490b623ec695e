import { randomUUID } from "node:crypto";
import { ApiError } from "../../errors.ts";
import type { Outcome, WAIT } from "./batch_state.ts";
import { PRIORITY, type LedgerOperation, type Settled } from "./operations.ts";

/** The outcome of an operation in a committed batch. */
export type CommittedOutcome = Exclude<Outcome, typeof WAIT>;

/** An operation in the writer, and its waiting caller. */
export type Item = {
  operation: LedgerOperation;
  queued_at_ms: number;
  /** The operation was in a batch whose commit is unknown. */
  maybe_applied: boolean;
  /** True once the caller no longer waits. */
  caller_left: boolean;
  /** Called after the commit: from now on the caller gets the outcome, even if it leaves first. */
  committed(): void;
  resolve(outcome: CommittedOutcome): void;
  reject(error: unknown): void;
};

/** Operations that wait for a batch: a lane for each priority, each in the order of arrival. */
export type Queue = { lanes: [Item[], Item[], Item[]] };

export const createQueue = (): Queue => ({ lanes: [[], [], []] });

/** How many operations wait. */
export const queued = ({ lanes }: Queue): number => lanes[0].length + lanes[1].length + lanes[2].length;

export function enqueue({ lanes }: Queue, item: Item): void {
  lanes[PRIORITY[item.operation.kind]].push(item);
}

/** Puts items of a batch back, before all others. */
export function putBack({ lanes }: Queue, items: Item[]): void {
  for (const priority of [0, 1, 2] as const)
    lanes[priority].unshift(...items.filter((item) => PRIORITY[item.operation.kind] === priority));
}

/** Takes at most `most` items, by priority. Drops the holds whose caller left before they were in a batch. */
export function takeBatch({ lanes }: Queue, most: number): Item[] {
  const taken: Item[] = [];
  for (const lane of lanes) {
    let index = 0;
    for (; index < lane.length && taken.length < most; index++) {
      const item = lane[index]!;
      if (item.operation.kind !== "hold" || !item.caller_left || item.maybe_applied) taken.push(item);
    }
    lane.splice(0, index);
  }
  return taken;
}

/** Removes and returns the holds that match. */
export function removeHolds({ lanes }: Queue, match: (item: Item) => boolean): Item[] {
  const lane = lanes[PRIORITY.hold];
  const removed = new Set(lane.filter((item) => item.operation.kind === "hold" && match(item)));
  if (removed.size > 0) lanes[PRIORITY.hold] = lane.filter((item) => !removed.has(item));
  return [...removed];
}

/**
 * An item and the promise of its outcome. `signal` ends the waiting, not the operation. A plain answer whose caller left
 * must not be delivered any more, so its settlement is changed: the next attempt releases the hold.
 */
export function createItem(
  operation: LedgerOperation,
  now_ms: number,
  signal?: AbortSignal,
): { item: Item; outcome: Promise<CommittedOutcome> } {
  const { promise, resolve, reject } = Promise.withResolvers<CommittedOutcome>();
  const leave = () => {
    item.caller_left = true;
    if (isPlainSettle(operation)) item.operation = { ...operation, deliver_within_ms: 0 };
    reject(signal!.reason);
  };
  const stopListening = () => signal?.removeEventListener("abort", leave);
  const item: Item = {
    operation,
    queued_at_ms: now_ms,
    maybe_applied: false,
    caller_left: false,
    committed: stopListening,
    resolve(outcome) {
      stopListening();
      resolve(outcome);
    },
    reject(error) {
      stopListening();
      reject(error);
    },
  };
  signal?.addEventListener("abort", leave, { once: true });
  return { item, outcome: promise };
}

type Settle = Extract<LedgerOperation, { kind: "settle" }>;

const isPlainSettle = (operation: LedgerOperation): operation is Settle =>
  operation.kind === "settle" && operation.deliver_within_ms !== undefined;

/** The release of a hold that was, or may have been, taken for a caller that left. */
export function releaseOf(hold_id: string, now_ms: number): Item {
  return itemWithoutCaller({ kind: "release", operation_id: randomUUID(), hold_id, reason: "waiter_left" }, now_ms);
}

/**
 * The operation that takes a committed item back when its caller had left before the commit: a hold is released, the
 * charge of a plain answer is undone.
 */
export function takeBackOf(
  { caller_left, operation }: Item,
  outcome: CommittedOutcome,
  now_ms: number,
): Item | undefined {
  if (!caller_left || !outcome.ok) return undefined;
  if (operation.kind === "hold") return releaseOf(operation.quote.hold_id, now_ms);
  if (!isPlainSettle(operation)) return undefined;
  const { hold_id } = outcome as Settled;
  return itemWithoutCaller({ kind: "undo", operation_id: randomUUID(), hold_id }, now_ms);
}

function itemWithoutCaller(operation: LedgerOperation, now_ms: number): Item {
  const { item, outcome } = createItem(operation, now_ms);
  outcome.catch(() => {}); // if the writer closes first, another gateway takes the orphaned hold over
  return item;
}

export function unavailable(message: string): ApiError {
  return new ApiError("admission_unavailable", message, { retry_after_ms: 1_000 });
}
