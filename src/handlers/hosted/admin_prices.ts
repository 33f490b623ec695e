import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Handler } from "../operation.ts";

export const listPrices: Handler<operations["listPrices"], GatewayCore> = async ({ query }, _call, core) => ({
  status: 200,
  body: await core.prices.list(query),
});

export const putPrice: Handler<operations["putPrice"], GatewayCore> = async ({ path, body }, call, core) => ({
  status: 200,
  body: await core.prices.put(path.model, body, call.audit),
});
