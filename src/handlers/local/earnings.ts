import type { operations } from "../../../generated/local.ts";
import * as earnings from "../../core/host/gateway_link/earnings.ts";
import type { LocalCore } from "../../core/host/access/local_callers.ts";
import type { Handler } from "../operation.ts";

export const listEarnings: Handler<operations["listEarnings"], LocalCore> = async ({ query }, _call, core) => ({
  status: 200,
  body: await earnings.listEarnings(core, query),
});

export const getPayoutAddress: Handler<operations["getPayoutAddress"], LocalCore> = async (_input, _call, core) => ({
  status: 200,
  body: await earnings.readPayoutAddress(core),
});

export const updatePayoutAddress: Handler<operations["updatePayoutAddress"], LocalCore> = async (
  { body },
  _call,
  core,
) => ({
  status: 200,
  body: await earnings.updatePayoutAddress(core, body.payout_address),
});
