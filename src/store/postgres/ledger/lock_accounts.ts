import { ADVISORY_LOCKS } from "../advisory_locks.ts";
import { arrayOf } from "../wire/binary.ts";
import type { LedgerConnection } from "./connection.ts";
import type { AccountRow } from "../../../core/gateway/billing/model.ts";

export type WantedAccounts = { customer_ids: string[]; unknown: { hold_ids: string[]; job_ids: string[] } };

/**
 * The accounts of customers, and of holds and jobs whose customer is not known. A hold's account never changes, so it
 * may be read before the lock.
 */
const ACCOUNTS = `
  select account_id from accounts where owner_kind = 'customer' and owner_id = any($1::text[])
  union select account_id from holds where hold_id = any($2::uuid[])
  union select account_id from holds where job_id = any($3::text[])`;

const COLUMNS = "account_id, owner_id, credited_wei, debited_wei, reserved_wei, open_holds, entries";

/** Always in the order of their ids: batches of several writers deadlock otherwise. */
const LOCK = `select ${COLUMNS} from accounts where account_id in (${ACCOUNTS}) order by account_id for update`;
const KNOWN = "select account_id, owner_id from accounts where owner_kind = 'customer' and owner_id = any($1::text[])";
const NOW =
  "select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now_ms, pg_advisory_xact_lock_shared($1)";

/**
 * Locks the accounts of a batch, in the order of their ids, as the first thing of its transaction; then reads the
 * database's clock. `skip` leaves out those that are locked by others. Fails with SQLSTATE 55P03 when `wait` takes
 * longer than the connection's lock_timeout.
 */
export async function lockAccounts(connection: LedgerConnection, wanted: WantedAccounts, locking: "wait" | "skip") {
  const values = [
    arrayOf("text", wanted.customer_ids),
    arrayOf("uuid", wanted.unknown.hold_ids),
    arrayOf("text", wanted.unknown.job_ids),
  ];
  const [locked, known, now] = await Promise.all([
    connection.query<Row>(`ledger_lock_${locking}`, locking === "wait" ? LOCK : `${LOCK} skip locked`, values),
    locking === "wait"
      ? undefined
      : connection.query<Pick<Row, "account_id" | "owner_id">>("ledger_known_accounts", KNOWN, values.slice(0, 1)),
    connection.query<{ now_ms: number }>("ledger_now", NOW, [ADVISORY_LOCKS.roll_up]),
  ]);
  return {
    now_ms: now.rows[0]!.now_ms,
    accounts: locked.rows.map(toAccount),
    account_ids: new Map((known ?? locked).rows.map((row) => [row.owner_id, row.account_id])),
  };
}

type Row = {
  account_id: number;
  owner_id: string;
  credited_wei: string;
  debited_wei: string;
  reserved_wei: string;
  open_holds: number;
  entries: number;
};

function toAccount(row: Row): AccountRow {
  return {
    account_id: row.account_id,
    customer_id: row.owner_id,
    credited_wei: BigInt(row.credited_wei),
    debited_wei: BigInt(row.debited_wei),
    reserved_wei: BigInt(row.reserved_wei),
    open_holds: row.open_holds,
    entries: row.entries,
  };
}
