import type { HostedHandler } from "./hosted_handler.ts";

export const listCustomers: HostedHandler<"listCustomers"> = async ({ query }, _call, core) => ({
  status: 200,
  body: await core.customers.list(query),
});

export const createCustomer: HostedHandler<"createCustomer"> = async ({ body }, call, core) => ({
  status: 201,
  body: await core.customers.create(body, call.audit),
});

export const getCustomer: HostedHandler<"getCustomer"> = async ({ path }, _call, core) => ({
  status: 200,
  body: await core.customers.get(path.customer_id),
});

export const updateCustomer: HostedHandler<"updateCustomer"> = async ({ path, body }, call, core) => ({
  status: 200,
  body: await core.customers.update(path.customer_id, body, call.audit),
});

export const rotateCustomerToken: HostedHandler<"rotateCustomerToken"> = async ({ path, body }, call, core) => ({
  status: 201,
  body: await core.customers.rotateToken(path.customer_id, body ?? {}, call.audit),
});

export const getCustomerPolicy: HostedHandler<"getCustomerPolicy"> = async ({ path }, _call, core) => ({
  status: 200,
  body: await core.customers.policy(path.customer_id),
});

export const putCustomerPolicy: HostedHandler<"putCustomerPolicy"> = async ({ path, body }, call, core) => ({
  status: 200,
  body: await core.customers.putPolicy(path.customer_id, body, call.audit),
});
