import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Handler } from "../operation.ts";
import { adminOf, auditOf } from "./principals.ts";

export const listIncidents: Handler<operations["listIncidents"], GatewayCore> = async ({ query }, call, core) => {
  adminOf(call, "read");
  return { status: 200, body: await core.incidents.list(query) };
};

export const openIncident: Handler<operations["openIncident"], GatewayCore> = async ({ body }, call, core) => {
  const audit = auditOf(call, "network");
  return { status: 201, body: await core.incidents.open(body, audit) };
};

export const clearIncident: Handler<operations["clearIncident"], GatewayCore> = async ({ path, body }, call, core) => {
  const audit = auditOf(call, "network");
  return { status: 200, body: await core.incidents.clear(path.incident_id, body.reason, audit) };
};

export const listAuditLog: Handler<operations["listAuditLog"], GatewayCore> = async ({ query }, call, core) => {
  adminOf(call, "read");
  return { status: 200, body: await core.auditLog(query) };
};
