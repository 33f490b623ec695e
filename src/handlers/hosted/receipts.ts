import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Handler } from "../operation.ts";

export const getReceipt: Handler<operations["getReceipt"], GatewayCore> = async ({ path }, _call, core) => ({
  status: 200,
  body: await core.lookupReceipt(path.receipt_hash),
});
