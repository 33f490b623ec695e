import type { HostedHandler } from "./hosted_handler.ts";

export const createCredit: HostedHandler<"createCredit"> = async ({ path, body }, call, core) => {
  const credit = await core.customers.credit(path.customer_id, body, call.audit);
  return { status: credit.repeated ? 200 : 201, body: credit };
};

export const createRefund: HostedHandler<"createRefund"> = async ({ path, body }, call, core) => {
  const refund = await core.customers.refund(path.customer_id, body, call.audit);
  return { status: refund.repeated ? 200 : 201, body: refund };
};

export const recoverReservations: HostedHandler<"recoverReservations"> = async ({ body }, call, core) => ({
  status: 200,
  body: await core.billing.recover(body, call.audit),
});

export const getTreasuryReport: HostedHandler<"getTreasuryReport"> = async ({ query }, _call, core) => ({
  status: 200,
  body: await core.billing.treasury(query),
});
