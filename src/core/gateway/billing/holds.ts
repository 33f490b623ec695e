import { checkIdempotency, claimIdempotency } from "./idempotency.ts";
import {
  admissionLimits,
  bookAdmission,
  checkMoney,
  checkPolicy,
  checkRates,
  correctWindows,
  scopesOf,
} from "./limits.ts";
import type { Closed, Held, HoldQuote, LedgerOperation, Redispatched, Refused } from "./operations.ts";
import { refuse } from "./refusals.ts";
import { addEntry, clientJobKey, WAIT, type Batch } from "./batch_state.ts";
import type { Account, Hold, Key } from "./model.ts";

type Operation<Kind extends LedgerOperation["kind"]> = Extract<LedgerOperation, { kind: Kind }>;

/**
 * Admission: runs the checks that may refuse a request, in the order of docs/design/money.md, then opens the hold. A
 * refusal changes nothing.
 */
export function decideHold(batch: Batch, { quote, idempotency }: Operation<"hold">): Held | Refused | typeof WAIT {
  const { state } = batch;
  const account_id = state.account_ids.get(quote.customer_id);
  if (account_id === undefined) return refuse("unauthorized", "The customer of this request is not known.");
  const account = state.accounts.get(account_id);
  if (account === undefined) return WAIT;
  const applied = state.holds.get(quote.hold_id);
  if (applied !== undefined) return repeatHold(batch, applied, account, quote);
  const key = quote.credential_id === null ? undefined : state.keys.get(quote.credential_id);
  const scopes = scopesOf(account, key);
  const refused =
    checkStanding(batch, account, key, quote) ??
    (idempotency === null ? undefined : checkIdempotency(batch, account, idempotency)) ??
    checkJobs(batch, account, quote) ??
    checkPolicy(scopes, quote) ??
    checkRates(batch, scopes, account_id, quote) ??
    checkMoney(batch, scopes, account, quote);
  if (refused !== undefined) return { ...refused, limits: admissionLimits(batch, scopes, account_id) };

  const hold = openHold(batch, account, key, quote);
  bookAdmission(batch, scopes, account_id, quote);
  if (idempotency !== null) claimIdempotency(batch, account, idempotency, quote);
  return heldVerdict(hold, admissionLimits(batch, scopes, account_id));
}

/** Checks customer and key. Routing has refused unknown prices and prices of 0, so the hold is above 0 wei. */
function checkStanding(
  { state }: Batch,
  account: Account,
  key: Key | undefined,
  quote: HoldQuote,
): Refused | undefined {
  if (account.status !== "active") return refuse("customer_frozen", `This customer account is ${account.status}.`);
  if (quote.credential_id === null) return undefined;
  if (key === undefined) return refuse("unauthorized", "The key of this request is not known.");
  if (key.customer_id !== null && key.customer_id !== account.customer_id)
    return refuse("unauthorized", "The key belongs to another customer.");
  if (key.revoked) return refuse("unauthorized", "The key is revoked.");
  if (key.expires_at_ms !== null && key.expires_at_ms <= state.now_ms)
    return refuse("unauthorized", "The key has expired.");
  return undefined;
}

function checkJobs({ state }: Batch, account: Account, quote: HoldQuote): Refused | undefined {
  if (state.jobs.has(quote.job_id)) return refuse("conflict", "This job id is taken.");
  if (quote.client_job_id === null) return undefined;
  if (!state.client_jobs.has(clientJobKey(account.account_id, quote.client_job_id))) return undefined;
  return refuse(
    "conflict",
    "b3iq.job_id was used for another request of this customer, which is open or was charged; use a new one.",
  );
}

/** The verdict on a hold id that exists: the writer sends an operation again when its commit is unknown. */
function repeatHold(batch: Batch, hold: Hold, account: Account, quote: HoldQuote): Held | Refused {
  if (hold.account_id !== account.account_id || hold.job_id !== quote.job_id)
    return refuse("conflict", "This hold id is taken.");
  if (hold.state !== "held")
    return refuse("admission_unavailable", "The request was released before its dispatch; send it again.", {}, 1_000);
  const key = hold.credential_id === null ? undefined : batch.state.keys.get(hold.credential_id);
  return heldVerdict(hold, admissionLimits(batch, scopesOf(account, key), account.account_id));
}

