import type { Database } from "../database.ts";
import type { IncidentRow } from "./incidents_open.ts";

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
