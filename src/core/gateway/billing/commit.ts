import { LRUCache } from "lru-cache";
import type { Database } from "../../../store/postgres/database.ts";
import { connectLedger } from "../../../store/postgres/ledger/connection.ts";
import type { LedgerConnection } from "../../../store/postgres/ledger/connection.ts";
import { loadFunds } from "../../../store/postgres/ledger/load_funds.ts";
import { loadHolds } from "../../../store/postgres/ledger/load_holds.ts";
import { loadIdempotency } from "../../../store/postgres/ledger/load_idempotency.ts";
import { loadLimits } from "../../../store/postgres/ledger/load_limits.ts";
import type { Limits } from "../../../store/postgres/ledger/load_limits.ts";
import { loadLiveOwners } from "../../../store/postgres/ledger/load_owners.ts";
import { loadReceipts } from "../../../store/postgres/ledger/load_receipts.ts";
import { lockAccounts } from "../../../store/postgres/ledger/lock_accounts.ts";
import type { AccountRow } from "../../../store/postgres/ledger/rows.ts";
import { storeBatch } from "../../../store/postgres/ledger/store_batch.ts";
import { decide } from "./decide.ts";
import { createHoldMemory } from "./hold_memory.ts";
import type { HoldMemory } from "./hold_memory.ts";
import { namesOf } from "./rows_to_load.ts";
import type { Names } from "./rows_to_load.ts";
import type { LedgerOperation } from "./operations.ts";
import { parsePolicy } from "./policy.ts";
import type { Policy } from "./policy.ts";
import { addWindow, clientJobKey, emptyState, endedFree, numberKey, ownerKey } from "./batch_state.ts";
import { LEASE_LIFETIME_MS } from "../gateway_lease.ts";
import type { LoadedState, Outcome, Writes } from "./batch_state.ts";

/** LEASE_LIFETIME_MS, for the queries that compare with the database's clock. */
export const OWNER_SILENT_SECONDS = LEASE_LIFETIME_MS / 1000;

/**
 * Applies a batch in one transaction and resolves after its commit. `skip`: accounts that others hold are left out, and
 * their operations get WAIT. Rejects when nothing is known of the outcome (connection lost) or when nothing was written
 * (any SQLSTATE).
 */
export type CommitBatch = (
  operations: LedgerOperation[],
  locking: Locking,
  hooks?: {
    /** Called when everything is sent, and the database has the most to do. */
    onSent?: (() => void) | undefined;
    /** Asked then for the batch that comes next, if that is known: its locks and reads are sent behind this commit. */
    next?: (() => LedgerOperation[] | undefined) | undefined;
  },
) => Promise<Outcome[]>;

type Locking = "wait" | "skip";

/** A batch whose transaction has begun: its locks and reads are on their way. */
type Begun = { operations: LedgerOperation[]; names: Names; loaded: Promise<LoadedState> };

/** The batch transaction on Postgres, over one connection that is opened again when it broke. */
export function createCommitter(
  db: Database,
  options: { lock_timeout_ms?: number } = {},
): { commit: CommitBatch; close(): Promise<void> } {
  let connection: LedgerConnection | undefined;
  const memory = createHoldMemory();
  const again = new WeakSet<LedgerOperation>();
  let ahead: Begun | undefined;

  async function drop(): Promise<void> {
    const broken = connection;
    connection = undefined;
    await broken?.end().catch(() => {});
  }

  function begin(to: LedgerConnection, operations: LedgerOperation[], locking: Locking): Begun {
    const names = namesOf(operations, memory, again);
    const loaded = load(to, names, locking);
    loaded.catch(() => {}); // said by whoever takes the batch up
    return { operations, names, loaded };
  }

  const commit: CommitBatch = async (operations, locking, { onSent, next } = {}) => {
    connection ??= await connectLedger(db, options.lock_timeout_ms);
    const on = connection;
    const expected = ahead !== undefined && locking === "wait" && sameOperations(ahead.operations, operations);
    if (ahead !== undefined && !expected) on.query("", "rollback").catch(() => {});
    const batch = expected ? ahead! : begin(on, operations, locking);
    ahead = undefined;
    try {
      const state = await batch.loaded;
      const { outcomes, writes, sent } = write(on, state, operations);
      const following = next?.();
      if (following !== undefined) ahead = begin(on, following, "wait");
      onSent?.();
      await firstFailure(sent);
      setImmediate(rememberBatch, memory, state, writes); // the next batch first: what is remembered is checked when it is written
      return outcomes;
    } catch (error) {
      // Whatever went wrong, the next attempt reads all of it. What had begun behind this batch ends with it.
      ahead = undefined;
      batch.names.remembered.forEach(memory.doubt);
      for (const operation of operations) again.add(operation);
      if (sqlState(error) === undefined) await drop();
      else await on.query("", "rollback").catch(drop);
      throw error;
    }
  };
  return { commit, close: drop };
}

function rememberBatch(memory: HoldMemory, state: LoadedState, writes: Writes): void {
  for (const hold of writes.opened) memory.remember(hold, state.accounts.get(hold.account_id)!.customer_id);
  writes.moved.forEach(memory.doubt);
  writes.closed.forEach(memory.doubt);
}

const sameOperations = (left: LedgerOperation[], right: LedgerOperation[]): boolean =>
  left.length === right.length && left.every((operation, index) => operation === right[index]);

