import { assignmentsSql, columnArrays, copyRows, copySql, insertSql, unnestSql } from "../wire/binary.ts";
import type { Column } from "../wire/binary.ts";
import { appendAudit } from "../control/audit_append.ts";
import type { MakeAuditRow } from "../control/audit_append.ts";
import * as columns from "./columns.ts";
import type { Copying, LedgerConnection } from "./connection.ts";
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
} from "./rows.ts";

export type LedgerWrites = {
  accounts: Set<AccountRow>;
  keys: Set<{ credential_id: string; open_holds: number }>;
  windows: Set<LimitWindow>;
  opened: Set<Hold>;
  moved: Set<Hold>;
  noted: Set<Hold>;
  closed: Set<Hold>;
  undone: Set<Hold>;
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

/** `state = 'held'`, or another, as a parameter: a literal would let the planner walk the index of all open holds for each row. */
const inState = (columns: readonly unknown[]): string => ` and t.state = $${columns.length + 1}`;
/** Time of the batch after that. */
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
  // A reference is free again when the attempt that had it ended without charge.
  references: expecting(
    `${insertSql("client_references", columns.CLIENT_REFERENCES)} on conflict (account_id, client_job_id) do update
      set hold_id = excluded.hold_id where
        (select h.state in ('released', 'expired') or h.close_reason = 'not_delivered' from holds h where h.hold_id = client_references.hold_id)`,
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
 * Sends what a batch writes, as it is decided, so that the database works on it meanwhile: one statement a table, whose
 * answers are to come in `sent`. A statement fails when a row exists that must not, or an update does not find its row
 * as it was.
 */
export function storeBatch(connection: LedgerConnection, now_ms: number) {
  const sent: Promise<unknown>[] = [];
  let copying: { table: string; rows: Copying } | undefined;

  function push(answer: Promise<unknown>): void {
    answer.catch(() => {}); // said once, for the whole batch
    sent.push(answer);
  }

  /** The rows of a table may come in several calls, with nothing else between them. */
  function add<Row>(table: string, row_columns: Column<Row>[], rows: readonly Row[]): void {
    if (rows.length === 0) return;
    const bytes = copyRows(row_columns, rows);
    if (copying?.table === table) return copying.rows.write(bytes);
    endCopy();
    copying = { table, rows: connection.copy(copySql(table, row_columns), bytes) };
  }

  function endCopy(): void {
    if (copying !== undefined) push(copying.rows.end());
    copying = undefined;
  }

  function send<Row>(
    name: keyof typeof STATEMENTS,
    row_columns: Column<Row>[],
    rows: Iterable<Row>,
    ...more: unknown[]
  ): void {
    const list = [...rows];
    if (list.length === 0) return;
    endCopy();
    push(connection.query(`ledger_store_${name}`, STATEMENTS[name], [...columnArrays(row_columns, list), ...more]));
  }

  /** The batch's time. */
  const at = (name: string): Column<unknown> => ({ name, type: "ms", value: () => now_ms });

  return {
    sent,
    receipts: (rows: ReceiptRow[]): void => add("receipts", [...columns.RECEIPTS, at("received_at")], rows),

    /** How holds end and what is paid for them. */
    closed(writes: LedgerWrites): void {
      const closed = [...writes.closed];
      send("no_longer_open", columns.HOLD_KEY, closed);
      send("closed", CLOSED, closed, "held", now_ms);
      send("undone", UNDONE, writes.undone, "settled");
      add("transfers", [...columns.TRANSFERS, at("created_at")], writes.transfers);
      add("refunds", [...columns.REFUNDS, at("created_at")], writes.refunds);
      add("equivocations", [...columns.EQUIVOCATIONS, at("found_at")], writes.equivocations);
    },

    holds: (opened: Hold[]): void => add("holds", columns.OPENED, opened),

    /** What belongs to new holds, and what is counted. */
    counted(writes: LedgerWrites): void {
      const opened = [...writes.opened];
      const open = opened.filter((hold) => hold.state === "held");
      const named = opened.filter((hold) => hold.client_job_id !== null);
      add("open_holds", columns.HOLD_KEY, open);
      send("references", columns.CLIENT_REFERENCES, named);
      send("moved", MOVED, writes.moved, "held");
      send("noted", NOTED, writes.noted, "held");
      send("accounts", [...columns.ACCOUNT_KEY, ...columns.ACCOUNTS], writes.accounts);
      send("keys", columns.KEY_COUNTERS, writes.keys);
      send("windows", columns.WINDOWS, writes.windows);
      add("entries", [...columns.ENTRIES, at("created_at")], writes.entries);
      add("idempotency", columns.IDEMPOTENCY, [...writes.claimed]);
      send("reclaimed", columns.IDEMPOTENCY, writes.reclaimed);
    },

    /** The audit rows of the batch, before its commit: only such a batch waits for its answers, and for the audit log. */
    async audited(rows: readonly MakeAuditRow[]): Promise<void> {
      endCopy();
      await Promise.all(sent);
      await appendAudit((text, values) => connection.query("", text, values), rows);
    },

    commit(): void {
      endCopy();
      push(connection.query("", "commit"));
    },

    /** Nothing more comes; what was begun fails. */
    giveUp(): void {
      copying?.rows.fail();
    },
  };
}
