import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Handler } from "../operation.ts";

export const getLiveness: Handler<operations["getLiveness"], GatewayCore> = async () => ({
  status: 200,
  body: { status: "ok" },
});

export const getReadiness: Handler<operations["getReadiness"], GatewayCore> = async (_input, _call, core) => {
  await core.readiness();
  return { status: 200, body: { status: "ready", checks: { database: "ok", schema: "ok", lifecycle: "ok" } } };
};
