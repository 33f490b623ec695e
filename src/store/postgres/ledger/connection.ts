import type pg from "pg";
import { CopyIn } from "../wire/copy_in.ts";
import type { Database } from "../database.ts";
import { COPY_END, COPY_START } from "../wire/binary.ts";

/** The one writing connection of a process: statements are pipelined, so that a batch takes two round trips. */
export type LedgerConnection = {
  query<Row extends pg.QueryResultRow>(name: string, text: string, values?: unknown[]): Promise<pg.QueryResult<Row>>;
  /** Begins `copy ... from stdin`, with its first rows. */
  copy(text: string, rows: Buffer): Copying;
  end(): Promise<void>;
};

/** Sends rows. `end` or `fail` must be called before the next statement is sent. */
export type Copying = {
  write(rows: Buffer): void;
  end(): Promise<void>;
  /** Makes the statement fail, and with it the transaction. */
  fail(): void;
};

/**
 * The planner's settings force index scans, because a plan made for an empty table would stay a table scan. An account
 * whose lock takes longer than 250 ms is left to the next batch.
 */
const settings = (lock_timeout_ms: number): string => `
  set lock_timeout = ${lock_timeout_ms}; set idle_in_transaction_session_timeout = 10000; set statement_timeout = 10000;
  set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin =
    off;
  set enable_bitmapscan = off; set jit = off; set default_transaction_isolation = 'read committed'`;

export async function connectLedger(db: Database, lock_timeout_ms = 250): Promise<LedgerConnection> {
  const client = await db.connect({ pipeline: true });
  try {
    await client.query(settings(lock_timeout_ms));
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
  return {
    query: (name, text, values) => client.query(values === undefined ? { text } : { name, text, values }),
    copy: (text, rows) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      promise.catch(() => {}); // `end` returns the promise
      const copy = new CopyIn(text, [COPY_START, rows], (error) => (error ? reject(error) : resolve()));
      client.query(copy);
      return {
        write: (more) => copy.write(more),
        end: () => {
          copy.write(COPY_END);
          copy.end();
          return promise;
        },
        fail: () => copy.fail(),
      };
    },
    end: () => client.end(),
  };
}
