import type { AuditOf } from "./audit_append.ts";
import { auditedTransaction } from "./audit_append.ts";
import type { Database } from "../database.ts";

export type IncidentRow = {
  incident_id: string;
  scope: string;
  target: string;
  reason: string;
  opened_by: string;
  opened_at: Date;
  cleared_by: string | null;
  clear_reason: string | null;
  cleared_at: Date | null;
};

/** Opens an incident; null when one of this scope and target is open already. */
export async function insertIncident(
  db: Database,
  row: Pick<IncidentRow, "incident_id" | "scope" | "target" | "reason" | "opened_by">,
  audit?: AuditOf<IncidentRow | null>,
): Promise<IncidentRow | null> {
  return auditedTransaction(db, audit, async (trx) => {
    const [saved] = await trx("incidents")
      .insert(row)
      .onConflict(trx.raw("(scope, target) where cleared_at is null"))
      .ignore()
      .returning("*");
    return (saved as IncidentRow | undefined) ?? null;
  });
}
