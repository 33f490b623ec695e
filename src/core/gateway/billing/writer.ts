import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "../../errors.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { WAIT } from "./batch_state.ts";
import { createCommitter, type CommitBatch, type CommitHooks } from "./commit.ts";
import { classify, type Failure } from "./failures.ts";
import type { LedgerOperation, LedgerWriter, Verdict } from "./operations.ts";
import {
  createItem,
  createQueue,
  enqueue,
  putBack,
  queued,
  releaseOf,
  removeHolds,
  takeBackOf,
  takeBatch,
  unavailable,
} from "./queue.ts";
import type { CommittedOutcome, Item, Queue } from "./queue.ts";
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
  /** Called for each failed batch; must not throw. */
  onFailure?: (failure: Failure, error: unknown) => void;
  /** Called for each committed batch with its operations, its time, and how many wait for the next. */
  onBatch?: (batch: { operations: number; seconds: number; waiting: number }) => void;
  now_ms?: () => number;
  pause?: (ms: number) => Promise<unknown>;
};

/**
 * Group commit (docs/design/money.md, The writer; docs/decisions/0002-ledger-writer.md): while a batch is in flight,
 * operations collect, and the next batch takes what has collected. There is no timer, so an idle system adds no delay. A
 * batch whose commit is unknown is sent again as it is: its operations answer what was decided.
 *
 * The states of an operation:
 *
 * state      where it is                     what leads out of it
 * queued     in a lane of `queue`            the batch in flight is sent and a full batch waits: following; the batch in
 *                                            flight is committed: in flight; a hold that waited too long: refused
 * following  in `following`; its batch is    the batch in flight is committed: in flight; it fails: queued, before all
 *            begun behind the one in flight  others
 * in flight  in the batch that is committed  by the result of the batch:
 *                                              committed; another process has locked its account (WAIT): queued
 *                                              `locked`: in flight again, without waiting for accounts; a hold that
 *                                              waited too long: refused
 *                                              `conflict`: in flight again
 *                                              `away`: in flight again after a pause, as `maybe_applied`; a hold that
 *                                              waited too long: refused
 *                                              `rejected`, or many conflicts: each half of the batch is in flight for
 *                                              itself; an operation that is alone: refused
 * committed  in `undelivered`                its turn comes: the caller gets the verdict. The caller had left before
 *                                            the commit: a release or an undo is queued
 * refused    the caller has an error         a hold that may have been applied: its release is queued
 */
type GroupCommit = Required<WriterOptions> & {
  commit: CommitBatch;
  stats: WriterStats;
  queue: Queue;
  following: Item[];
  undelivered: { item: Item; outcome: CommittedOutcome }[];
  /** Resolves when no operation is left; undefined while there is none. */
  running: Promise<void> | undefined;
  /** True once the writer refuses operations. */
  closing: boolean;
  /** The time after which operations that the unreachable database did not take are refused. */
  give_up_at_ms: number;
};

const CONFLICTS_BEFORE_HALVING = 5;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;
const DELIVERED_AT_ONCE = 32;
const DELIVERED_AT_ONCE_WHEN_BUSY = 8;

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

/** A ledger writer over any batch transaction. */
export function createGroupCommit(
  commit: CommitBatch,
  options: WriterOptions = {},
): LedgerWriter & { stats(): WriterStats } {
  const writer: GroupCommit = {
    most_in_batch: 256,
    most_in_queue: 16_384,
    hold_wait_ms: 2_000,
    onFailure: () => {},
    onBatch: () => {},
    now_ms: () => performance.now(),
    pause: sleep,
    ...options,
    commit,
    stats: {
      batches: 0,
      operations: 0,
      halved: 0,
      waited: 0,
      failures: { locked: 0, conflict: 0, away: 0, rejected: 0 },
    },
    queue: createQueue(),
    following: [],
    undelivered: [],
    running: undefined,
    closing: false,
    give_up_at_ms: Infinity,
  };
  return {
    apply: (operation, signal) => apply(writer, operation, signal),
    close: (limit_ms) => close(writer, limit_ms),
    stats: () => writer.stats,
  };
}

async function apply<Operation extends LedgerOperation>(
  writer: GroupCommit,
  operation: Operation,
  signal?: AbortSignal,
): Promise<Verdict<Operation>> {
  validate(operation);
  signal?.throwIfAborted();
  if (writer.closing) throw unavailable("The gateway is stopping.");
  // Operations that give money back may exceed the queue's limit for holds.
  const room = operation.kind === "hold" ? writer.most_in_queue : 4 * writer.most_in_queue;
  if (queued(writer.queue) >= room) throw unavailable("Too many requests wait for admission.");
  const { item, outcome } = createItem(operation, writer.now_ms(), signal);
  enqueue(writer.queue, item);
  writer.running ??= Promise.resolve().then(() => run(writer));
  return outcome as Promise<Verdict<Operation>>;
}

/** Commits batch after batch until no operation is left. */
async function run(writer: GroupCommit): Promise<void> {
  let items = takeBatch(writer.queue, writer.most_in_batch);
  while (items.length > 0) {
    // The verdicts of the last batch set their callers to work on this thread. A full batch is sent before that, so
    // that the database works at the same time.
    const busy = items.length === writer.most_in_batch;
    const hooks = { onSent: () => deliver(writer, DELIVERED_AT_ONCE_WHEN_BUSY), next: () => takeFollowing(writer) };
    const committed = commitItems(writer, items, "wait", busy ? hooks : undefined);
    if (!busy) deliver(writer, DELIVERED_AT_ONCE);
    await committed;
    items = writer.following.length > 0 ? writer.following.splice(0) : takeBatch(writer.queue, writer.most_in_batch);
    if (items.length === 0) deliver(writer, DELIVERED_AT_ONCE);
  }
  writer.running = undefined;
}

