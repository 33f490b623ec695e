import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Handler } from "../operation.ts";

export const listNodes: Handler<operations["listNodes"], GatewayCore> = async ({ query }, _call, core) => ({
  status: 200,
  body: core.nodeAdmin.list(query),
});

export const getNode: Handler<operations["getNode"], GatewayCore> = async ({ path }, _call, core) => ({
  status: 200,
  body: await core.nodeAdmin.get(path.node_id),
});

export const updateNode: Handler<operations["updateNode"], GatewayCore> = async ({ path, body }, call, core) => ({
  status: 200,
  body: await core.nodeAdmin.update(path.node_id, body, call.audit),
});

export const putNodeStake: Handler<operations["putNodeStake"], GatewayCore> = async ({ path, body }, call, core) => ({
  status: 200,
  body: await core.nodeAdmin.putStake(path.node_id, body, call.audit),
});

export const runBenchmark: Handler<operations["runBenchmark"], GatewayCore> = async ({ path, body }, call, core) => ({
  status: 201,
  body: await core.nodeAdmin.benchmark(path.node_id, body, call.audit),
});
