import type { Database } from "../database.ts";
import type { IncidentRow } from "./incidents_open.ts";

/** Clears an open incident; null when there is none with this id that is open. */
export async function clearIncident(
  db: Database,
  incident_id: string,
  cleared_by: string,
  clear_reason: string,
): Promise<IncidentRow | null> {
  const [saved] = await db
    .knex("incidents")
    .where({ incident_id })
    .whereNull("cleared_at")
    .update({ cleared_by, clear_reason, cleared_at: db.knex.raw("clock_timestamp()") })
    .returning("*");
  return (saved as IncidentRow | undefined) ?? null;
}
