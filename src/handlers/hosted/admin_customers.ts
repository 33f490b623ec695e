import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Handler } from "../operation.ts";
import { adminOf } from "./principals.ts";

export const listCustomers: Handler<operations["listCustomers"], GatewayCore> = async ({ query }, call, core) => {
  adminOf(call, "read");
  return { status: 200, body: await core.customers.list(query) };
};

export const createCustomer: Handler<operations["createCustomer"], GatewayCore> = async ({ body }, call, core) => {
  const actor = adminOf(call, "keys");
  const created = await core.customers.create(body);
  await core.audit.record(actor, "createCustomer", created.customer_id);
  return { status: 201, body: created };
};

export const getCustomer: Handler<operations["getCustomer"], GatewayCore> = async ({ path }, call, core) => {
  adminOf(call, "read");
  return { status: 200, body: await core.customers.get(path.customer_id) };
};

export const updateCustomer: Handler<operations["updateCustomer"], GatewayCore> = async (
  { path, body },
  call,
  core,
) => {
  const actor = adminOf(call, "keys");
  const updated = await core.customers.update(path.customer_id, body);
  await core.audit.record(actor, "updateCustomer", path.customer_id, { status: updated.status });
  return { status: 200, body: updated };
};

export const rotateCustomerToken: Handler<operations["rotateCustomerToken"], GatewayCore> = async (
  { path, body },
  call,
  core,
) => {
  const actor = adminOf(call, "keys");
  const rotated = await core.customers.rotateToken(path.customer_id, body ?? {});
  await core.audit.record(actor, "rotateCustomerToken", path.customer_id, {
    previous_valid_until: rotated.previous_valid_until,
  });
  return { status: 201, body: rotated };
};

export const getCustomerPolicy: Handler<operations["getCustomerPolicy"], GatewayCore> = async (
  { path },
  call,
  core,
) => {
  adminOf(call, "read");
  return { status: 200, body: await core.customers.policy(path.customer_id) };
};

export const putCustomerPolicy: Handler<operations["putCustomerPolicy"], GatewayCore> = async (
  { path, body },
  call,
  core,
) => {
  const actor = adminOf(call, "keys");
  const policy = await core.customers.putPolicy(path.customer_id, body);
  await core.audit.record(actor, "putCustomerPolicy", path.customer_id, { version: policy.version });
  return { status: 200, body: policy };
};
