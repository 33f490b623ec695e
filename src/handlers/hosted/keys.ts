import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Handler } from "../operation.ts";
import { customerOf } from "./principals.ts";

export const listKeys: Handler<operations["listKeys"], GatewayCore> = async ({ query }, call, core) => ({
  status: 200,
  body: await core.keys.list(customerOf(call).customer_id, query),
});

export const createKey: Handler<operations["createKey"], GatewayCore> = async ({ body }, call, core) => {
  const { customer_id } = customerOf(call);
  await core.customers.requireActive(customer_id);
  return { status: 201, body: await core.keys.create(customer_id, body, null) };
};

export const updateKey: Handler<operations["updateKey"], GatewayCore> = async ({ path, body }, call, core) => {
  const { customer_id } = customerOf(call);
  await core.customers.requireActive(customer_id);
  return { status: 200, body: await core.keys.update(path.key_id, body, { customer_id }) };
};

export const revokeKey: Handler<operations["revokeKey"], GatewayCore> = async ({ path, query }, call, core) => ({
  status: 200,
  body: await core.keys.revoke(path.key_id, query.abort ?? false, customerOf(call)),
});
