import { refuse } from "./refusals.ts";
import type { Credited, LedgerOperation, Refunded, Refused } from "./operations.ts";
import { addEntry, WAIT } from "./state.ts";
import type { Batch, Entry } from "./state.ts";

type Operation<Kind extends LedgerOperation["kind"]> = Extract<LedgerOperation, { kind: Kind }>;

const MAX_WEI = 2n ** 256n - 1n;
const TOO_MUCH = "The credits and refunds of one customer end at 2^256 - 1 wei.";

/** Adds money from outside. A repeated reference answers the first result; with another amount it is refused. */
export function decideCredit(
  batch: Batch,
  { customer_id, amount_wei, reference }: Operation<"credit">,
): Credited | Refused | typeof WAIT {
  const { state, writes } = batch;
  const account_id = state.account_ids.get(customer_id);
  if (account_id === undefined) return refuse("not_found", "No such customer.");
  const account = state.accounts.get(account_id);
  if (account === undefined) return WAIT;
  const first = state.credits.get(reference);
  if (first !== undefined) {
    if (first.account_id !== account_id)
      return refuse("conflict", "This reference was credited to another customer; use a new reference.");
    if (first.amount_wei !== amount_wei) {
      return refuse(
        "conflict",
        `This reference was credited before, with ${first.amount_wei} wei; use a new reference.`,
        { amount_wei: first.amount_wei.toString() },
      );
    }
    return { ok: true, entry_id: entryId(first), balance_wei: first.balance_after_wei, repeated: true };
  }
  if (account.credited_wei + amount_wei > MAX_WEI) return refuse("invalid_request", TOO_MUCH);
  account.credited_wei += amount_wei;
  const entry = addEntry(batch, account, "credit", amount_wei, { reference });
  state.credits.set(reference, entry);
  writes.transfers.push({ kind: "credit", account_id, node_id: null, hold_id: null, amount_wei, fee_wei: null });
  return { ok: true, entry_id: entryId(entry), balance_wei: entry.balance_after_wei, repeated: false };
}

/** Gives back part of what a settled hold cost; all refunds of a hold together are at most its charge. */
export function decideRefund(batch: Batch, operation: Operation<"refund">): Refunded | Refused | typeof WAIT {
  const { state, writes } = batch;
  const { refund_id, customer_id, hold_id, amount_wei, reason } = operation;
  const account_id = state.account_ids.get(customer_id);
  if (account_id === undefined) return refuse("not_found", "No such customer.");
  const account = state.accounts.get(account_id);
  if (account === undefined) return WAIT;
  const first = state.refunds.get(refund_id);
  if (first !== undefined) {
    const same = first.account_id === account_id && first.hold_id === hold_id && first.amount_wei === amount_wei;
    if (!same) return refuse("conflict", "This refund id was used for another refund; use a new one.");
    return { ok: true, entry_id: String(first.entry_seq), balance_wei: first.balance_after_wei, repeated: true };
  }
  const hold = state.holds.get(hold_id);
  if (hold === undefined || hold.account_id !== account_id) return refuse("not_found", "No such job of this customer.");
  if (hold.state !== "settled")
    return refuse("conflict", `Only a settled job can be refunded; this one is ${hold.state}.`);
  const refunded_wei = state.refunded_wei.get(hold_id) ?? 0n;
  const refundable_wei = hold.charged_wei! - refunded_wei;
  if (amount_wei > refundable_wei) {
    return refuse("conflict", `At most ${refundable_wei} wei of this job can be refunded.`, {
      refundable_wei: refundable_wei.toString(),
    });
  }
  if (account.credited_wei + amount_wei > MAX_WEI) return refuse("invalid_request", TOO_MUCH);
  account.credited_wei += amount_wei;
  const entry = addEntry(batch, account, "refund", amount_wei, { hold_id });
  const refund = {
    refund_id,
    account_id,
    hold_id,
    amount_wei,
    reason,
    entry_seq: entry.seq,
    balance_after_wei: entry.balance_after_wei,
  };
  state.refunds.set(refund_id, refund);
  state.refunded_wei.set(hold_id, refunded_wei + amount_wei);
  writes.refunds.push(refund);
  writes.transfers.push({ kind: "refund", account_id, node_id: null, hold_id, amount_wei, fee_wei: null });
  return { ok: true, entry_id: entryId(entry), balance_wei: entry.balance_after_wei, repeated: false };
}

/** Entries are numbered per customer. */
function entryId(entry: Entry): string {
  return String(entry.seq);
}
