import type { Database } from "../../../store/postgres/database.ts";
import { connectLedger, type LedgerConnection } from "../../../store/postgres/ledger/connection.ts";
import {
  abandonBatch,
  beginStore,
  sendCommit,
  storeAudit,
  storeClosed,
  storeOpened,
  storeReceipts,
  storeRest,
} from "../../../store/postgres/ledger/store_batch.ts";
import { auditRow } from "../audit/audit.ts";
import type { LoadedState, Outcome } from "./batch_state.ts";
import { decide } from "./decide.ts";
import { firstFailure, sqlState } from "./failures.ts";
import { createHoldMemory, forgetRow, rememberHold, type HoldMemory } from "./hold_memory.ts";
import { createParsedPolicies, loadState, type ParsedPolicies } from "./load_state.ts";
import type { Writes } from "./model.ts";
import type { LedgerOperation } from "./operations.ts";
import { rowsToLoad } from "./rows_to_load.ts";

/**
 * The transaction of a batch on Postgres, over the one writing connection of the process
 * (docs/decisions/0002-ledger-writer.md). The states of a batch:
 *
 * state      what is sent                          what leads out of it
 * begun      `begin`, locks and reads              its rows are read and it is decided: written; an error: failed;
 *                                                  `commitBatch` is given other operations: rolled back
 * written    its rows and `commit`                 the commit is answered: committed; an error: failed. Meanwhile the
 *                                                  next batch, when it is full already, is begun behind it
 * committed  its outcomes are returned             its new holds are remembered
 * failed     `rollback`; when the error is not     its operations are `retried`; the batch that was begun behind it ends
 *            the server's, the connection is cut   with the transaction
 */
type Committer = {
  db: Database;
  lock_timeout_ms: number | undefined;
  /** Undefined before the first batch, and when the last one broke. */
  connection: LedgerConnection | undefined;
  memory: HoldMemory;
  policies: ParsedPolicies;
  /** The operations of failed batches, which may have been applied. */
  retried: WeakSet<LedgerOperation>;
  /** The batch that was begun behind the commit of the one before. */
  begun_ahead: BegunBatch | undefined;
};

type BegunBatch = { operations: LedgerOperation[]; loaded: Promise<LoadedState> };

type Locking = "wait" | "skip";

export type CommitHooks = {
  /** Called when everything is sent, while the database has the most to do. */
  onSent?: (() => void) | undefined;
  /** Asked for the next batch before that. Its locks and reads are sent behind the commit of this one. */
  next?: (() => LedgerOperation[] | undefined) | undefined;
};

/**
 * Applies a batch in one transaction and resolves after its commit. `skip` leaves out the accounts that another process
 * has locked, and their operations get WAIT. Rejects with the server's error when nothing was written, with another
 * error when the connection was lost, so that the commit is unknown.
 */
export type CommitBatch = (operations: LedgerOperation[], locking: Locking, hooks?: CommitHooks) => Promise<Outcome[]>;

/** The transactions of batches, one after the other, on a connection that is opened anew when it broke. */
export function createCommitter(
  db: Database,
  options: { lock_timeout_ms?: number } = {},
): { commit: CommitBatch; close(): Promise<void> } {
  const committer: Committer = {
    db,
    lock_timeout_ms: options.lock_timeout_ms,
    connection: undefined,
    memory: createHoldMemory(),
    policies: createParsedPolicies(),
    retried: new WeakSet(),
    begun_ahead: undefined,
  };
  return {
    commit: (operations, locking, hooks = {}) => commitBatch(committer, operations, locking, hooks),
    close: () => disconnect(committer),
  };
}

async function commitBatch(
  committer: Committer,
  operations: LedgerOperation[],
  locking: Locking,
  { onSent, next }: CommitHooks,
): Promise<Outcome[]> {
  committer.connection ??= await connectLedger(committer.db, committer.lock_timeout_ms);
  const { connection, memory } = committer;
  const batch =
    takeBegun(committer, connection, operations, locking) ?? begin(committer, connection, operations, locking);
  try {
    const state = await batch.loaded;
    const { outcomes, writes, store } = decideAndSend(connection, state, operations);
    if (writes.audit.length > 0) await storeAudit(store, writes.audit.map(auditRow));
    sendCommit(store);
    const following = next?.();
    if (following !== undefined) committer.begun_ahead = begin(committer, connection, following, "wait");
    onSent?.();
    await firstFailure(store.sent);
    // The next batch goes first. Until memory is up to date, the update that closes a hold finds what changed.
    setImmediate(rememberBatch, memory, state, writes);
    return outcomes;
  } catch (error) {
    committer.begun_ahead = undefined;
    for (const operation of operations) committer.retried.add(operation);
    if (sqlState(error) === undefined) await disconnect(committer);
    else await connection.query("", "rollback").catch(() => disconnect(committer));
    throw error;
  }
}

/** Sends the locks and reads of a batch. */
function begin(
  { memory, policies, retried }: Committer,
  connection: LedgerConnection,
  operations: LedgerOperation[],
  locking: Locking,
): BegunBatch {
  const loaded = loadState(connection, policies, rowsToLoad(operations, memory, retried), locking);
  loaded.catch(() => {}); // the commit of this batch awaits `loaded`, and throws its error
  return { operations, loaded };
}

/** The batch that was begun ahead, if it is this one; another one is rolled back. */
function takeBegun(
  committer: Committer,
  connection: LedgerConnection,
  operations: LedgerOperation[],
  locking: Locking,
): BegunBatch | undefined {
  const ahead = committer.begun_ahead;
  committer.begun_ahead = undefined;
  if (ahead === undefined) return undefined;
  if (locking === "wait" && sameOperations(ahead.operations, operations)) return ahead;
  connection.query("", "rollback").catch(() => {});
  return undefined;
}

const sameOperations = (left: LedgerOperation[], right: LedgerOperation[]): boolean =>
  left.length === right.length && left.every((operation, index) => operation === right[index]);

/** Decides a batch, and sends its rows as they become final. */
function decideAndSend(connection: LedgerConnection, state: LoadedState, operations: LedgerOperation[]) {
  const store = beginStore(connection, state.now_ms);
  try {
    const { outcomes, writes } = decide(state, operations, {
      receipts: (rows) => storeReceipts(store, rows),
      closed: (early) => storeClosed(store, early),
      opened: (holds) => storeOpened(store, holds),
    });
    storeRest(store, writes);
    return { outcomes, writes, store };
  } catch (error) {
    abandonBatch(store);
    throw error;
  }
}

function rememberBatch(memory: HoldMemory, state: LoadedState, writes: Writes): void {
  for (const hold of writes.opened) rememberHold(memory, hold, state.accounts.get(hold.account_id)!.customer_id);
  for (const hold of writes.moved) forgetRow(memory, hold);
  for (const hold of writes.closed) forgetRow(memory, hold);
}

async function disconnect(committer: Committer): Promise<void> {
  const { connection } = committer;
  committer.connection = undefined;
  await connection?.end().catch(() => {});
}
