import { customerOf } from "./principals.ts";
import type { HostedHandler } from "./hosted_handler.ts";

export const createPrivateJob: HostedHandler<"createPrivateJob"> = async ({ body }, call, core) => ({
  status: 202,
  body: await core.privateJobs.create(customerOf(call).customer_id, body, call.signal),
});

export const getPrivateJob: HostedHandler<"getPrivateJob"> = async ({ path }, call, core) => ({
  status: 200,
  body: await core.privateJobs.read(customerOf(call).customer_id, path.job_id),
});
