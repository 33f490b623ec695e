import { assignmentsSql, columnArrays, copyRows, copySql, insertSql, unnestSql, type Column } from "../wire/binary.ts";
import { appendAudit, type MakeAuditRow } from "../control/audit_append.ts";
import * as columns from "./columns.ts";
import type { Copying, LedgerConnection } from "./connection.ts";
import type { Hold, ReceiptRow, Writes } from "../../../core/gateway/billing/model.ts";

/** Updates `table` from one row per array element, and fails unless each row was there with its whole `key`. */
function updateSql<Row>(
  table: string,
  key: Column<Row>[],
  changes: Column<Row>[],
  extra: string,
  guard: string,
): string {
  const all = [...key, ...changes] as readonly Column<never>[];
  return expecting(
    `update ${table} t set ${assignmentsSql(changes, key.length)}${extra} from ${unnestSql(all, 1, "r")} where
        ${key.map(({ name }, index) => `t.${name} = c${index}`).join(" and ")}${guard}`,
    table,
  );
}

/** The state as a parameter: for a literal 'held' the planner would walk the index of all open holds for each row. */
const inState = (columns: readonly unknown[]): string => ` and t.state = $${columns.length + 1}`;
/** The time of the batch, as the parameter behind the state. */
const closedAt = (columns: readonly unknown[]): string =>
  `, closed_at = to_timestamp($${columns.length + 2}::float8 / 1000)`;

const UNDONE = [...columns.HOLD_KEY, columns.CLOSE_REASON];
const NOTED = [...columns.HOLD_KEY, columns.NOTED];
const MOVED = [...columns.HOLD_KEY, ...columns.MOVED];
const CLOSED = [...columns.HOLD_AS_DECIDED, ...columns.CLOSED];

/** `statement` fails unless it touched one row per element of its first array. */
const expecting = (statement: string, table: string): string =>
  `with done as (${statement} returning 1)
    select ledger_expect((select count(*) from done), cardinality($1), '${table}')`;

const STATEMENTS = {
  accounts: updateSql("accounts", columns.ACCOUNT_KEY, columns.ACCOUNTS, "", ""),
  moved: updateSql("holds", columns.HOLD_KEY, columns.MOVED, "", inState(MOVED)),
  closed: updateSql("holds", columns.HOLD_AS_DECIDED, columns.CLOSED, closedAt(CLOSED), inState(CLOSED)),
  noted: updateSql("holds", columns.HOLD_KEY, [columns.NOTED], "", inState(NOTED)),
  undone: updateSql("holds", columns.HOLD_KEY, [columns.CLOSE_REASON], "", inState(UNDONE)),
  no_longer_open: expecting("delete from open_holds where hold_id = any($1::uuid[])", "open_holds"),
  // The reference of an attempt that ended without a charge can be used again.
  references: expecting(
    `${insertSql("client_references", columns.CLIENT_REFERENCES)} on conflict (account_id, client_job_id) do update
      set hold_id = excluded.hold_id where
        (select h.state in ('released', 'expired') or h.close_reason = 'not_delivered' from holds h where h.hold_id = client_references.hold_id)`,
    "client_references",
  ),
  // The key's row may be left from an attempt without a charge: it is overwritten.
  reclaimed: `${insertSql("idempotency", columns.IDEMPOTENCY)} on conflict (key_hash) do update
    set account_id = excluded.account_id, fingerprint = excluded.fingerprint, hold_id = excluded.hold_id, expires_at =
      excluded.expires_at`,
  windows: `${insertSql("limit_windows", columns.WINDOWS)} on conflict (scope_id, kind, window_seconds) do update set
    buckets = excluded.buckets`,
  keys: `${insertSql("key_counters", columns.KEY_COUNTERS)} on conflict (credential_id) do update set open_holds =
    excluded.open_holds`,
};

/** A batch of which some rows are sent: one statement a table, so that the database works while the rest is decided. */
export type BatchStore = {
  connection: LedgerConnection;
  /** The batch's time. */
  now_ms: number;
  /**
   * The answers of the statements. One rejects when a row exists that must not, or when an update does not find its row
   * as it was.
   */
  sent: Promise<unknown>[];
  /** The open COPY; no other statement may be sent before its end. */
  copying: { table: string; rows: Copying } | undefined;
};

export const beginStore = (connection: LedgerConnection, now_ms: number): BatchStore => ({
  connection,
  now_ms,
  sent: [],
  copying: undefined,
});

