import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Handler } from "../operation.ts";

export const listIncidents: Handler<operations["listIncidents"], GatewayCore> = async ({ query }, _call, core) => ({
  status: 200,
  body: await core.incidents.list(query),
});

export const openIncident: Handler<operations["openIncident"], GatewayCore> = async ({ body }, call, core) => ({
  status: 201,
  body: await core.incidents.open(body, call.audit),
});

export const clearIncident: Handler<operations["clearIncident"], GatewayCore> = async ({ path, body }, call, core) => ({
  status: 200,
  body: await core.incidents.clear(path.incident_id, body.reason, call.audit),
});

export const listAuditLog: Handler<operations["listAuditLog"], GatewayCore> = async ({ query }, _call, core) => ({
  status: 200,
  body: await core.auditLog(query),
});
