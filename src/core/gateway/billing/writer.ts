import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "../../errors.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { createCommitter } from "./commit.ts";
import type { CommitBatch } from "./commit.ts";
import { classify } from "./failures.ts";
import type { Failure } from "./failures.ts";
import type { LedgerOperation, LedgerWriter, Verdict } from "./operations.ts";
import { createItem, createQueue, releaseOf, takenBack, unavailable } from "./queue.ts";
import type { Decided, Item } from "./queue.ts";
import { WAIT } from "./batch_state.ts";
import { validate } from "./validate.ts";

/** Counts since the start, for metrics and tests. */
export type WriterStats = {
  batches: number;
  operations: number;
  halved: number;
  waited: number;
  failures: Record<Failure, number>;
};

export type WriterOptions = {
  most_in_batch?: number;
  most_in_queue?: number;
  /** How long a hold waits for a database that does not answer. */
  hold_wait_ms?: number;
  /** Told of each failed batch; must not throw. */
  onFailure?: (failure: Failure, error: unknown) => void;
  /** Told of each batch that was committed: its operations, its time, and how many wait for the next. */
  onBatch?: (batch: { operations: number; seconds: number; waiting: number }) => void;
  now_ms?: () => number;
  pause?: (ms: number) => Promise<unknown>;
};

type Hooks = Parameters<CommitBatch>[2];

const CONFLICTS_BEFORE_HALVING = 5;
const FIRST_PAUSE_MS = 20;
const DELIVERED_AT_ONCE = 32;
const DELIVERED_AT_ONCE_WHEN_BUSY = 8;
const LONGEST_PAUSE_MS = 1_000;

/** The ledger writer of this process, over a connection of its own. */
export function createLedgerWriter(db: Database, options: WriterOptions = {}): LedgerWriter & { stats(): WriterStats } {
  const committer = createCommitter(db);
  const writer = createGroupCommit(committer.commit, options);
  return {
    ...writer,
    close: async (limit_ms?: number) => {
      await writer.close(limit_ms);
      await committer.close();
    },
  };
}

/**
 * Group commit (docs/design/money.md, The writer): while a batch is in flight, operations collect; when it is done, the
 * next one takes what is there. No timer, so an idle system adds no delay. A batch whose commit is unknown is sent
 * again as it is: its ids return what was decided.
 */
