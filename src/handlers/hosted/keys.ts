import { customerOf } from "./principals.ts";
import type { HostedHandler } from "./hosted_handler.ts";

export const listKeys: HostedHandler<"listKeys"> = async ({ query }, call, core) => ({
  status: 200,
  body: await core.keys.list(customerOf(call).customer_id, query),
});

export const createKey: HostedHandler<"createKey"> = async ({ body }, call, core) => {
  const { customer_id } = customerOf(call);
  await core.customers.requireActive(customer_id);
  return { status: 201, body: await core.keys.create(customer_id, body, null) };
};

export const updateKey: HostedHandler<"updateKey"> = async ({ path, body }, call, core) => {
  const { customer_id } = customerOf(call);
  await core.customers.requireActive(customer_id);
  return { status: 200, body: await core.keys.update(path.key_id, body, { customer_id }) };
};

export const revokeKey: HostedHandler<"revokeKey"> = async ({ path, query }, call, core) => ({
  status: 200,
  body: await core.keys.revoke(path.key_id, query.abort ?? false, customerOf(call)),
});
