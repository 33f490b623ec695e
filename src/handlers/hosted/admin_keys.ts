import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Handler } from "../operation.ts";

export const listGatewayKeys: Handler<operations["listGatewayKeys"], GatewayCore> = async (
  { path, query },
  _call,
  core,
) => {
  await core.customers.get(path.customer_id);
  return { status: 200, body: await core.keys.list(path.customer_id, query) };
};

export const createGatewayKey: Handler<operations["createGatewayKey"], GatewayCore> = async (
  { path, body },
  call,
  core,
) => ({ status: 201, body: await core.keys.create(path.customer_id, body, call.audit) });

export const updateGatewayKey: Handler<operations["updateGatewayKey"], GatewayCore> = async (
  { path, body },
  call,
  core,
) => ({ status: 200, body: await core.keys.update(path.key_id, body, { audit: call.audit }) });

export const revokeGatewayKey: Handler<operations["revokeGatewayKey"], GatewayCore> = async (
  { path, query },
  call,
  core,
) => ({ status: 200, body: await core.keys.revoke(path.key_id, query.abort ?? false, { audit: call.audit }) });

export const putKeyPolicy: Handler<operations["putKeyPolicy"], GatewayCore> = async ({ path, body }, call, core) => ({
  status: 200,
  body: await core.keys.putPolicy(path.key_id, body, call.audit),
});