export function createGroupCommit(
  commit: CommitBatch,
  options: WriterOptions = {},
): LedgerWriter & { stats(): WriterStats } {
  const {
    most_in_batch = 256,
    most_in_queue = 16_384,
    hold_wait_ms = 2_000,
    onFailure = () => {},
    onBatch = () => {},
    now_ms = () => performance.now(),
    pause = sleep,
  } = options;
  const queue = createQueue();
  const stats: WriterStats = {
    batches: 0,
    operations: 0,
    halved: 0,
    waited: 0,
    failures: { locked: 0, conflict: 0, away: 0, rejected: 0 },
  };
  const decided: { item: Item; outcome: Decided }[] = [];
  /** Taken for the next batch, before this one is done. */
  const following: Item[] = [];
  let running: Promise<void> | undefined;
  let closing = false;
  let give_up_at_ms = Infinity;

  async function apply<Operation extends LedgerOperation>(
    operation: Operation,
    signal?: AbortSignal,
  ): Promise<Verdict<Operation>> {
    validate(operation);
    signal?.throwIfAborted();
    if (closing) throw unavailable("The gateway is stopping.");
    // What gives money back may use the room that holds may not.
    if (queue.size >= (operation.kind === "hold" ? most_in_queue : 4 * most_in_queue))
      throw unavailable("Too many requests wait for admission.");
    const { item, outcome } = createItem(operation, now_ms(), signal);
    queue.push(item);
    running ??= Promise.resolve().then(run);
    return outcome as Promise<Verdict<Operation>>;
  }

  async function run(): Promise<void> {
    let items = queue.take(most_in_batch);
    while (items.length > 0) {
      // The waiters of the last batch go on, and keep this thread busy, while the database works on the next one: when
      // there are many, at the time when it has the most to do.
      const busy = items.length === most_in_batch;
      const committed = commitAll(
        items,
        "wait",
        busy ? { onSent: () => deliver(DELIVERED_AT_ONCE_WHEN_BUSY), next } : undefined,
      );
      if (!busy) deliver();
      await committed;
      items = following.length > 0 ? following.splice(0) : queue.take(most_in_batch);
      if (items.length === 0) deliver();
    }
    running = undefined;
  }

  /** The batch that follows, once there are enough for a full one. */
  function next(): LedgerOperation[] | undefined {
    if (queue.size < most_in_batch) return undefined;
    following.push(...queue.take(most_in_batch));
    return following.map((item) => item.operation);
  }

  /** Some at a time: between them the socket takes what it could not take at once. */
  function deliver(at_once = DELIVERED_AT_ONCE): void {
    for (const { item, outcome } of decided.splice(0, at_once)) item.resolve(outcome);
    if (decided.length > 0) setImmediate(deliver, at_once);
  }

  /** Until every item has its outcome, waits for its account, or was given up. */
  async function commitAll(given: Item[], first_locking: "wait" | "skip", hooks?: Hooks): Promise<void> {
    let items = given;
    let locking = first_locking;
    let conflicts = 0;
    for (let pause_ms = FIRST_PAUSE_MS; items.length > 0;) {
      const failed = await attempt(items, locking, hooks);
      if (failed === undefined) return;
      queue.unshift(following.splice(0));
      deliver();
      if (failed.failure === "locked") locking = "skip";
      if (failed.failure === "conflict") conflicts += 1;
      if (failed.failure === "rejected" || conflicts > CONFLICTS_BEFORE_HALVING)
        return halve(items, locking, failed.error);
      if (failed.failure === "away") {
        if (now_ms() >= give_up_at_ms)
          return items.forEach((item) => item.reject(unavailable("The gateway stopped before the ledger answered.")));
        for (const item of items) item.sent = true;
        items = giveUpHolds(items);
        await pause(pause_ms);
        pause_ms = Math.min(2 * pause_ms, LONGEST_PAUSE_MS);
      }
    }
  }

  async function attempt(
    items: Item[],
    locking: "wait" | "skip",
    hooks?: Hooks,
  ): Promise<{ failure: Failure; error: unknown } | undefined> {
    const began_ms = now_ms();
    try {
      const outcomes = await commit(
        items.map((item) => item.operation),
        locking,
        hooks,
      );
      stats.batches += 1;
      stats.operations += items.length;
      onBatch({ operations: items.length, seconds: (now_ms() - began_ms) / 1000, waiting: queue.size });
      const waiting = items.filter((_, index) => outcomes[index] === WAIT);
      stats.waited += waiting.length;
      queue.unshift(giveUpHolds(waiting));
      items.forEach((item, index) => {
        const outcome = outcomes[index]!;
        if (outcome === WAIT) return;
        item.decided();
        decided.push({ item, outcome });
        const back = takenBack(item, outcome, now_ms());
        if (back !== undefined) queue.push(back);
      });
      return undefined;
    } catch (error) {
      const failure = classify(error);
      stats.failures[failure] += 1;
      onFailure(failure, error);
      return { failure, error };
    }
  }

  /** The good operations of a batch that the database refuses go on without the bad one. */
  async function halve(items: Item[], locking: "wait" | "skip", error: unknown): Promise<void> {
    if (items.length === 1) {
      items[0]!.reject(new ApiError("internal_error", "The ledger could not apply this operation.", { cause: error }));
      return;
    }
    stats.halved += 1;
    const middle = items.length >> 1;
    await commitAll(items.slice(0, middle), locking);
    await commitAll(items.slice(middle), locking);
  }

  /**
   * Holds that waited too long are refused, those in the queue too; one that may have been taken is released as soon as
   * the database is back.
   */
  function giveUpHolds(items: Item[]): Item[] {
    const late = (item: Item) =>
      item.operation.kind === "hold" && (item.gone || now_ms() - item.queued_at_ms >= hold_wait_ms);
    for (const item of [...items.filter(late), ...queue.removeHolds(late)]) {
      item.reject(unavailable("The request could not be admitted: the ledger does not answer."));
      if (item.sent && item.operation.kind === "hold") queue.push(releaseOf(item.operation.quote.hold_id, now_ms()));
    }
    return items.filter((item) => !late(item));
  }

  async function close(limit_ms = 15_000): Promise<void> {
    closing = true;
    give_up_at_ms = now_ms() + limit_ms;
    await running;
  }

  return { apply, close, stats: () => stats };
}
