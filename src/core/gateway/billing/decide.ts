import { noWrites, type Batch, type LoadedState, type Outcome } from "./batch_state.ts";
import { decideCredit, decideRefund, decideUndo } from "./funds.ts";
import { decideExpire, decideHold, decideNote, decideObserve, decideRedispatch, decideRelease } from "./holds.ts";
import type { Hold, ReceiptRow, Writes } from "./model.ts";
import { PRIORITY, type LedgerOperation } from "./operations.ts";
import { decideSettle } from "./settlement.ts";

/**
 * Takes a batch's rows once they are final, so that the database writes them while the rest of the batch is decided.
 */
export type BatchSink = {
  /** Some receipts. */
  receipts(rows: ReceiptRow[]): void;
  /** Called once, when no operation that is left can close a hold or move money between accounts. */
  closed(writes: Writes): void;
  /** Some new holds. */
  opened(holds: Hold[]): void;
};

const ROWS_AT_ONCE = 32;

/**
 * Decides one batch: no I/O, no clock but `state.now_ms`. Greedy, so a large request that is refused does not refuse
 * the smaller ones behind it. Works on `state` in place. Returns an outcome per operation, in the order given, and the
 * rows to write.
 */
export function decide(
  state: LoadedState,
  operations: readonly LedgerOperation[],
  sink?: BatchSink,
): { outcomes: Outcome[]; writes: Writes } {
  const batch: Batch = { state, writes: noWrites() };
  const outcomes = new Array<Outcome>(operations.length);
  const passing: Passing | undefined = sink && passTo(sink, batch.writes);
  for (const priority of [0, 1, 2]) {
    if (priority === PRIORITY.hold && passing !== undefined) {
      passRows(passing, 1);
      passing.sink.closed(batch.writes);
    }
    for (let index = 0; index < operations.length; index++) {
      const operation = operations[index]!;
      if (PRIORITY[operation.kind] !== priority) continue;
      outcomes[index] = decideAudited(batch, operation);
      if (passing !== undefined) passRows(passing, ROWS_AT_ONCE);
    }
  }
  if (passing !== undefined) passRows(passing, 1);
  return { outcomes, writes: batch.writes };
}

/** How far the rows of a batch have been passed to its sink. */
type Passing = {
  sink: BatchSink;
  writes: Writes;
  /** The iterator, after the last hold that was passed. */
  opened: Iterator<Hold>;
  passed_receipts: number;
  passed_holds: number;
};

function passTo(sink: BatchSink, writes: Writes): Passing {
  return { sink, writes, opened: writes.opened.values(), passed_receipts: 0, passed_holds: 0 };
}

/** Passes the new receipts on when there are at least `least`, and likewise the new holds. */
function passRows(passing: Passing, least: number): void {
  const { sink, writes, opened } = passing;
  if (writes.receipts.length >= passing.passed_receipts + least) {
    sink.receipts(writes.receipts.slice(passing.passed_receipts));
    passing.passed_receipts = writes.receipts.length;
  }
  if (writes.opened.size >= passing.passed_holds + least) {
    const count = writes.opened.size - passing.passed_holds;
    sink.opened(Array.from({ length: count }, () => opened.next().value as Hold));
    passing.passed_holds = writes.opened.size;
  }
}

/** An admin's act adds an entry to the account, and then its audit row. A repeated act adds neither. */
function decideAudited(batch: Batch, operation: LedgerOperation): Outcome {
  const entries = batch.writes.entries.length;
  const outcome = decideOne(batch, operation);
  if (operation.audit !== undefined && batch.writes.entries.length > entries) batch.writes.audit.push(operation.audit);
  return outcome;
}

function decideOne(batch: Batch, operation: LedgerOperation): Outcome {
  switch (operation.kind) {
    case "hold":
      return decideHold(batch, operation);
    case "redispatch":
      return decideRedispatch(batch, operation);
    case "note":
      return decideNote(batch, operation);
    case "observe":
      return decideObserve(batch, operation);
    case "settle":
      return decideSettle(batch, operation);
    case "undo":
      return decideUndo(batch, operation);
    case "release":
      return decideRelease(batch, operation);
    case "expire":
      return decideExpire(batch, operation);
    case "credit":
      return decideCredit(batch, operation);
    case "refund":
      return decideRefund(batch, operation);
  }
}
