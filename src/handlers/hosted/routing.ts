import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Handler } from "../operation.ts";
import { adminOf } from "./principals.ts";

export const explainRoute: Handler<operations["explainRoute"], GatewayCore> = async ({ body }, call, core) => {
  adminOf(call, "read");
  return { status: 200, body: await core.explain(body) };
};
