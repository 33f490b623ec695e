import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import { requireScope } from "../../core/gateway/keys/keyring.ts";
import type { Handler } from "../operation.ts";
import { gatewayKeyOf } from "./principals.ts";

export const listModels: Handler<operations["listModels"], GatewayCore> = async (_input, call, core) => {
  requireScope(gatewayKeyOf(call), "models:read");
  return { status: 200, body: core.models.list() };
};

export const retrieveModel: Handler<operations["retrieveModel"], GatewayCore> = async ({ path }, call, core) => {
  requireScope(gatewayKeyOf(call), "models:read");
  return { status: 200, body: core.models.retrieve(path.model) };
};
