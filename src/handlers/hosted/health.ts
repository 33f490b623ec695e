import type { HostedHandler } from "./hosted_handler.ts";

export const getLiveness: HostedHandler<"getLiveness"> = async () => ({
  status: 200,
  body: { status: "ok" },
});

export const getReadiness: HostedHandler<"getReadiness"> = async (_input, _call, core) => {
  await core.readiness();
  return { status: 200, body: { status: "ready", checks: { database: "ok", schema: "ok", lifecycle: "ok" } } };
};
