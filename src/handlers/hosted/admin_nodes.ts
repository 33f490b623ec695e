import type { HostedHandler } from "./hosted_handler.ts";

export const listNodes: HostedHandler<"listNodes"> = async ({ query }, _call, core) => ({
  status: 200,
  body: core.nodeAdmin.list(query),
});

export const getNode: HostedHandler<"getNode"> = async ({ path }, _call, core) => ({
  status: 200,
  body: await core.nodeAdmin.get(path.node_id),
});

export const updateNode: HostedHandler<"updateNode"> = async ({ path, body }, call, core) => ({
  status: 200,
  body: await core.nodeAdmin.update(path.node_id, body, call.audit),
});

export const putNodeStake: HostedHandler<"putNodeStake"> = async ({ path, body }, call, core) => ({
  status: 200,
  body: await core.nodeAdmin.putStake(path.node_id, body, call.audit),
});

export const runBenchmark: HostedHandler<"runBenchmark"> = async ({ path, body }, call, core) => ({
  status: 201,
  body: await core.nodeAdmin.benchmark(path.node_id, body, call.audit),
});
