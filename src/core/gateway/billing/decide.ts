import type { ReceiptRow } from "../../../store/postgres/ledger/rows.ts";
import { decideCredit, decideRefund, decideUndo } from "./funds.ts";
import { decideExpire, decideHold, decideNote, decideObserve, decideRedispatch, decideRelease } from "./holds.ts";
import type { LedgerOperation } from "./operations.ts";
import { decideSettle } from "./settlement.ts";
import { noWrites } from "./batch_state.ts";
import type { Batch, Hold, LoadedState, Outcome, Writes } from "./batch_state.ts";

/** Money that comes in and goes back first, then sweeps, then what wants money. */
const PRIORITY: Record<LedgerOperation["kind"], 0 | 1 | 2> = {
  observe: 0,
  settle: 0,
  undo: 0,
  release: 0,
  credit: 0,
  refund: 0,
  expire: 1,
  note: 1,
  redispatch: 1, // a hold that this batch opens is written as it was opened
  hold: 2,
};

/** What has been decided for good, for who writes it. */
export type Told = {
  /** Some receipts. */
  receipts(rows: ReceiptRow[]): void;
  /** Called once, when nothing that is left to decide closes a hold or moves money between accounts. */
  closed(writes: Writes): void;
  /** Some new holds. */
  holds(opened: Hold[]): void;
};

const TOLD_AT_ONCE = 32;

/**
 * Decides one batch: no I/O, no clock but `state.now_ms`. Greedy, so a large request that is refused does not refuse
 * the smaller ones behind it. Works on `state` in place. Returns an outcome per operation, in the order given, and the
 * rows to write.
 */
export function decide(
  state: LoadedState,
  operations: readonly LedgerOperation[],
  told?: Told,
): { outcomes: Outcome[]; writes: Writes } {
  const batch: Batch = { state, writes: noWrites() };
  const outcomes = new Array<Outcome>(operations.length);
  const tell = teller(batch.writes, told);
  for (const priority of [0, 1, 2]) {
    if (priority === 2) {
      tell(1);
      told?.closed(batch.writes);
    }
    for (let index = 0; index < operations.length; index++) {
      const operation = operations[index]!;
      if (PRIORITY[operation.kind] !== priority) continue;
      outcomes[index] = decideAudited(batch, operation);
      tell(TOLD_AT_ONCE);
    }
  }
  tell(1);
  return { outcomes, writes: batch.writes };
}

/** Tells of what is new since the last time, when there are `least` of a kind. */
function teller(writes: Writes, told: Told | undefined): (least: number) => void {
  const opened = writes.opened.values();
  let receipts_told = 0;
  let holds_told = 0;
  return (least) => {
    if (writes.receipts.length >= receipts_told + least) {
      told?.receipts(writes.receipts.slice(receipts_told));
      receipts_told = writes.receipts.length;
    }
    if (writes.opened.size >= holds_told + least) {
      told?.holds(Array.from({ length: writes.opened.size - holds_told }, () => opened.next().value!));
      holds_told = writes.opened.size;
    }
  };
}

/** An admin's act adds an entry to the account, and its audit entry then; repeated, it adds neither. */
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
