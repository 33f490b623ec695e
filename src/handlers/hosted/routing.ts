import type { HostedHandler } from "./hosted_handler.ts";

export const explainRoute: HostedHandler<"explainRoute"> = async ({ body }, _call, core) => ({
  status: 200,
  body: await core.explain(body),
});