/** The operations of the next batch, once there are enough for a full one. */
function takeFollowing(writer: GroupCommit): LedgerOperation[] | undefined {
  if (queued(writer.queue) < writer.most_in_batch) return undefined;
  writer.following.push(...takeBatch(writer.queue, writer.most_in_batch));
  return writer.following.map((item) => item.operation);
}

/** Gives verdicts to their callers, `at_once` at a time, so that the socket is written and read between them. */
function deliver(writer: GroupCommit, at_once: number): void {
  for (const { item, outcome } of writer.undelivered.splice(0, at_once)) item.resolve(outcome);
  if (writer.undelivered.length > 0) setImmediate(deliver, writer, at_once);
}

/** Resolves when each of the items is committed, queued again, or refused. */
async function commitItems(
  writer: GroupCommit,
  given: Item[],
  first_locking: "wait" | "skip",
  hooks?: CommitHooks,
): Promise<void> {
  let items = given;
  let locking = first_locking;
  let conflicts = 0;
  for (let pause_ms = FIRST_PAUSE_MS; items.length > 0;) {
    const failed = await attempt(writer, items, locking, hooks);
    if (failed === undefined) return;
    putBack(writer.queue, writer.following.splice(0));
    deliver(writer, DELIVERED_AT_ONCE);
    if (failed.failure === "locked") {
      locking = "skip";
      // An act that waits for its audit row fails so again and again; nothing is written meanwhile.
      items = refuseLateHolds(writer, items);
    }
    if (failed.failure === "conflict") conflicts += 1;
    if (failed.failure === "rejected" || conflicts > CONFLICTS_BEFORE_HALVING)
      return commitHalves(writer, items, locking, failed.error);
    if (failed.failure === "away") {
      if (writer.now_ms() >= writer.give_up_at_ms)
        return items.forEach((item) => item.reject(unavailable("The gateway stopped before the ledger answered.")));
      for (const item of items) item.maybe_applied = true;
      items = refuseLateHolds(writer, items);
      await writer.pause(pause_ms);
      pause_ms = Math.min(2 * pause_ms, LONGEST_PAUSE_MS);
    }
  }
}

/** Sends a batch once. Undefined: it is committed. */
async function attempt(
  writer: GroupCommit,
  items: Item[],
  locking: "wait" | "skip",
  hooks?: CommitHooks,
): Promise<{ failure: Failure; error: unknown } | undefined> {
  const { stats, queue, now_ms } = writer;
  const began_ms = now_ms();
  try {
    const outcomes = await writer.commit(
      items.map((item) => item.operation),
      locking,
      hooks,
    );
    stats.batches += 1;
    stats.operations += items.length;
    writer.onBatch({ operations: items.length, seconds: (now_ms() - began_ms) / 1000, waiting: queued(queue) });
    const waiting = items.filter((_, index) => outcomes[index] === WAIT);
    stats.waited += waiting.length;
    putBack(queue, refuseLateHolds(writer, waiting));
    items.forEach((item, index) => {
      const outcome = outcomes[index]!;
      if (outcome === WAIT) return;
      item.committed();
      writer.undelivered.push({ item, outcome });
      const take_back = takeBackOf(item, outcome, now_ms());
      if (take_back !== undefined) enqueue(queue, take_back);
    });
    return undefined;
  } catch (error) {
    const failure = classify(error);
    stats.failures[failure] += 1;
    writer.onFailure(failure, error);
    return { failure, error };
  }
}

/** Halves a batch that the database refuses, until the bad operation is alone: the others are committed without it. */
async function commitHalves(
  writer: GroupCommit,
  items: Item[],
  locking: "wait" | "skip",
  error: unknown,
): Promise<void> {
  if (items.length === 1) {
    items[0]!.reject(new ApiError("internal_error", "The ledger could not apply this operation.", { cause: error }));
    return;
  }
  writer.stats.halved += 1;
  const middle = items.length >> 1;
  await commitItems(writer, items.slice(0, middle), locking);
  await commitItems(writer, items.slice(middle), locking);
}

/**
 * Refuses the holds that waited too long or whose caller left, among `items` and in the queue, and returns the other
 * items. A refused hold that may have been taken is released as soon as the database is back.
 */
function refuseLateHolds(writer: GroupCommit, items: Item[]): Item[] {
  const { queue, now_ms, hold_wait_ms } = writer;
  const late = (item: Item) =>
    item.operation.kind === "hold" && (item.caller_left || now_ms() - item.queued_at_ms >= hold_wait_ms);
  for (const item of [...items.filter(late), ...removeHolds(queue, late)]) {
    item.reject(unavailable("The request could not be admitted: the ledger does not answer."));
    if (item.maybe_applied && item.operation.kind === "hold")
      enqueue(queue, releaseOf(item.operation.quote.hold_id, now_ms()));
  }
  return items.filter((item) => !late(item));
}

async function close(writer: GroupCommit, limit_ms = 15_000): Promise<void> {
  writer.closing = true;
  writer.give_up_at_ms = writer.now_ms() + limit_ms;
  await writer.running;
}
