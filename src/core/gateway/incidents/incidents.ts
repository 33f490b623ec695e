import type { components } from "../../../../generated/hosted.ts";
import {
  clearIncident,
  type IncidentRow,
  insertIncident,
  listIncidents,
} from "../../../store/postgres/control/incidents.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { bind } from "../../bind_context.ts";
import { ApiError } from "../../errors.ts";
import { mintId } from "../../protocol/bytes/ids.ts";
import type { AuditContext } from "../../admin_tokens.ts";
import { audited } from "../audit/audit.ts";
import type { ControlView } from "../control.ts";
import { unknownIncident } from "../not_found.ts";
import { pageBounds, type PageQuery, toPage, wrongCursor } from "../page.ts";

type Schemas = components["schemas"];
type IncidentsContext = { db: Database; control: ControlView };

const WHOLE = new Set(["global", "payouts"]);
const ROUTE_CLASSES = ["pooled_sync", "private_job"];

/**
 * Incidents pause traffic on every gateway within a second; requests in flight finish (docs/design/nodes.md,
 * Incidents).
 */
export const createIncidents = (context: IncidentsContext) => bind(context, { list, open, clear });

async function list({ db }: IncidentsContext, query: PageQuery & { state?: "open" | "cleared" | "all" | undefined }) {
  const { limit, after } = pageBounds(query);
  const before = after === null ? null : positionOf(after);
  const rows = await listIncidents(db, { state: query.state ?? "all", before, limit: limit + 1 });
  return toPage(rows, limit, (row) => `${row.opened_at.toISOString()} ${row.incident_id}`, toWire);
}

async function open({ db, control }: IncidentsContext, body: Schemas["incident_request"], audit: AuditContext) {
  const { scope, reason } = body;
  const target = targetOf(body);
  const incident = { incident_id: mintId("inc"), scope, target, reason, opened_by: audit.actor };
  const row = await insertIncident(db, incident, (saved) =>
    saved === null ? null : audited(audit, saved.incident_id, { scope, target, reason }),
  );
  if (!row) throw new ApiError("conflict", "An incident of this scope and target is open already.");
  await control.refresh();
  return toWire(row);
}

async function clear({ db, control }: IncidentsContext, incident_id: string, reason: string, audit: AuditContext) {
  const row = await clearIncident(db, incident_id, audit.actor, reason, (saved) =>
    saved === null ? null : audited(audit, incident_id, { reason }),
  );
  if (!row) {
    const [found] = await listIncidents(db, { state: "all", before: null, limit: 1, incident_id });
    throw found ? new ApiError("conflict", "The incident was cleared before.") : unknownIncident();
  }
  await control.refresh();
  return toWire(row);
}

/**
 * The target of an incident: `*` for a scope without targets. Throws `invalid_request` for a target that the scope
 * cannot have.
 */
function targetOf({ scope, target }: Schemas["incident_request"]): string {
  if (WHOLE.has(scope)) return "*";
  if (target === undefined)
    throw new ApiError("invalid_request", `An incident of scope ${scope} needs a target.`, { param: "target" });
  if (scope === "route_class" && !ROUTE_CLASSES.includes(target))
    throw new ApiError("invalid_request", `A route class is one of ${ROUTE_CLASSES.join(", ")}.`, { param: "target" });
  return target;
}

function positionOf(after: string): { opened_at: string; incident_id: string } {
  const [opened_at, incident_id] = after.split(" ");
  if (!incident_id || Number.isNaN(Date.parse(opened_at!))) throw wrongCursor();
  return { opened_at: opened_at!, incident_id };
}

function toWire(row: IncidentRow): Schemas["incident"] {
  return {
    ...row,
    scope: row.scope as Schemas["incident_scope"],
    opened_at: row.opened_at.toISOString(),
    cleared_at: row.cleared_at?.toISOString() ?? null,
  };
}
