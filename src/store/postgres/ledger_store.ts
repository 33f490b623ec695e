import { assignmentsSql, columnArrays, copyRows, copySql, insertSql, unnestSql } from "./ledger_binary.ts";
import type { Column } from "./ledger_binary.ts";
import * as columns from "./ledger_columns.ts";
import type { Copying, LedgerConnection } from "./ledger_connection.ts";
import type {
  AccountRow,
  Entry,
  EquivocationRow,
  Hold,
  Idempotency,
  LimitWindow,
  ReceiptRow,
  Refund,
  Transfer,
} from "./ledger_rows.ts";

export type LedgerWrites = {
  accounts: Set<AccountRow>;
  keys: Set<{ credential_id: string; open_holds: number }>;
  windows: Set<LimitWindow>;
  opened: Set<Hold>;
  moved: Set<Hold>;
  closed: Set<Hold>;
  entries: Entry[];
  transfers: Transfer[];
  refunds: Refund[];
  claimed: Set<Idempotency>;
  reclaimed: Set<Idempotency>;
  receipts: ReceiptRow[];
  equivocations: EquivocationRow[];
};

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

/** `state = 'held'`, as a parameter: a literal would let the planner walk the index of all open holds for each row. */
const held = (columns: readonly unknown[]): string => ` and t.state = $${columns.length + 1}`;
/** Time of the batch after that. */
const closedAt = (columns: readonly unknown[]): string =>
  `, closed_at = to_timestamp($${columns.length + 2}::float8 / 1000)`;

const MOVED = [...columns.HOLD_KEY, ...columns.MOVED];
const CLOSED = [...columns.HOLD_AS_DECIDED, ...columns.CLOSED];

/** `statement` fails unless it touched one row per element of its first array. */
const expecting = (statement: string, table: string): string =>
  `with done as (${statement} returning 1)
    select ledger_expect((select count(*) from done), cardinality($1), '${table}')`;

const STATEMENTS = {
  accounts: updateSql("accounts", columns.ACCOUNT_KEY, columns.ACCOUNTS, "", ""),
  moved: updateSql("holds", columns.HOLD_KEY, columns.MOVED, "", held(MOVED)),
  closed: updateSql("holds", columns.HOLD_AS_DECIDED, columns.CLOSED, closedAt(CLOSED), held(CLOSED)),
  no_longer_open: expecting("delete from open_holds where hold_id = any($1::uuid[])", "open_holds"),
  // A reference is free again when the attempt that had it ended without charge.
  references: expecting(
    `${insertSql("client_references", columns.CLIENT_REFERENCES)} on conflict (account_id, client_job_id) do update
      set hold_id = excluded.hold_id where
        (select h.state in ('released', 'expired') from holds h where h.hold_id = client_references.hold_id)`,
    "client_references",
  ),
  // The row of an attempt that ended without charge is taken over.
  reclaimed: `${insertSql("idempotency", columns.IDEMPOTENCY)} on conflict (key_hash) do update
    set account_id = excluded.account_id, fingerprint = excluded.fingerprint, hold_id = excluded.hold_id, expires_at =
      excluded.expires_at`,
  windows: `${insertSql("limit_windows", columns.WINDOWS)} on conflict (scope_id, kind, window_seconds) do update set
    buckets = excluded.buckets`,
  keys: `${insertSql("key_counters", columns.KEY_COUNTERS)} on conflict (credential_id) do update set open_holds =
    excluded.open_holds`,
};

/**
 * Sends how holds end and what is paid for them, one statement a table, and returns the answers to come. A statement
 * fails when a row exists that must not, or an update does not find its row as it was.
 */
export function storeClosed(connection: LedgerConnection, writes: LedgerWrites, now_ms: number): Promise<unknown>[] {
  const { send, add, at, sent } = senders(connection, now_ms);
  const closed = [...writes.closed];
  send("no_longer_open", columns.HOLD_KEY, closed); // first: it is soon written, and the database at work
  send("closed", CLOSED, closed, "held", now_ms);
  add(
    "unobserved_settlements",
    columns.HOLD_KEY,
    closed.filter((hold) => hold.unobserved === true),
  );
  add("transfers", [...columns.TRANSFERS, at("created_at")], writes.transfers);
  add("refunds", [...columns.REFUNDS, at("created_at")], writes.refunds);
  add("receipts", [...columns.RECEIPTS, at("received_at")], writes.receipts);
  add("equivocations", [...columns.EQUIVOCATIONS, at("found_at")], writes.equivocations);
  return sent;
}

/**
 * Writes new holds as they are decided, so that the database works on them meanwhile. Nothing else may be sent between
 * the first of them and `end` or `fail`.
 */
export function openHolds(connection: LedgerConnection) {
  let copying: Copying | undefined;
  return {
    write(opened: Hold[]): void {
      const rows = copyRows(columns.OPENED, opened);
      if (copying === undefined) copying = connection.copy(copySql("holds", columns.OPENED), rows);
      else copying.write(rows);
    },
    end: (): Promise<unknown>[] => (copying === undefined ? [] : [copying.end()]),
    fail: (): void => copying?.fail(),
  };
}

/** Sends the rest of what a batch writes, likewise: what belongs to new holds, and what is counted. */
export function storeOpened(connection: LedgerConnection, writes: LedgerWrites, now_ms: number): Promise<unknown>[] {
  const { send, add, at, sent } = senders(connection, now_ms);
  const opened = [...writes.opened];
  add(
    "open_holds",
    columns.HOLD_KEY,
    opened.filter((hold) => hold.state === "held"),
  );
  send(
    "references",
    columns.CLIENT_REFERENCES,
    opened.filter((hold) => hold.client_job_id !== null),
  );
  send("moved", MOVED, writes.moved, "held");
  send("accounts", [...columns.ACCOUNT_KEY, ...columns.ACCOUNTS], writes.accounts);
  send("keys", columns.KEY_COUNTERS, writes.keys);
  send("windows", columns.WINDOWS, writes.windows);
  add("entries", [...columns.ENTRIES, at("created_at")], writes.entries);
  add("idempotency", columns.IDEMPOTENCY, writes.claimed);
  send("reclaimed", columns.IDEMPOTENCY, writes.reclaimed);
  return sent;
}

function senders(connection: LedgerConnection, now_ms: number) {
  const sent: Promise<unknown>[] = [];
  return {
    sent,
    send<Row>(
      name: keyof typeof STATEMENTS,
      row_columns: Column<Row>[],
      rows: Row[] | Set<Row>,
      ...more: unknown[]
    ): void {
      if (isEmpty(rows)) return;
      sent.push(
        connection.query(`ledger_store_${name}`, STATEMENTS[name], [...columnArrays(row_columns, rows), ...more]),
      );
    },
    add<Row>(table: string, row_columns: Column<Row>[], rows: Row[] | Set<Row>): void {
      if (isEmpty(rows)) return;
      sent.push(connection.copy(copySql(table, row_columns), copyRows(row_columns, rows)).end());
    },
    /** The batch's time. */
    at: (name: string): Column<unknown> => ({ name, type: "ms", value: () => now_ms }),
  };
}

const isEmpty = (rows: unknown[] | Set<unknown>): boolean => (Array.isArray(rows) ? rows.length : rows.size) === 0;
