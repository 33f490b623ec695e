import type { HostedHandler } from "./hosted_handler.ts";

export const listGatewayKeys: HostedHandler<"listGatewayKeys"> = async ({ path, query }, _call, core) => {
  await core.customers.get(path.customer_id);
  return { status: 200, body: await core.keys.list(path.customer_id, query) };
};

export const createGatewayKey: HostedHandler<"createGatewayKey"> = async ({ path, body }, call, core) => ({
  status: 201,
  body: await core.keys.create(path.customer_id, body, call.audit),
});

export const updateGatewayKey: HostedHandler<"updateGatewayKey"> = async ({ path, body }, call, core) => ({
  status: 200,
  body: await core.keys.update(path.key_id, body, { audit: call.audit }),
});

export const revokeGatewayKey: HostedHandler<"revokeGatewayKey"> = async ({ path, query }, call, core) => ({
  status: 200,
  body: await core.keys.revoke(path.key_id, query.abort ?? false, { audit: call.audit }),
});

export const putKeyPolicy: HostedHandler<"putKeyPolicy"> = async ({ path, body }, call, core) => ({
  status: 200,
  body: await core.keys.putPolicy(path.key_id, body, call.audit),
});
