import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Handler } from "../operation.ts";
import { adminOf, auditOf } from "./principals.ts";

export const createCredit: Handler<operations["createCredit"], GatewayCore> = async ({ path, body }, call, core) => {
  const audit = auditOf(call, "money");
  const credit = await core.customers.credit(path.customer_id, body, audit);
  return { status: credit.repeated ? 200 : 201, body: credit };
};

export const createRefund: Handler<operations["createRefund"], GatewayCore> = async ({ path, body }, call, core) => {
  const audit = auditOf(call, "money");
  const refund = await core.customers.refund(path.customer_id, body, audit);
  return { status: refund.repeated ? 200 : 201, body: refund };
};

export const recoverReservations: Handler<operations["recoverReservations"], GatewayCore> = async (
  { body },
  call,
  core,
) => {
  const audit = auditOf(call, "money");
  return { status: 200, body: await core.billing.recover(body, audit) };
};

export const getTreasuryReport: Handler<operations["getTreasuryReport"], GatewayCore> = async (
  { query },
  call,
  core,
) => {
  adminOf(call, "read");
  return { status: 200, body: await core.billing.treasury(query) };
};
