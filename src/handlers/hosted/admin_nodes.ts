import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Handler } from "../operation.ts";
import { adminOf } from "./principals.ts";

export const listNodes: Handler<operations["listNodes"], GatewayCore> = async ({ query }, call, core) => {
  adminOf(call, "read");
  return { status: 200, body: core.nodeAdmin.list(query) };
};

export const getNode: Handler<operations["getNode"], GatewayCore> = async ({ path }, call, core) => {
  adminOf(call, "read");
  return { status: 200, body: await core.nodeAdmin.get(path.node_id) };
};

export const updateNode: Handler<operations["updateNode"], GatewayCore> = async (
  { path, body: { reason, ...change } },
  call,
  core,
) => {
  const actor = adminOf(call, "network");
  const node = await core.nodeAdmin.update(path.node_id, change);
  await core.audit.record(actor, "updateNode", path.node_id, { ...change, reason });
  return { status: 200, body: node };
};

export const putNodeStake: Handler<operations["putNodeStake"], GatewayCore> = async ({ path, body }, call, core) => {
  const actor = adminOf(call, "network");
  const stake = await core.nodeAdmin.putStake(path.node_id, body);
  await core.audit.record(actor, "putNodeStake", path.node_id, { ...body });
  return { status: 200, body: stake };
};

export const runBenchmark: Handler<operations["runBenchmark"], GatewayCore> = async ({ path, body }, call, core) => {
  const actor = adminOf(call, "network");
  const benchmark = await core.nodeAdmin.benchmark(path.node_id, body);
  await core.audit.record(actor, "runBenchmark", path.node_id, { model: body.model });
  return { status: 201, body: benchmark };
};
