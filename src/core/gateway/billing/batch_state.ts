import type {
  Account,
  Entry,
  EntryKind,
  Hold,
  Idempotency,
  Key,
  LimitWindow,
  Refund,
  StoredReceipt,
  WindowKind,
  Writes,
} from "./model.ts";
import type { LedgerOperation, Verdicts } from "./operations.ts";

/**
 * The rows that a batch may read or change. `accounts` has the accounts that could be locked; operations on others wait
 * for the next batch.
 */
export type LoadedState = {
  now_ms: number;
  accounts: Map<number, Account>;
  /** The account ids of all customers in the batch, locked or not. */
  account_ids: Map<string, number>;
  keys: Map<string, Key>;
  holds: Map<string, Hold>;
  /** The hold id of a job. */
  jobs: Map<string, string>;
  /** The open or settled hold of a customer's own reference, by `clientJobKey`. */
  client_jobs: Map<string, string>;
  /** The windows of a customer or key, by scope. */
  windows: Map<string, LimitWindow[]>;
  idempotency: Map<string, Idempotency>;
  receipts: Map<string, StoredReceipt>;
  /** The hash of the receipt that has a number, by `numberKey`. */
  numbers: Map<string, string>;
  equivocations: Set<string>;
  /** The entry of a credit, by its reference, which is unique among all credits. */
  credits: Map<string, Entry>;
  refunds: Map<string, Refund>;
  /** Sum of the refunds of a hold. */
  refunded_wei: Map<string, bigint>;
  /** The gateways with a valid lease, by `ownerKey`. */
  live_owners: Set<string>;
};

/** The account could not be locked in time: the operation is taken up again in the next batch. */
export const WAIT = Symbol("wait");

/** The reason of a hold that was released or refunded because nothing of its answer was delivered. */
export const NOT_DELIVERED = "not_delivered";

/** Whether a hold ended without a charge: its references can then be used again. */
export const endedFree = (hold: Hold): boolean =>
  hold.state === "released" || hold.state === "expired" || hold.close_reason === NOT_DELIVERED;

export type Outcome = Verdicts[LedgerOperation["kind"]] | typeof WAIT;

/** A batch while it is decided: rows of `state` are changed in place and listed in `writes`. */
export type Batch = { state: LoadedState; writes: Writes };

export const clientJobKey = (account_id: number, client_job_id: string): string => `${account_id} ${client_job_id}`;
export const numberKey = (node_id: string, node_epoch: number, node_seq: number): string =>
  `${node_id} ${node_epoch} ${node_seq}`;
export const ownerKey = (gateway_id: string, gateway_epoch: number): string => `${gateway_id} ${gateway_epoch}`;

export function emptyState(now_ms: number): LoadedState {
  return {
    now_ms,
    accounts: new Map(),
    account_ids: new Map(),
    keys: new Map(),
    holds: new Map(),
    jobs: new Map(),
    client_jobs: new Map(),
    windows: new Map(),
    idempotency: new Map(),
    receipts: new Map(),
    numbers: new Map(),
    equivocations: new Set(),
    credits: new Map(),
    refunds: new Map(),
    refunded_wei: new Map(),
    live_owners: new Set(),
  };
}

export function findWindow(
  state: LoadedState,
  scope_id: string,
  kind: WindowKind,
  window_seconds: number,
): LimitWindow | undefined {
  return state.windows
    .get(scope_id)
    ?.find((window) => window.kind === kind && window.window_seconds === window_seconds);
}

export function addWindow(state: LoadedState, window: LimitWindow): void {
  const windows = state.windows.get(window.scope_id);
  if (windows === undefined) state.windows.set(window.scope_id, [window]);
  else windows.push(window);
}

export function noWrites(): Writes {
  return {
    accounts: new Set(),
    keys: new Set(),
    windows: new Set(),
    opened: new Set(),
    moved: new Set(),
    noted: new Set(),
    closed: new Set(),
    undone: new Set(),
    entries: [],
    transfers: [],
    refunds: [],
    claimed: new Set(),
    reclaimed: new Set(),
    receipts: [],
    equivocations: [],
    audit: [],
  };
}

export const balanceOf = (account: Account): bigint => account.credited_wei - account.debited_wei;
export const availableTo = (account: Account): bigint =>
  account.credited_wei - account.debited_wei - account.reserved_wei;

/** Appends an entry with the account's present balance and reservation. */
export function addEntry(
  batch: Batch,
  account: Account,
  kind: EntryKind,
  amount_wei: bigint,
  links: { hold_id?: string; reference?: string },
): Entry {
  account.entries += 1;
  const entry: Entry = {
    account_id: account.account_id,
    seq: account.entries,
    kind,
    amount_wei,
    balance_after_wei: balanceOf(account),
    reserved_after_wei: account.reserved_wei,
    hold_id: links.hold_id ?? null,
    reference: links.reference ?? null,
  };
  batch.writes.entries.push(entry);
  batch.writes.accounts.add(account);
  return entry;
}
