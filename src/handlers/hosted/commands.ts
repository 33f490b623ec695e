import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { NodeResult } from "../../core/gateway/private_jobs/job_context.ts";
import type { Handler } from "../operation.ts";
import { nodeOf } from "./principals.ts";

export const pollCommands: Handler<operations["pollCommands"], GatewayCore> = async ({ body }, call, core) => ({
  status: 200,
  body: (await core.nodeCommands.poll(nodeOf(call), body, call.signal)) as never,
});

export const submitCommandResult: Handler<operations["submitCommandResult"], GatewayCore> = async (
  { path, body },
  call,
  core,
) => ({ status: 200, body: await core.nodeCommands.result(nodeOf(call), path.command_id, body as NodeResult) });

export const listCommands: Handler<operations["listCommands"], GatewayCore> = async ({ query }, _call, core) => ({
  status: 200,
  body: (await core.commands.list(query)) as never,
});

export const createCommand: Handler<operations["createCommand"], GatewayCore> = async ({ body }, call, core) => ({
  status: 201,
  body: (await core.commands.create(body, call.audit)) as never,
});

export const retryCommand: Handler<operations["retryCommand"], GatewayCore> = async ({ path, body }, call, core) => ({
  status: 200,
  body: (await core.commands.retry(path.command_id, body.reason, call.audit)) as never,
});

export const cancelCommand: Handler<operations["cancelCommand"], GatewayCore> = async ({ path, body }, call, core) => ({
  status: 200,
  body: (await core.commands.cancel(path.command_id, body.reason, call.audit)) as never,
});
