import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Handler } from "../operation.ts";
import { adminOf } from "./principals.ts";

export const listIncidents: Handler<operations["listIncidents"], GatewayCore> = async ({ query }, call, core) => {
  adminOf(call, "read");
  return { status: 200, body: await core.incidents.list(query) };
};

export const openIncident: Handler<operations["openIncident"], GatewayCore> = async ({ body }, call, core) => {
  const actor = adminOf(call, "network");
  const incident = await core.incidents.open(actor, body);
  await core.audit.record(actor, "openIncident", incident.incident_id, {
    scope: incident.scope,
    target: incident.target,
    reason: incident.reason,
  });
  return { status: 201, body: incident };
};

export const clearIncident: Handler<operations["clearIncident"], GatewayCore> = async ({ path, body }, call, core) => {
  const actor = adminOf(call, "network");
  const incident = await core.incidents.clear(actor, path.incident_id, body.reason);
  await core.audit.record(actor, "clearIncident", path.incident_id, { reason: body.reason });
  return { status: 200, body: incident };
};

export const listAuditLog: Handler<operations["listAuditLog"], GatewayCore> = async ({ query }, call, core) => {
  adminOf(call, "read");
  return { status: 200, body: await core.incidents.auditLog(query) };
};
