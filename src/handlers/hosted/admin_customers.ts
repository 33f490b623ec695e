import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Handler } from "../operation.ts";
import { adminOf, auditOf } from "./principals.ts";

export const listCustomers: Handler<operations["listCustomers"], GatewayCore> = async ({ query }, call, core) => {
  adminOf(call, "read");
  return { status: 200, body: await core.customers.list(query) };
};

export const createCustomer: Handler<operations["createCustomer"], GatewayCore> = async ({ body }, call, core) => {
  const audit = auditOf(call, "keys");
  return { status: 201, body: await core.customers.create(body, audit) };
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
  const audit = auditOf(call, "keys");
  return { status: 200, body: await core.customers.update(path.customer_id, body, audit) };
};

export const rotateCustomerToken: Handler<operations["rotateCustomerToken"], GatewayCore> = async (
  { path, body },
  call,
  core,
) => {
  const audit = auditOf(call, "keys");
  return { status: 201, body: await core.customers.rotateToken(path.customer_id, body ?? {}, audit) };
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
  const audit = auditOf(call, "keys");
  return { status: 200, body: await core.customers.putPolicy(path.customer_id, body, audit) };
};
