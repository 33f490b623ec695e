import type { AuditListRow } from "./audit_list.ts";
import type { Database } from "./database.ts";

/** As it is hashed: with its time as text. */
export type AuditRow = Omit<AuditListRow, "at"> & { at: string };

/** Any number will do, as long as all releases use the same one. */
const LOCK = 833_017_002;

/** Appends the row that `make` builds upon the last one; one writer at a time in the whole network. */
export async function appendAudit(
  db: Database,
  make: (last: { seq: number; hash: Buffer } | null, at: string) => AuditRow,
): Promise<AuditRow> {
  return db.knex.transaction(async (trx) => {
    await trx.raw("select pg_advisory_xact_lock(?)", [LOCK]);
    const last = (await trx("audit_log").orderBy("seq", "desc").first("seq", "hash")) as
      { seq: number; hash: Buffer } | undefined;
    const { rows } = (await trx.raw("select clock_timestamp() as at")) as { rows: { at: Date }[] };
    const row = make(last ?? null, rows[0]!.at.toISOString());
    await trx("audit_log").insert({ ...row, detail: JSON.stringify(row.detail) });
    return row;
  });
}
