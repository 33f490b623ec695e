import { refuse } from "./refusals.ts";
import type { Closed, Credited, LedgerOperation, Refunded, Refused } from "./operations.ts";
import { addEntry, clientJobKey, NOT_DELIVERED, WAIT, type Batch } from "./batch_state.ts";
import type { Account, Entry, Hold } from "./model.ts";

type Operation<Kind extends LedgerOperation["kind"]> = Extract<LedgerOperation, { kind: Kind }>;

const MAX_WEI = 2n ** 256n - 1n;
const TOO_MUCH = "The credits and refunds of one customer end at 2^256 - 1 wei.";

/** Adds money from outside. A repeated reference gets the first result, and is refused with another amount. */
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

/** Refunds part of a settled hold's charge; all refunds of a hold together are at most its charge. */
export function decideRefund(batch: Batch, operation: Operation<"refund">): Refunded | Refused | typeof WAIT {
  const { state } = batch;
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
  const refundable_wei = refundableOf(batch, hold);
  if (amount_wei > refundable_wei) {
    return refuse("conflict", `At most ${refundable_wei} wei of this job can be refunded.`, {
      refundable_wei: refundable_wei.toString(),
    });
  }
  if (account.credited_wei + amount_wei > MAX_WEI) return refuse("invalid_request", TOO_MUCH);
  const entry = giveBack(batch, account, hold, { refund_id, amount_wei, reason });
  return { ok: true, entry_id: entryId(entry), balance_wei: entry.balance_after_wei, repeated: false };
}

/**
 * Refunds the whole charge of a plain answer whose caller had left before it was settled. The references of the job are
 * free as after a release. The hold stays settled, since it closes once.
 */
export function decideUndo(batch: Batch, { hold_id }: Operation<"undo">): Closed | typeof WAIT {
  const hold = batch.state.holds.get(hold_id);
  if (hold === undefined) return { ok: false, state: "unknown" };
  const account = batch.state.accounts.get(hold.account_id);
  if (account === undefined) return WAIT;
  if (hold.close_reason === NOT_DELIVERED) return { ok: true };
  const amount_wei = hold.state === "settled" ? refundableOf(batch, hold) : 0n;
  if (hold.state !== "settled" || account.credited_wei + amount_wei > MAX_WEI) return { ok: false, state: hold.state };
  hold.close_reason = NOT_DELIVERED;
  if (hold.client_job_id !== null) batch.state.client_jobs.delete(clientJobKey(account.account_id, hold.client_job_id));
  batch.writes.undone.add(hold);
  const refund_id = `undelivered_${hold_id}`;
  if (amount_wei > 0n) giveBack(batch, account, hold, { refund_id, amount_wei, reason: NOT_DELIVERED });
  return { ok: true };
}

function refundableOf({ state }: Batch, hold: Hold): bigint {
  return hold.charged_wei! - (state.refunded_wei.get(hold.hold_id) ?? 0n);
}

function giveBack(
  batch: Batch,
  account: Account,
  { hold_id }: Hold,
  given: { refund_id: string; amount_wei: bigint; reason: string },
): Entry {
  const { state, writes } = batch;
  const { account_id } = account;
  const { refund_id, amount_wei } = given;
  account.credited_wei += amount_wei;
  const entry = addEntry(batch, account, "refund", amount_wei, { hold_id });
  const { seq: entry_seq, balance_after_wei } = entry;
  const refund = { ...given, account_id, hold_id, entry_seq, balance_after_wei };
  state.refunds.set(refund_id, refund);
  state.refunded_wei.set(hold_id, (state.refunded_wei.get(hold_id) ?? 0n) + amount_wei);
  writes.refunds.push(refund);
  writes.transfers.push({ kind: "refund", account_id, node_id: null, hold_id, amount_wei, fee_wei: null });
  return entry;
}

/** Entries are numbered per customer. */
function entryId(entry: Entry): string {
  return String(entry.seq);
}
