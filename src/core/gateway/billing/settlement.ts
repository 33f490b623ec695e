import { closeFree, closeHold, correctLimits } from "./holds.ts";
import type { Account, Hold, Observation, RecordedReason, StoredReceipt } from "./model.ts";
import type { Awaiting, Equivocation, LedgerOperation, Recorded, Settled, VerifiedReceipt } from "./operations.ts";
import { addEntry, NOT_DELIVERED, numberKey, ownerKey, WAIT, type Batch } from "./batch_state.ts";

export type Charge = {
  prompt_tokens: number;
  completion_tokens: number;
  charged_wei: bigint;
  fee_wei: bigint;
  payout_wei: bigint;
};

type Priced = Pick<
  Hold,
  | "prompt_price_wei"
  | "completion_price_wei"
  | "fee_bps"
  | "prompt_bound"
  | "completion_bound"
  | "amount_wei"
  | "hidden_reasoning"
  | "mode"
>;
type Operation = Extract<LedgerOperation, { kind: "settle" }>;
type Usage = Pick<VerifiedReceipt, "prompt_tokens" | "completion_tokens">;

/**
 * The charge of a receipt under its hold (docs/design/money.md, Clamp): tokens are clamped to the bounds, completion
 * tokens also to the observation (bytes + events, unless reasoning is hidden), the sum to the hold. `fee =
 * floor(charged x fee_bps / 10000)`, the rest is the payout.
 */
export function charge(hold: Priced, usage: Usage, observation: Observation): Charge {
  const seen = hold.hidden_reasoning ? hold.completion_bound : observation.content_bytes + observation.events;
  const prompt_tokens = Math.min(usage.prompt_tokens, hold.prompt_bound);
  const completion_tokens = Math.min(usage.completion_tokens, hold.completion_bound, seen);
  const price_wei =
    BigInt(prompt_tokens) * hold.prompt_price_wei + BigInt(completion_tokens) * hold.completion_price_wei;
  const charged_wei = price_wei < hold.amount_wei ? price_wei : hold.amount_wei;
  const fee_wei = (charged_wei * BigInt(hold.fee_bps)) / 10_000n;
  return {
    prompt_tokens,
    completion_tokens,
    charged_wei,
    fee_wei,
    payout_wei: charged_wei - fee_wei,
  };
}

/**
 * Settles a hold on a verified receipt, or keeps the receipt unpaid with its reason (docs/design/evidence.md,
 * Receipts). Only the hold and the receipt decide, not whether customer, key, policy or node are still active.
 */
export function decideSettle(
  batch: Batch,
  operation: Operation,
): Settled | Recorded | Awaiting | Equivocation | typeof WAIT {
  const { state } = batch;
  const { receipt } = operation;
  const hold_id = state.jobs.get(receipt.job_id);
  const hold = hold_id === undefined ? undefined : state.holds.get(hold_id);
  const account = hold === undefined ? undefined : state.accounts.get(hold.account_id);
  if (hold !== undefined && account === undefined) return WAIT;

  const known = state.receipts.get(receipt.receipt_hash);
  if (known !== undefined) {
    return known.reason === null
      ? settledVerdict(hold!, account!)
      : { ok: false, recorded: true, reason: known.reason, state: known.hold_state };
  }
  const first_receipt_hash = state.numbers.get(numberKey(receipt.node_id, receipt.node_epoch, receipt.node_seq));
  if (first_receipt_hash !== undefined) return keepEvidence(batch, receipt, first_receipt_hash);

  const reason = unpayable(hold, receipt);
  if (reason !== undefined) return record(batch, receipt, hold, reason);
  if (awaitsGateway(batch, hold!, operation.observation))
    return { ok: false, recorded: false, reason: "answer_open", state: "held" };
  const observation = operation.observation ?? seenOf(hold!);
  if (observation === null || isLate(batch, hold!, operation)) {
    closeFree(batch, account!, hold!, operation.operation_id, "released", NOT_DELIVERED);
    return record(batch, receipt, hold, "hold_closed");
  }
  return settle(batch, account!, hold!, operation.operation_id, receipt, observation);
}

/**
 * The observation that a gateway left on the hold of an answer: the one of its end, or the newest note of a gateway that
 * is gone. Null when there is neither: then no byte is known to be delivered, and nothing is charged.
 */
export function seenOf({ observed, noted }: Hold): Observation | null {
  return observed ?? (noted === null ? null : { ...noted, reason: "gateway_gone" });
}

