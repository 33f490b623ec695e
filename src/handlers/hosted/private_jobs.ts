import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Handler } from "../operation.ts";
import { customerOf } from "./principals.ts";

export const createPrivateJob: Handler<operations["createPrivateJob"], GatewayCore> = async ({ body }, call, core) => ({
  status: 202,
  body: await core.privateJobs.create(customerOf(call).customer_id, body, call.signal),
});

export const getPrivateJob: Handler<operations["getPrivateJob"], GatewayCore> = async ({ path }, call, core) => ({
  status: 200,
  body: await core.privateJobs.read(customerOf(call).customer_id, path.job_id),
});
