import type { HostedHandler } from "./hosted_handler.ts";

export const listIncidents: HostedHandler<"listIncidents"> = async ({ query }, _call, core) => ({
  status: 200,
  body: await core.incidents.list(query),
});

export const openIncident: HostedHandler<"openIncident"> = async ({ body }, call, core) => ({
  status: 201,
  body: await core.incidents.open(body, call.audit),
});

export const clearIncident: HostedHandler<"clearIncident"> = async ({ path, body }, call, core) => ({
  status: 200,
  body: await core.incidents.clear(path.incident_id, body.reason, call.audit),
});

export const listAuditLog: HostedHandler<"listAuditLog"> = async ({ query }, _call, core) => ({
  status: 200,
  body: await core.auditLog(query),
});
