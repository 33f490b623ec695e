import { decideCredit, decideRefund } from "./funds.ts";
import { decideExpire, decideHold, decideObserve, decideRedispatch, decideRelease } from "./holds.ts";
import type { LedgerOperation } from "./operations.ts";
import { decideSettle } from "./settlement.ts";
import { noWrites } from "./state.ts";
import type { Batch, LoadedState, Outcome, Writes } from "./state.ts";

/** Money that comes in and goes back first, then sweeps, then what wants money. */
const PRIORITY: Record<LedgerOperation["kind"], 0 | 1 | 2> = {
  observe: 0,
  settle: 0,
  release: 0,
  credit: 0,
  refund: 0,
  expire: 1,
  redispatch: 2,
  hold: 2,
};

/**
 * Decides one batch: no I/O, no clock but `state.now_ms`. Greedy, so a large request that is refused does not refuse
 * the smaller ones behind it. Works on `state` in place. Returns an outcome per operation, in the order given, and the
 * rows to write. `onClosed`: called with these when nothing that is left to decide closes a hold or moves money between
 * accounts.
 */
export function decide(
  state: LoadedState,
  operations: readonly LedgerOperation[],
  onClosed?: (writes: Writes) => void,
): { outcomes: Outcome[]; writes: Writes } {
  const batch: Batch = { state, writes: noWrites() };
  const outcomes = new Array<Outcome>(operations.length);
  for (const priority of [0, 1, 2]) {
    if (priority === 2) onClosed?.(batch.writes);
    for (let index = 0; index < operations.length; index++) {
      const operation = operations[index]!;
      if (PRIORITY[operation.kind] === priority) outcomes[index] = decideOne(batch, operation);
    }
  }
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
