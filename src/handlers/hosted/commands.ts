import type { NodeResult } from "../../core/gateway/private_jobs/job_context.ts";
import { nodeOf } from "./principals.ts";
import type { HostedHandler } from "./hosted_handler.ts";

export const pollCommands: HostedHandler<"pollCommands"> = async ({ body }, call, core) => ({
  status: 200,
  body: (await core.nodeCommands.poll(nodeOf(call), body, call.signal)) as never,
});

export const submitCommandResult: HostedHandler<"submitCommandResult"> = async ({ path, body }, call, core) => ({
  status: 200,
  body: await core.nodeCommands.result(nodeOf(call), path.command_id, body as NodeResult),
});

export const listCommands: HostedHandler<"listCommands"> = async ({ query }, _call, core) => ({
  status: 200,
  body: (await core.commands.list(query)) as never,
});

export const createCommand: HostedHandler<"createCommand"> = async ({ body }, call, core) => ({
  status: 201,
  body: (await core.commands.create(body, call.audit)) as never,
});

export const retryCommand: HostedHandler<"retryCommand"> = async ({ path, body }, call, core) => ({
  status: 200,
  body: (await core.commands.retry(path.command_id, body.reason, call.audit)) as never,
});

export const cancelCommand: HostedHandler<"cancelCommand"> = async ({ path, body }, call, core) => ({
  status: 200,
  body: (await core.commands.cancel(path.command_id, body.reason, call.audit)) as never,
});
