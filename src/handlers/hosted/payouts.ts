import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Handler } from "../operation.ts";
import { nodeOf } from "./principals.ts";

export const listPayoutBatches: Handler<operations["listPayoutBatches"], GatewayCore> = async (
  { query },
  _call,
  core,
) => ({ status: 200, body: await core.payouts.list(query) });

export const getPayoutBatch: Handler<operations["getPayoutBatch"], GatewayCore> = async ({ path }, _call, core) => ({
  status: 200,
  body: await core.payouts.get(path.batch_id),
});

export const previewPayoutBatch: Handler<operations["previewPayoutBatch"], GatewayCore> = async (
  { body },
  _call,
  core,
) => ({ status: 200, body: await core.payouts.preview(body) });

export const createPayoutBatch: Handler<operations["createPayoutBatch"], GatewayCore> = async (
  { body },
  call,
  core,
) => ({ status: 201, body: await core.payouts.create(body, call.audit) });

export const submitPayoutBatch: Handler<operations["submitPayoutBatch"], GatewayCore> = async (
  { path, body },
  call,
  core,
) => ({ status: 200, body: await core.payouts.submit(path.batch_id, body, call.audit) });

export const finalizePayoutBatch: Handler<operations["finalizePayoutBatch"], GatewayCore> = async (
  { path, body },
  call,
  core,
) => ({ status: 200, body: await core.payouts.finalize(path.batch_id, body, call.audit) });

export const resetPayoutBatch: Handler<operations["resetPayoutBatch"], GatewayCore> = async (
  { path, body },
  call,
  core,
) => ({ status: 200, body: await core.payouts.reset(path.batch_id, body.reason, call.audit) });

export const listWithheldPayouts: Handler<operations["listWithheldPayouts"], GatewayCore> = async (
  { query },
  _call,
  core,
) => ({ status: 200, body: await core.payoutReviews.list(query) });

export const releaseWithheldPayout: Handler<operations["releaseWithheldPayout"], GatewayCore> = async (
  { path, body },
  call,
  core,
) => ({ status: 200, body: await core.payoutReviews.decide({ ...path, ...body, decision: "released" }, call.audit) });

export const refuseWithheldPayout: Handler<operations["refuseWithheldPayout"], GatewayCore> = async (
  { path, body },
  call,
  core,
) => ({ status: 200, body: await core.payoutReviews.decide({ ...path, ...body, decision: "refused" }, call.audit) });

export const listNodePayouts: Handler<operations["listNodePayouts"], GatewayCore> = async ({ query }, call, core) => ({
  status: 200,
  body: await core.nodePayouts.report(nodeOf(call).node_id, query),
});

export const putPayoutAddress: Handler<operations["putPayoutAddress"], GatewayCore> = async ({ body }, call, core) => ({
  status: 200,
  body: await core.nodePayouts.putAddress(nodeOf(call).node_id, body),
});