/** Node, fence and prices must be the hold's, and the hold must be open. No other rule refuses a receipt. */
export function unpayable(hold: Hold | undefined, receipt: VerifiedReceipt): RecordedReason | undefined {
  if (hold === undefined) return "job_unknown";
  if (hold.state !== "held") return "hold_closed";
  if (hold.node_id !== receipt.node_id || hold.node_epoch !== receipt.node_epoch || hold.fence !== receipt.fence)
    return "superseded";
  const priced =
    hold.prompt_price_wei === receipt.prompt_price_wei &&
    hold.completion_price_wei === receipt.completion_price_wei &&
    hold.fee_bps === receipt.fee_bps;
  return priced ? undefined : "price_mismatch";
}

/**
 * A receipt that comes by the node's outbox while the gateway of the answer may still settle it. A plain answer is
 * settled by the gateway that delivers it or not at all, a private job by the gateway that keeps its sealed result; a
 * stream waits until its gateway has stored its observation of the end, or is dead.
 */
function awaitsGateway({ state }: Batch, hold: Hold, given: Observation | null): boolean {
  if (given !== null) return false;
  if (hold.mode !== "stream") return true;
  return hold.observed === null && state.live_owners.has(ownerKey(hold.gateway_id, hold.gateway_epoch));
}

/**
 * A plain answer is delivered in its time or free. Its gateway waits no longer than that (settle.ts), so a settlement
 * that is late by the database's clock belongs to no delivered answer.
 */
function isLate({ state }: Batch, hold: Hold, { deliver_within_ms }: Operation): boolean {
  return deliver_within_ms !== undefined && state.now_ms >= hold.created_at_ms + deliver_within_ms;
}

function settle(
  batch: Batch,
  account: Account,
  hold: Hold,
  operation_id: string,
  receipt: VerifiedReceipt,
  observation: Observation,
): Settled {
  const { writes } = batch;
  Object.assign(hold, charge(hold, receipt, observation), {
    state: "settled",
    receipt_hash: receipt.receipt_hash,
    observed: observation,
    unobserved: false,
  });
  const charged_wei = hold.charged_wei!;
  closeHold(batch, account, hold, operation_id, receipt.outcome);
  account.debited_wei += charged_wei;
  // The one entry that closes the hold; a charge of 0 gives the whole amount back.
  addEntry(batch, account, charged_wei > 0n ? "debit" : "release", charged_wei > 0n ? charged_wei : hold.amount_wei, {
    hold_id: hold.hold_id,
  });
  if (charged_wei > 0n) {
    const { account_id, hold_id, node_id, fee_wei } = hold;
    writes.transfers.push({ kind: "settlement", account_id, node_id, hold_id, amount_wei: charged_wei, fee_wei });
  }
  correctLimits(batch, account, hold, charged_wei, BigInt(hold.prompt_tokens!) + BigInt(hold.completion_tokens!));
  keep(batch, { receipt_hash: receipt.receipt_hash, hold_id: hold.hold_id, reason: null, hold_state: "held" }, receipt);
  return settledVerdict(hold, account);
}

function record(batch: Batch, receipt: VerifiedReceipt, hold: Hold | undefined, reason: RecordedReason): Recorded {
  const state = hold?.state ?? "unknown";
  keep(
    batch,
    { receipt_hash: receipt.receipt_hash, hold_id: hold?.hold_id ?? null, reason, hold_state: state },
    receipt,
  );
  return { ok: false, recorded: true, reason, state };
}

function keep({ state, writes }: Batch, stored: StoredReceipt, receipt: VerifiedReceipt): void {
  state.receipts.set(receipt.receipt_hash, stored);
  state.numbers.set(numberKey(receipt.node_id, receipt.node_epoch, receipt.node_seq), receipt.receipt_hash);
  const { node_id, node_epoch, node_seq, job_id, payload, signature } = receipt;
  writes.receipts.push({ ...stored, node_id, node_epoch, node_seq, job_id, payload, signature });
}

/** One number, two receipts: both are kept, neither the second is paid nor a customer charged by it. */
function keepEvidence({ state, writes }: Batch, receipt: VerifiedReceipt, first_receipt_hash: string): Equivocation {
  if (!state.equivocations.has(receipt.receipt_hash)) {
    state.equivocations.add(receipt.receipt_hash);
    const { receipt_hash, node_id, node_epoch, node_seq, payload, signature } = receipt;
    writes.equivocations.push({ receipt_hash, first_receipt_hash, node_id, node_epoch, node_seq, payload, signature });
  }
  return { ok: false, recorded: false, reason: "sequence_reused" };
}

function settledVerdict(hold: Hold, account: Account): Settled {
  return {
    ok: true,
    hold_id: hold.hold_id,
    customer_id: account.customer_id,
    charged_wei: hold.charged_wei!,
    fee_wei: hold.fee_wei!,
    payout_wei: hold.payout_wei!,
    prompt_tokens: hold.prompt_tokens!,
    completion_tokens: hold.completion_tokens!,
    unobserved: hold.unobserved!,
  };
}
