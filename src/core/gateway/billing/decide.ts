import { decideCredit, decideRefund } from "./funds.ts";
import { decideExpire, decideHold, decideObserve, decideRedispatch, decideRelease } from "./holds.ts";
import type { LedgerOperation } from "./operations.ts";
import { decideSettle } from "./settlement.ts";
import { noWrites } from "./state.ts";
import type { Batch, Hold, LoadedState, Outcome, Writes } from "./state.ts";

/** Money that comes in and goes back first, then sweeps, then what wants money. */
const PRIORITY: Record<LedgerOperation["kind"], 0 | 1 | 2> = {
  observe: 0,
  settle: 0,
  release: 0,
  credit: 0,
  refund: 0,
  expire: 1,
  redispatch: 1, // a hold that this batch opens is written as it was opened
  hold: 2,
};

/** Holds are told of so many decisions at a time. */
const TOLD_AT_ONCE = 32;

/**
 * Decides one batch: no I/O, no clock but `state.now_ms`. Greedy, so a large request that is refused does not refuse
 * the smaller ones behind it. Works on `state` in place. Returns an outcome per operation, in the order given, and the
 * rows to write.
 */
export function decide(
  state: LoadedState,
  operations: readonly LedgerOperation[],
  tell: {
    /** Called with these when nothing that is left to decide closes a hold or moves money between accounts. */
    closed?: (writes: Writes) => void;
    /** Called with new holds, in which nothing will change. */
    opened?: (holds: Hold[]) => void;
  } = {},
): { outcomes: Outcome[]; writes: Writes } {
  const batch: Batch = { state, writes: noWrites() };
  const outcomes = new Array<Outcome>(operations.length);
  const opened = batch.writes.opened.values();
  let told = 0;
  const tellOpened = (): void => {
    const count = batch.writes.opened.size - told;
    if (count === 0) return;
    told += count;
    tell.opened?.(Array.from({ length: count }, () => opened.next().value!));
  };
  for (const priority of [0, 1, 2]) {
    if (priority === 2) tell.closed?.(batch.writes);
    for (let index = 0; index < operations.length; index++) {
      const operation = operations[index]!;
      if (PRIORITY[operation.kind] === priority) outcomes[index] = decideOne(batch, operation);
      if (batch.writes.opened.size - told === TOLD_AT_ONCE) tellOpened();
    }
  }
  tellOpened();
  return { outcomes, writes: batch.writes };
}

function decideOne(batch: Batch, operation: LedgerOperation): Outcome {
  switch (operation.kind) {
    case "hold":
      return decideHold(batch, operation);
    case "redispatch":
      return decideRedispatch(batch, operation);
    case "observe":
      return decideObserve(batch, operation);
    case "settle":
      return decideSettle(batch, operation);
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
