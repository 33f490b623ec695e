import { ADVISORY_LOCKS } from "../advisory_locks.ts";
import type { AuditListRow } from "./audit_list.ts";
import type { Database } from "../database.ts";

/** As it is hashed: with its time as text. */
export type AuditRow = Omit<AuditListRow, "at"> & { at: string };

type Make = (last: { seq: number; hash: Buffer } | null, at: string) => AuditRow;

const UNIQUE_VIOLATION = "23505";
const MOST_TRIES = 10;

/**
 * Appends the row that `make` builds upon the last one; one writer at a time among gateways of one release. A gateway of
 * the previous release takes another lock: where both built upon the same row, the primary key lets one of them in, and
 * the other builds upon that.
 */
export async function appendAudit(db: Database, make: Make): Promise<AuditRow> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await append(db, make);
    } catch (error) {
      if ((error as { code?: unknown }).code !== UNIQUE_VIOLATION || tries === MOST_TRIES) throw error;
    }
  }
}

function append(db: Database, make: Make): Promise<AuditRow> {
  return db.knex.transaction(async (trx) => {
    await trx.raw("select pg_advisory_xact_lock(?)", [ADVISORY_LOCKS.audit]);
    const last = (await trx("audit_log").orderBy("seq", "desc").first("seq", "hash")) as
      { seq: number; hash: Buffer } | undefined;
    const { rows } = (await trx.raw("select clock_timestamp() as at")) as { rows: { at: Date }[] };
    const row = make(last ?? null, rows[0]!.at.toISOString());
    await trx("audit_log").insert({ ...row, detail: JSON.stringify(row.detail) });
    return row;
  });
}
