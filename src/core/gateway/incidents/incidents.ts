import type { components } from "../../../../generated/hosted.ts";
import { listAudit } from "../../../store/postgres/control/audit_list.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { clearIncident } from "../../../store/postgres/control/incidents_clear.ts";
import { listIncidents } from "../../../store/postgres/control/incidents_list.ts";
import { type IncidentRow, insertIncident } from "../../../store/postgres/control/incidents_open.ts";
import { ApiError } from "../../errors.ts";
import { mintId } from "../../protocol/bytes/ids.ts";
import type { ControlView } from "../control.ts";
import { pageBounds, type PageQuery, toPage } from "../page.ts";

type Schemas = components["schemas"];
const WHOLE = new Set(["global", "payouts"]);
const ROUTE_CLASSES = ["pooled_sync", "private_job"];

/**
 * Switches that pause traffic; in force on every gateway within a second, what is in flight finishes
 * (docs/design/nodes.md, Incidents).
 */
export function createIncidents(ports: { db: Database; control: ControlView }) {
  const { db, control } = ports;
  return {
    async list(query: PageQuery & { state?: "open" | "cleared" | "all" | undefined }) {
      const { limit, after } = pageBounds(query);
      const [opened_at, incident_id] = after?.split(" ") ?? [];
      if (after !== null && (!incident_id || Number.isNaN(Date.parse(opened_at!))))
        throw new ApiError(
          "invalid_request",
          "cursor is not one that this operation gave out; leave it out to start again.",
          { param: "cursor" },
        );
      const before = after === null ? null : { opened_at: opened_at!, incident_id: incident_id! };
      const rows = await listIncidents(db, { state: query.state ?? "all", before, limit: limit + 1 });
      return toPage(rows, limit, (row) => `${row.opened_at.toISOString()} ${row.incident_id}`, toWire);
    },
    async open(actor: string, body: Schemas["incident_request"]) {
      const target = WHOLE.has(body.scope) ? "*" : body.target;
      if (target === undefined)
        throw new ApiError("invalid_request", `An incident of scope ${body.scope} needs a target.`, {
          param: "target",
        });
      if (body.scope === "route_class" && !ROUTE_CLASSES.includes(target))
        throw new ApiError("invalid_request", `A route class is one of ${ROUTE_CLASSES.join(", ")}.`, {
          param: "target",
        });
      const row = await insertIncident(db, {
        incident_id: mintId("inc"),
        scope: body.scope,
        target,
        reason: body.reason,
        opened_by: actor,
      });
      if (!row) throw new ApiError("conflict", "An incident of this scope and target is open already.");
      await control.refresh();
      return toWire(row);
    },
    async clear(actor: string, incident_id: string, reason: string) {
      const row = await clearIncident(db, incident_id, actor, reason);
      if (!row) {
        const [found] = await listIncidents(db, { state: "all", before: null, limit: 1, incident_id });
        throw found
          ? new ApiError("conflict", "The incident was cleared before.")
          : new ApiError("not_found", "There is no incident with this id.", { param: "incident_id" });
      }
      await control.refresh();
      return toWire(row);
    },
    async auditLog(query: PageQuery & { actor?: string | undefined; action?: string | undefined }) {
      const { limit, after } = pageBounds(query);
      const before = after === null ? null : Number(after);
      if (before !== null && !Number.isSafeInteger(before))
        throw new ApiError(
          "invalid_request",
          "cursor is not one that this operation gave out; leave it out to start again.",
          { param: "cursor" },
        );
      const rows = await listAudit(db, {
        before,
        limit: limit + 1,
        ...(query.actor === undefined ? {} : { actor: query.actor }),
        ...(query.action === undefined ? {} : { action: query.action }),
      });
      return toPage(
        rows,
        limit,
        (row) => String(row.seq),
        (row) => ({
          ...row,
          at: row.at.toISOString(),
          previous_hash: row.previous_hash.toString("hex"),
          hash: row.hash.toString("hex"),
        }),
      );
    },
  };
}

export type Incidents = ReturnType<typeof createIncidents>;

function toWire(row: IncidentRow): Schemas["incident"] {
  return {
    ...row,
    scope: row.scope as Schemas["incident_scope"],
    opened_at: row.opened_at.toISOString(),
    cleared_at: row.cleared_at?.toISOString() ?? null,
  };
}