function openHold(batch: Batch, account: Account, key: Key | undefined, quote: HoldQuote): Hold {
  const { state, writes } = batch;
  const { customer_id: _, max_price_wei: __, deadline_ms, receipt_grace_ms, ...frozen } = quote;
  const hold: Hold = {
    ...frozen,
    account_id: account.account_id,
    fence: 1,
    policy_version: account.policy_version,
    key_policy_version: key?.policy_version ?? null,
    created_at_ms: state.now_ms,
    deadline_at_ms: state.now_ms + deadline_ms,
    expires_at_ms: state.now_ms + deadline_ms + receipt_grace_ms,
    observed: null,
    noted: null,
    state: "held",
    charged_wei: null,
    fee_wei: null,
    payout_wei: null,
    prompt_tokens: null,
    completion_tokens: null,
    unobserved: null,
    receipt_hash: null,
    close_reason: null,
    closed_by: null,
  };
  state.holds.set(hold.hold_id, hold);
  state.jobs.set(hold.job_id, hold.hold_id);
  if (hold.client_job_id !== null)
    state.client_jobs.set(clientJobKey(account.account_id, hold.client_job_id), hold.hold_id);
  writes.opened.add(hold);
  account.reserved_wei += hold.amount_wei;
  countOpen(batch, account, hold, 1);
  addEntry(batch, account, "reserve", hold.amount_wei, { hold_id: hold.hold_id });
  return hold;
}

function heldVerdict(hold: Hold, limits: Held["limits"]): Held {
  return {
    ok: true,
    hold_id: hold.hold_id,
    job_id: hold.job_id,
    policy_version: hold.policy_version,
    expires_at: new Date(hold.expires_at_ms),
    limits,
  };
}

/**
 * Moves an open hold to its next candidate and raises the fence, so that receipts of the earlier node are superseded.
 */
export function decideRedispatch(batch: Batch, operation: Operation<"redispatch">): Redispatched | typeof WAIT {
  const hold = batch.state.holds.get(operation.hold_id);
  if (hold === undefined) return { ok: false, state: "unknown" };
  if (!batch.state.accounts.has(hold.account_id)) return WAIT;
  const repeated =
    hold.fence === operation.fence && hold.node_id === operation.node_id && hold.node_epoch === operation.node_epoch;
  if (hold.state !== "held" || (operation.fence <= hold.fence && !repeated)) return { ok: false, state: hold.state };
  hold.node_id = operation.node_id;
  hold.node_epoch = operation.node_epoch;
  hold.fence = operation.fence;
  hold.prompt_price_wei = operation.prompt_price_wei;
  hold.completion_price_wei = operation.completion_price_wei;
  Object.assign(hold, operation.serving);
  move(batch, hold);
  return { ok: true };
}

/**
 * Notes on an open hold how much of its stream was sent, so that the customer pays for no more if the gateway dies. A
 * note is written only when it counts more events than the one before.
 */
export function decideNote(batch: Batch, { hold_id, delivered }: Operation<"note">): Closed | typeof WAIT {
  const hold = batch.state.holds.get(hold_id);
  if (hold === undefined) return { ok: false, state: "unknown" };
  if (!batch.state.accounts.has(hold.account_id)) return WAIT;
  if (hold.state !== "held") return { ok: false, state: hold.state };
  if (hold.noted !== null && hold.noted.events >= delivered.events) return { ok: true };
  hold.noted = delivered;
  batch.writes.noted.add(hold);
  return { ok: true };
}