/** The steps of a batch, in this order: receipts; ends of holds and their payments; new holds; the rest. */
export function storeReceipts(store: BatchStore, rows: ReceiptRow[]): void {
  copy(store, "receipts", [...columns.RECEIPTS, at(store, "received_at")], rows);
}

export function storeClosed(store: BatchStore, writes: Writes): void {
  const closed = [...writes.closed];
  send(store, "no_longer_open", columns.HOLD_KEY, closed);
  send(store, "closed", CLOSED, closed, "held", store.now_ms);
  send(store, "undone", UNDONE, writes.undone, "settled");
  copy(store, "transfers", [...columns.TRANSFERS, at(store, "created_at")], writes.transfers);
  copy(store, "refunds", [...columns.REFUNDS, at(store, "created_at")], writes.refunds);
  copy(store, "equivocations", [...columns.EQUIVOCATIONS, at(store, "found_at")], writes.equivocations);
}

export function storeOpened(store: BatchStore, opened: Hold[]): void {
  copy(store, "holds", columns.OPENED, opened);
}

/** Rows that belong to new holds, other changes of holds, accounts, entries, counters and windows. */
export function storeRest(store: BatchStore, writes: Writes): void {
  const opened = [...writes.opened];
  const open = opened.filter((hold) => hold.state === "held");
  const with_reference = opened.filter((hold) => hold.client_job_id !== null);
  copy(store, "open_holds", columns.HOLD_KEY, open);
  send(store, "references", columns.CLIENT_REFERENCES, with_reference);
  send(store, "moved", MOVED, writes.moved, "held");
  send(store, "noted", NOTED, writes.noted, "held");
  send(store, "accounts", [...columns.ACCOUNT_KEY, ...columns.ACCOUNTS], writes.accounts);
  send(store, "keys", columns.KEY_COUNTERS, writes.keys);
  send(store, "windows", columns.WINDOWS, writes.windows);
  copy(store, "entries", [...columns.ENTRIES, at(store, "created_at")], writes.entries);
  copy(store, "idempotency", columns.IDEMPOTENCY, [...writes.claimed]);
  send(store, "reclaimed", columns.IDEMPOTENCY, writes.reclaimed);
}

/**
 * Appends the audit rows of the batch, as the last thing before its commit. Only a batch with such rows waits here, for
 * its own answers and for the audit log.
 */
export async function storeAudit(store: BatchStore, rows: readonly MakeAuditRow[]): Promise<void> {
  endCopy(store);
  await Promise.all(store.sent);
  await appendAudit((text, values) => store.connection.query("", text, values), rows);
}

export function sendCommit(store: BatchStore): void {
  endCopy(store);
  keepAnswer(store, store.connection.query("", "commit"));
}

/** Ends a batch without its commit: an open COPY fails, and with it the transaction. */
export function abandonBatch({ copying }: BatchStore): void {
  copying?.rows.fail();
}

/** Adds rows by COPY. Those of one table may come in several calls when nothing else is sent between them. */
function copy<Row>(store: BatchStore, table: string, row_columns: Column<Row>[], rows: readonly Row[]): void {
  if (rows.length === 0) return;
  const bytes = copyRows(row_columns, rows);
  if (store.copying?.table === table) return store.copying.rows.write(bytes);
  endCopy(store);
  store.copying = { table, rows: store.connection.copy(copySql(table, row_columns), bytes) };
}

function endCopy(store: BatchStore): void {
  if (store.copying !== undefined) keepAnswer(store, store.copying.rows.end());
  store.copying = undefined;
}

/** Sends a statement with its rows, as one array per column, and further values. */
function send<Row>(
  store: BatchStore,
  name: keyof typeof STATEMENTS,
  row_columns: Column<Row>[],
  rows: Iterable<Row>,
  ...more: unknown[]
): void {
  const list = [...rows];
  if (list.length === 0) return;
  endCopy(store);
  const values = [...columnArrays(row_columns, list), ...more];
  keepAnswer(store, store.connection.query(`ledger_store_${name}`, STATEMENTS[name], values));
}

function keepAnswer(store: BatchStore, answer: Promise<unknown>): void {
  answer.catch(() => {}); // the commit of the batch awaits `sent`, and throws the error
  store.sent.push(answer);
}

/** A column that has the batch's time in each row. */
const at = ({ now_ms }: BatchStore, name: string): Column<unknown> => ({ name, type: "ms", value: () => now_ms });
