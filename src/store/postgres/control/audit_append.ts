import type { Knex } from "knex";
import type pg from "pg";
import { ADVISORY_LOCKS } from "../advisory_locks.ts";
import type { Database } from "../database.ts";
import type { AuditListRow } from "./audit_list.ts";

/** A row of the audit log as its hash covers the row: with the time as text. */
export type AuditRow = Omit<AuditListRow, "at"> & { at: string };

/** Builds the next row upon the last one of the chain (core/gateway/audit/audit.ts). */
export type MakeAuditRow = (last: { seq: number; hash: Buffer } | null, at: string) => AuditRow;

/** The row that follows from the result of an act; null when the act changed nothing. */
export type AuditOf<Result> = (result: Result) => MakeAuditRow | null;

/** Runs a statement, whose values are `$1`, `$2`, ... in this order, in the transaction of the act. */
type RunStatement = (text: string, values: unknown[]) => Promise<{ rows: unknown[]; rowCount: number | null }>;

const MOST_TRIES = 10;
/**
 * A gateway that stops, or is cut off, while it has the lock of the chain keeps it for this long: the server then ends its
 * transaction. Every act of an admin, and each batch of the ledger that books one, waits meanwhile.
 */
const LOCKED_IDLE_MAX_MS = 5_000;
const LOCK = `select pg_advisory_xact_lock($1),
  set_config('idle_in_transaction_session_timeout', '${LOCKED_IDLE_MAX_MS}', true)`;
const LAST = `select clock_timestamp() as at, l.seq, l.hash from (select) one
  left join (select seq, hash from audit_log order by seq desc limit 1) l on true`;
const APPEND = `insert into audit_log (seq, at, actor, action, target, detail, previous_hash, hash)
  values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (seq) do nothing`;

/**
 * Runs `act` and appends its audit row in one transaction: if one of the two fails, neither stands. Without `audit`,
 * only the act.
 */
export function auditedTransaction<Result>(
  db: Database,
  audit: AuditOf<Result> | undefined,
  act: (trx: Knex.Transaction) => Promise<Result>,
): Promise<Result> {
  return db.knex.transaction(async (trx) => {
    const result = await act(trx);
    const make = audit?.(result);
    if (make)
      await appendAudit(
        async (text, values) => {
          const answer: unknown = await trx.raw(text.replace(/\$\d+/g, "?"), values as Knex.RawBinding[]);
          return answer as { rows: unknown[]; rowCount: number };
        },
        [make],
      );
    return result;
  });
}

/** The same for an act whose statements are written for pg. */
export async function auditedPgTransaction<Result>(
  db: Database,
  audit: AuditOf<Result> | undefined,
  act: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await db.pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("begin");
    const result = await act(client);
    const make = audit?.(result);
    if (make) await appendAudit((text, values) => client.query(text, values), [make]);
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback").catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/**
 * Appends the rows that `makes` build upon the last one, as the last thing of a transaction: the lock of the chain is
 * held until its commit, and a transaction that holds the lock waits for no other. A gateway of the first release takes
 * another lock: where both built upon the same row, the primary key lets one of them in, and the other builds upon that
 * row.
 */
export async function appendAudit(run: RunStatement, makes: readonly MakeAuditRow[]): Promise<void> {
  await run(LOCK, [ADVISORY_LOCKS.audit]);
  for (const make of makes) await appendRow(run, make);
}

async function appendRow(run: RunStatement, make: MakeAuditRow): Promise<void> {
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const { at, seq, hash } = (await run(LAST, [])).rows[0] as { at: Date; seq: number | null; hash: Buffer | null };
    const row = make(seq === null ? null : { seq, hash: hash! }, at.toISOString());
    const { rowCount } = await run(APPEND, [
      row.seq,
      row.at,
      row.actor,
      row.action,
      row.target,
      JSON.stringify(row.detail),
      row.previous_hash,
      row.hash,
    ]);
    if (rowCount === 1) return;
  }
  throw new Error(`The audit log did not take a row in ${MOST_TRIES} tries.`);
}
