import { LRUCache } from "lru-cache";
import type { LedgerConnection } from "../../../store/postgres/ledger/connection.ts";
import { loadFunds } from "../../../store/postgres/ledger/load_funds.ts";
import { loadHolds } from "../../../store/postgres/ledger/load_holds.ts";
import { loadIdempotency } from "../../../store/postgres/ledger/idempotency.ts";
import { loadLimits, type Limits } from "../../../store/postgres/ledger/load_limits.ts";
import { loadLiveOwners } from "../../../store/postgres/ledger/load_owners.ts";
import { loadReceipts, type LoadedReceipt } from "../../../store/postgres/ledger/load_receipts.ts";
import { lockAccounts } from "../../../store/postgres/ledger/lock_accounts.ts";
import { LEASE_LIFETIME_MS } from "../gateway_lease.ts";
import { addWindow, clientJobKey, emptyState, endedFree, numberKey, ownerKey } from "./batch_state.ts";
import type { LoadedState } from "./batch_state.ts";
import { firstFailure } from "./failures.ts";
import type { AccountRow, Hold, PolicyInForce } from "./model.ts";
import { parsePolicy } from "./policy.ts";
import type { RowsToLoad } from "./rows_to_load.ts";
import { policyWindows } from "./windows.ts";

/** LEASE_LIFETIME_MS, for the queries that compare with the clock of the database. */
export const OWNER_SILENT_SECONDS = LEASE_LIFETIME_MS / 1000;

/** Policies by scope and version, as they were parsed: a version never changes. */
export type ParsedPolicies = LRUCache<string, PolicyInForce>;

export const createParsedPolicies = (): ParsedPolicies => new LRUCache<string, PolicyInForce>({ max: 10_000 });

/** Begins the transaction of a batch, locks its accounts, and reads the rows that it is decided on. */
export async function loadState(
  connection: LedgerConnection,
  policies: ParsedPolicies,
  rows: RowsToLoad,
  locking: "wait" | "skip",
): Promise<LoadedState> {
  const [, locked, holds, idempotency, receipts, funds, owners, limits] = await firstFailure([
    connection.query("", "begin"),
    lockAccounts(connection, rows, locking),
    loadHolds(connection, rows),
    loadIdempotency(connection, rows.key_hashes),
    loadReceipts(connection, rows.receipts),
    loadFunds(connection, rows),
    rows.live_owners ? loadLiveOwners(connection, OWNER_SILENT_SECONDS) : [],
    loadLimits(connection, rows.customer_ids, rows.credential_ids),
  ]);
  const state = emptyState(locked.now_ms);
  state.account_ids = locked.account_ids;
  // A receipt that is stored already had its effect on its hold: the remembered row may be out of date.
  const doubted = receipts.length > 0 ? rows.remembered.map((hold) => hold.hold_id) : [];
  const read_again = await loadHolds(connection, { hold_ids: doubted, job_ids: [], client_jobs: [] });
  // Rows from the database come after the remembered ones, and replace them.
  addHolds(state, [...rows.remembered, ...holds, ...idempotency.holds, ...read_again]);
  for (const row of idempotency.keys) state.idempotency.set(row.key_hash, row);
  addReceipts(state, receipts);
  for (const credit of funds.credits) state.credits.set(credit.reference!, credit);
  for (const refund of funds.refunds) state.refunds.set(refund.refund_id, refund);
  for (const { hold_id, refunded_wei } of funds.refunded) state.refunded_wei.set(hold_id, refunded_wei);
  for (const { gateway_id, gateway_epoch } of owners) state.live_owners.add(ownerKey(gateway_id, gateway_epoch));
  addLimits(state, policies, locked.accounts, limits);
  // The customers and keys of the other holds are known only after the holds are read.
  const customer_ids = locked.accounts.map((account) => account.customer_id);
  const credential_ids = holds.flatMap((hold) => hold.credential_id ?? []);
  const more = await loadLimits(
    connection,
    without(customer_ids, rows.customer_ids),
    without(credential_ids, rows.credential_ids),
  );
  addLimits(state, policies, locked.accounts, more);
  return state;
}

function without(ids: string[], loaded: string[]): string[] {
  const known = new Set(loaded);
  return [...new Set(ids)].filter((id) => !known.has(id));
}

function addHolds(state: LoadedState, holds: Hold[]): void {
  for (const hold of holds) {
    state.holds.set(hold.hold_id, hold);
    state.jobs.set(hold.job_id, hold.hold_id);
    if (hold.client_job_id !== null && !endedFree(hold))
      state.client_jobs.set(clientJobKey(hold.account_id, hold.client_job_id), hold.hold_id);
  }
}

function addReceipts(state: LoadedState, receipts: LoadedReceipt[]): void {
  for (const receipt of receipts) {
    if (receipt.equivocation) state.equivocations.add(receipt.asked_hash);
    state.receipts.set(receipt.receipt_hash, receipt);
    state.numbers.set(numberKey(receipt.node_id, receipt.node_epoch, receipt.node_seq), receipt.receipt_hash);
  }
}

function addLimits(state: LoadedState, policies: ParsedPolicies, accounts: AccountRow[], limits: Limits): void {
  const customers = new Map(limits.customers.map((row) => [row.customer_id, row]));
  for (const row of accounts) {
    const customer = customers.get(row.customer_id);
    if (customer === undefined) continue;
    const { status, policy_version, policy } = customer;
    const in_force = inForce(policies, row.customer_id, policy_version, policy);
    state.accounts.set(row.account_id, { ...row, status, ...in_force });
  }
  for (const { policy, policy_version, expires_at_ms, ...key } of limits.keys) {
    state.keys.set(key.credential_id, {
      ...key,
      ...inForce(policies, key.credential_id, policy_version, policy),
      expires_at_ms: expires_at_ms === null ? null : Number(expires_at_ms),
    });
  }
  for (const window of limits.windows) addWindow(state, window);
}

function inForce(policies: ParsedPolicies, scope_id: string, policy_version: number, json: unknown): PolicyInForce {
  const name = `${scope_id} ${policy_version}`;
  let in_force = policies.get(name);
  if (in_force === undefined) {
    const policy = parsePolicy(json);
    in_force = { policy, policy_version, windows: policyWindows(policy) };
    policies.set(name, in_force);
  }
  return in_force;
}
