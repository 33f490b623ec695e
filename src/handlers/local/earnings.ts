import * as earnings from "../../core/host/gateway_link/earnings.ts";
import type { LocalHandler } from "./local_handler.ts";

export const listEarnings: LocalHandler<"listEarnings"> = async ({ query }, _call, core) => ({
  status: 200,
  body: await earnings.listEarnings(core, query),
});

export const getPayoutAddress: LocalHandler<"getPayoutAddress"> = async (_input, _call, core) => ({
  status: 200,
  body: await earnings.readPayoutAddress(core),
});

export const updatePayoutAddress: LocalHandler<"updatePayoutAddress"> = async ({ body }, _call, core) => ({
  status: 200,
  body: await earnings.updatePayoutAddress(core, body.payout_address),
});
