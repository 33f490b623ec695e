import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Handler } from "../operation.ts";

export const listCustomers: Handler<operations["listCustomers"], GatewayCore> = async ({ query }, _call, core) => ({
  status: 200,
  body: await core.customers.list(query),
});

export const createCustomer: Handler<operations["createCustomer"], GatewayCore> = async ({ body }, call, core) => ({
  status: 201,
  body: await core.customers.create(body, call.audit),
});

export const getCustomer: Handler<operations["getCustomer"], GatewayCore> = async ({ path }, _call, core) => ({
  status: 200,
  body: await core.customers.get(path.customer_id),
});

export const updateCustomer: Handler<operations["updateCustomer"], GatewayCore> = async (
  { path, body },
  call,
  core,
) => ({ status: 200, body: await core.customers.update(path.customer_id, body, call.audit) });

export const rotateCustomerToken: Handler<operations["rotateCustomerToken"], GatewayCore> = async (
  { path, body },
  call,
  core,
) => ({ status: 201, body: await core.customers.rotateToken(path.customer_id, body ?? {}, call.audit) });

export const getCustomerPolicy: Handler<operations["getCustomerPolicy"], GatewayCore> = async (
  { path },
  _call,
  core,
) => ({ status: 200, body: await core.customers.policy(path.customer_id) });

export const putCustomerPolicy: Handler<operations["putCustomerPolicy"], GatewayCore> = async (
  { path, body },
  call,
  core,
) => ({ status: 200, body: await core.customers.putPolicy(path.customer_id, body, call.audit) });
