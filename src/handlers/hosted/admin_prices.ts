import type { HostedHandler } from "./hosted_handler.ts";

export const listPrices: HostedHandler<"listPrices"> = async ({ query }, _call, core) => ({
  status: 200,
  body: await core.prices.list(query),
});

export const putPrice: HostedHandler<"putPrice"> = async ({ path, body }, call, core) => ({
  status: 200,
  body: await core.prices.put(path.model, body, call.audit),
});
