import { requireScope } from "../../core/gateway/keys/keyring.ts";
import { gatewayKeyOf } from "./principals.ts";
import type { HostedHandler } from "./hosted_handler.ts";

export const listModels: HostedHandler<"listModels"> = async (_input, call, core) => {
  requireScope(gatewayKeyOf(call), "models:read");
  return { status: 200, body: core.models.list() };
};

export const retrieveModel: HostedHandler<"retrieveModel"> = async ({ path }, call, core) => {
  requireScope(gatewayKeyOf(call), "models:read");
  return { status: 200, body: core.models.retrieve(path.model) };
};
