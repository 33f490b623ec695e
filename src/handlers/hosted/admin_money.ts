import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Handler } from "../operation.ts";
import { adminOf } from "./principals.ts";

export const createCredit: Handler<operations["createCredit"], GatewayCore> = async ({ path, body }, call, core) => {
  const actor = adminOf(call, "money");
  const credit = await core.customers.credit(path.customer_id, body);
  if (!credit.repeated)
    await core.audit.record(actor, "createCredit", path.customer_id, { amount_wei: body.amount_wei });
  return { status: credit.repeated ? 200 : 201, body: credit };
};

export const createRefund: Handler<operations["createRefund"], GatewayCore> = async ({ path, body }, call, core) => {
  const actor = adminOf(call, "money");
  const refund = await core.customers.refund(path.customer_id, body);
  if (!refund.repeated)
    await core.audit.record(actor, "createRefund", path.customer_id, {
      refund_id: body.refund_id,
      amount_wei: body.amount_wei,
      reason: body.reason,
    });
  return { status: refund.repeated ? 200 : 201, body: refund };
};

export const recoverReservations: Handler<operations["recoverReservations"], GatewayCore> = async (
  { body },
  call,
  core,
) => {
  const actor = adminOf(call, "money");
  const recovery = await core.billing.recover(body);
  if (!body.dry_run)
    await core.audit.record(actor, "recoverReservations", "reservations", {
      examined: recovery.examined,
      settled_wei: recovery.settled_wei,
      released_wei: recovery.released_wei,
    });
  return { status: 200, body: recovery };
};

export const getTreasuryReport: Handler<operations["getTreasuryReport"], GatewayCore> = async (
  { query },
  call,
  core,
) => {
  adminOf(call, "read");
  return { status: 200, body: await core.billing.treasury(query) };
};