/** Stores the observation of the answer on its open hold, once, so that a later receipt is clamped by it. */
export function decideObserve(batch: Batch, { hold_id, observation }: Operation<"observe">): Closed | typeof WAIT {
  const hold = batch.state.holds.get(hold_id);
  if (hold === undefined) return { ok: false, state: "unknown" };
  if (!batch.state.accounts.has(hold.account_id)) return WAIT;
  if (hold.observed !== null) return { ok: true };
  if (hold.state !== "held") return { ok: false, state: hold.state };
  hold.observed = observation;
  move(batch, hold);
  return { ok: true };
}

/** Gives the whole amount back. For a closed hold, the verdict is its state. */
export function decideRelease(batch: Batch, operation: Operation<"release">): Closed | typeof WAIT {
  return giveBack(batch, operation.operation_id, operation.hold_id, "released", operation.reason);
}

/** Expires a hold whose expiry has passed by the database's clock. */
export function decideExpire(batch: Batch, operation: Operation<"expire">): Closed | typeof WAIT {
  const hold = batch.state.holds.get(operation.hold_id);
  if (hold?.state === "held" && hold.expires_at_ms > batch.state.now_ms) return { ok: false, state: "held" };
  return giveBack(batch, operation.operation_id, operation.hold_id, "expired", "expired");
}

function giveBack(
  batch: Batch,
  operation_id: string,
  hold_id: string,
  to: "released" | "expired",
  reason: string,
): Closed | typeof WAIT {
  const hold = batch.state.holds.get(hold_id);
  if (hold === undefined) return { ok: false, state: "unknown" };
  const account = batch.state.accounts.get(hold.account_id);
  if (account === undefined) return WAIT;
  if (hold.state !== "held") return hold.closed_by === operation_id ? { ok: true } : { ok: false, state: hold.state };
  closeFree(batch, account, hold, operation_id, to, reason);
  return { ok: true };
}

/** Ends an open hold without a charge. */
export function closeFree(
  batch: Batch,
  account: Account,
  hold: Hold,
  operation_id: string,
  to: "released" | "expired",
  reason: string,
): void {
  hold.state = to;
  closeHold(batch, account, hold, operation_id, reason);
  addEntry(batch, account, "release", hold.amount_wei, { hold_id: hold.hold_id });
  correctLimits(batch, account, hold, 0n, 0n);
}

/** The steps that every end of a hold shares. The caller sets `state` and adds the one entry that closes the hold. */
export function closeHold(batch: Batch, account: Account, hold: Hold, operation_id: string, reason: string): void {
  hold.close_reason = reason;
  hold.closed_by = operation_id;
  account.reserved_wei -= hold.amount_wei;
  countOpen(batch, account, hold, -1);
  if (hold.client_job_id !== null && hold.state !== "settled")
    batch.state.client_jobs.delete(clientJobKey(account.account_id, hold.client_job_id));
  batch.writes.moved.delete(hold);
  batch.writes.noted.delete(hold);
  if (!batch.writes.opened.has(hold)) batch.writes.closed.add(hold);
}

/** Corrects the limit windows from the reserved tokens and wei down to the used ones. */
export function correctLimits(
  batch: Batch,
  account: Account,
  hold: Hold,
  charged_wei: bigint,
  used_tokens: bigint,
): void {
  const unused = {
    wei: hold.amount_wei - charged_wei,
    tokens: BigInt(hold.reserved_tokens) - used_tokens,
  };
  const key = hold.credential_id === null ? undefined : batch.state.keys.get(hold.credential_id);
  for (const scope of scopesOf(account, key)) correctWindows(batch, scope, hold.created_at_ms, unused);
}

function countOpen(batch: Batch, account: Account, hold: Hold, change: 1 | -1): void {
  account.open_holds += change;
  const key = hold.credential_id === null ? undefined : batch.state.keys.get(hold.credential_id);
  if (key === undefined || key.customer_id !== account.customer_id) return;
  key.open_holds += change;
  batch.writes.keys.add(key);
}

function move(batch: Batch, hold: Hold): void {
  if (!batch.writes.opened.has(hold)) batch.writes.moved.add(hold);
}
