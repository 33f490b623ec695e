import type { Database } from "../database.ts";
import { auditedTransaction, type AuditOf } from "./audit_append.ts";

/** Incidents, newest first, that were opened before the last one of the previous page. */
export async function listIncidents(
  db: Database,
  {
    state,
    before,
    limit,
    incident_id,
  }: {
    state: "open" | "cleared" | "all";
    before: { opened_at: string; incident_id: string } | null;
    limit: number;
    incident_id?: string;
  },
): Promise<IncidentRow[]> {
  const query = db
    .knex("incidents")
    .select("*")
    .orderBy([
      { column: "opened_at", order: "desc" },
      { column: "incident_id", order: "desc" },
    ])
    .limit(limit);
  if (state === "open") query.whereNull("cleared_at");
  if (state === "cleared") query.whereNotNull("cleared_at");
  if (incident_id !== undefined) query.where({ incident_id });
  if (before) query.whereRaw("(opened_at, incident_id) < (?::timestamptz, ?)", [before.opened_at, before.incident_id]);
  return (await query) as IncidentRow[];
}

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