/** SQLSTATE of an answer of the server; undefined when there was none. */
export function sqlState(error: unknown): string | undefined {
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  return typeof code === "string" && typeof severity === "string" ? code : undefined;
}

/** Decides, and sends what is written, while that goes on, and the commit. */
function write(connection: LedgerConnection, state: LoadedState, operations: LedgerOperation[]) {
  const store = storeBatch(connection, state.now_ms);
  try {
    const { outcomes, writes } = decide(state, operations, store);
    store.counted(writes);
    store.commit();
    return { outcomes, writes, sent: store.sent };
  } catch (error) {
    store.giveUp();
    throw error;
  }
}

/** Begins the transaction, locks, and reads what is named. */
async function load(connection: LedgerConnection, names: Names, locking: Locking): Promise<LoadedState> {
  const [, locked, holds, idempotency, receipts, funds, owners, limits] = await firstFailure([
    connection.query("", "begin"),
    lockAccounts(connection, names, locking),
    loadHolds(connection, names),
    loadIdempotency(connection, names.key_hashes),
    loadReceipts(connection, names.receipts),
    loadFunds(connection, names),
    names.unobserved ? loadLiveOwners(connection, OWNER_SILENT_SECONDS) : [],
    loadLimits(connection, names.customer_ids, names.credential_ids),
  ]);
  const state = emptyState(locked.now_ms);
  state.account_ids = locked.account_ids;
  // A receipt that is there has closed its hold, or never will.
  const changed = receipts.length > 0 ? names.remembered.map((hold) => hold.hold_id) : [];
  const read = await loadHolds(connection, { hold_ids: changed, job_ids: [], client_jobs: [] });
  // What was read counts more than what is remembered.
  for (const hold of [...names.remembered, ...holds, ...idempotency.holds, ...read]) {
    state.holds.set(hold.hold_id, hold);
    state.jobs.set(hold.job_id, hold.hold_id);
    if (hold.client_job_id !== null && !endedFree(hold)) {
      state.client_jobs.set(clientJobKey(hold.account_id, hold.client_job_id), hold.hold_id);
    }
  }
  for (const row of idempotency.keys) state.idempotency.set(row.key_hash, row);
  for (const receipt of receipts) {
    if (receipt.equivocation) state.equivocations.add(receipt.asked_hash);
    state.receipts.set(receipt.receipt_hash, receipt);
    state.numbers.set(numberKey(receipt.node_id, receipt.node_epoch, receipt.node_seq), receipt.receipt_hash);
  }
  for (const credit of funds.credits) state.credits.set(credit.reference!, credit);
  for (const refund of funds.refunds) state.refunds.set(refund.refund_id, refund);
  for (const { hold_id, refunded_wei } of funds.refunded) state.refunded_wei.set(hold_id, refunded_wei);
  for (const { gateway_id, gateway_epoch } of owners) state.live_owners.add(ownerKey(gateway_id, gateway_epoch));
  addLimits(state, locked.accounts, limits);
  // Only now it is known whom the other holds belong to.
  const more = await loadLimits(
    connection,
    without(
      locked.accounts.map((account) => account.customer_id),
      names.customer_ids,
    ),
    without(
      holds.flatMap((hold) => hold.credential_id ?? []),
      names.credential_ids,
    ),
  );
  addLimits(state, locked.accounts, more);
  return state;
}

function without(needed: string[], had: string[]): string[] {
  const known = new Set(had);
  return [...new Set(needed)].filter((id) => !known.has(id));
}

function addLimits(state: LoadedState, accounts: AccountRow[], limits: Limits): void {
  const customers = new Map(limits.customers.map((row) => [row.customer_id, row]));
  for (const row of accounts) {
    const customer = customers.get(row.customer_id);
    if (customer === undefined) continue;
    const { status, policy_version } = customer;
    state.accounts.set(row.account_id, {
      ...row,
      status,
      policy_version,
      policy: policyOf(row.customer_id, policy_version, customer.policy),
    });
  }
  for (const { policy, policy_version, expires_at_ms, ...key } of limits.keys) {
    state.keys.set(key.credential_id, {
      ...key,
      policy_version,
      policy: policyOf(key.credential_id, policy_version, policy),
      expires_at_ms: expires_at_ms === null ? null : Number(expires_at_ms),
    });
  }
  for (const window of limits.windows) addWindow(state, window);
}

/**
 * Like Promise.all, but rejects with what failed first on the wire, not with "transaction is aborted" of a statement
 * after it.
 */
async function firstFailure<Values extends readonly unknown[] | []>(
  promises: Values,
): Promise<{ -readonly [Index in keyof Values]: Awaited<Values[Index]> }> {
  const failures = (await Promise.allSettled(promises)).flatMap((result) =>
    result.status === "rejected" ? [result.reason as unknown] : [],
  );
  const failure = failures.find((error) => sqlState(error) !== "25P02") ?? failures[0];
  if (failure !== undefined) throw failure;
  return Promise.all(promises);
}

const POLICIES = new LRUCache<string, Policy>({ max: 10_000 });

/** A version of a policy never changes, so it is parsed once. */
function policyOf(scope_id: string, version: number, json: unknown): Policy {
  const name = `${scope_id} ${version}`;
  let policy = POLICIES.get(name);
  if (policy === undefined) POLICIES.set(name, (policy = parsePolicy(json)));
  return policy;
}
