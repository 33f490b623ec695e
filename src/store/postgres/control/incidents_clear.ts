import type { AuditOf } from "./audit_append.ts";
import { auditedTransaction } from "./audit_append.ts";
import type { Database } from "../database.ts";
import type { IncidentRow } from "./incidents_open.ts";

/** Clears an open incident; null when there is none with this id that is open. */
export async function clearIncident(
  db: Database,
  incident_id: string,
  cleared_by: string,
  clear_reason: string,
  audit?: AuditOf<IncidentRow | null>,
): Promise<IncidentRow | null> {
  return auditedTransaction(db, audit, async (trx) => {
    const [saved] = await trx("incidents")
      .where({ incident_id })
      .whereNull("cleared_at")
      .update({ cleared_by, clear_reason, cleared_at: trx.raw("clock_timestamp()") })
      .returning("*");
    return (saved as IncidentRow | undefined) ?? null;
  });
}
