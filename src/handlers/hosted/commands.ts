import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { NodeResult } from "../../core/gateway/private_jobs/job_context.ts";
import type { Handler } from "../operation.ts";
import { adminOf, nodeOf } from "./principals.ts";

export const pollCommands: Handler<operations["pollCommands"], GatewayCore> = async ({ body }, call, core) => ({
  status: 200,
  body: (await core.nodeCommands.poll(nodeOf(call), body, call.signal)) as never,
});

export const submitCommandResult: Handler<operations["submitCommandResult"], GatewayCore> = async (
  { path, body },
  call,
  core,
) => ({ status: 200, body: await core.nodeCommands.result(nodeOf(call), path.command_id, body as NodeResult) });

export const listCommands: Handler<operations["listCommands"], GatewayCore> = async ({ query }, call, core) => {
  adminOf(call, "read");
  return { status: 200, body: (await core.commands.list(query)) as never };
};

export const createCommand: Handler<operations["createCommand"], GatewayCore> = async (
  { body: { reason, ...input } },
  call,
  core,
) => {
  const actor = adminOf(call, "network");
  const command = await core.commands.create(actor, input);
  await core.audit.record(actor, "createCommand", command.command_id, {
    node_id: input.node_id,
    kind: input.kind,
    reason,
  });
  return { status: 201, body: command as never };
};

export const retryCommand: Handler<operations["retryCommand"], GatewayCore> = async ({ path, body }, call, core) => {
  const actor = adminOf(call, "network");
  const command = await core.commands.retry(path.command_id);
  await core.audit.record(actor, "retryCommand", path.command_id, { reason: body.reason });
  return { status: 200, body: command as never };
};

export const cancelCommand: Handler<operations["cancelCommand"], GatewayCore> = async ({ path, body }, call, core) => {
  const actor = adminOf(call, "network");
  const command = await core.commands.cancel(path.command_id);
  await core.audit.record(actor, "cancelCommand", path.command_id, { reason: body.reason });
  return { status: 200, body: command as never };
};
