import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Handler } from "../operation.ts";

export const explainRoute: Handler<operations["explainRoute"], GatewayCore> = async ({ body }, _call, core) => ({
  status: 200,
  body: await core.explain(body),
});
