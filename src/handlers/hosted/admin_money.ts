import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Handler } from "../operation.ts";

export const createCredit: Handler<operations["createCredit"], GatewayCore> = async ({ path, body }, call, core) => {
  const credit = await core.customers.credit(path.customer_id, body, call.audit);
  return { status: credit.repeated ? 200 : 201, body: credit };
};

export const createRefund: Handler<operations["createRefund"], GatewayCore> = async ({ path, body }, call, core) => {
  const refund = await core.customers.refund(path.customer_id, body, call.audit);
  return { status: refund.repeated ? 200 : 201, body: refund };
};

export const recoverReservations: Handler<operations["recoverReservations"], GatewayCore> = async (
  { body },
  call,
  core,
) => ({ status: 200, body: await core.billing.recover(body, call.audit) });

export const getTreasuryReport: Handler<operations["getTreasuryReport"], GatewayCore> = async (
  { query },
  _call,
  core,
) => ({ status: 200, body: await core.billing.treasury(query) });
