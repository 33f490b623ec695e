import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Handler } from "../operation.ts";
import { adminOf, auditOf, nodeOf } from "./principals.ts";

export const listPayoutBatches: Handler<operations["listPayoutBatches"], GatewayCore> = async (
  { query },
  call,
  core,
) => {
  adminOf(call, "read");
  return { status: 200, body: await core.payouts.list(query) };
};

export const getPayoutBatch: Handler<operations["getPayoutBatch"], GatewayCore> = async ({ path }, call, core) => {
  adminOf(call, "read");
  return { status: 200, body: await core.payouts.get(path.batch_id) };
};

export const previewPayoutBatch: Handler<operations["previewPayoutBatch"], GatewayCore> = async (
  { body },
  call,
  core,
) => {
  adminOf(call, "payouts");
  return { status: 200, body: await core.payouts.preview(body) };
};

export const createPayoutBatch: Handler<operations["createPayoutBatch"], GatewayCore> = async (
  { body },
  call,
  core,
) => {
  const audit = auditOf(call, "payouts");
  return { status: 201, body: await core.payouts.create(body, audit) };
};

export const submitPayoutBatch: Handler<operations["submitPayoutBatch"], GatewayCore> = async (
  { path, body },
  call,
  core,
) => {
  const audit = auditOf(call, "payouts");
  return { status: 200, body: await core.payouts.submit(path.batch_id, body, audit) };
};

export const finalizePayoutBatch: Handler<operations["finalizePayoutBatch"], GatewayCore> = async (
  { path, body },
  call,
  core,
) => {
  const audit = auditOf(call, "payouts");
  return { status: 200, body: await core.payouts.finalize(path.batch_id, body, audit) };
};

export const resetPayoutBatch: Handler<operations["resetPayoutBatch"], GatewayCore> = async (
  { path, body },
  call,
  core,
) => {
  const audit = auditOf(call, "payouts");
  return { status: 200, body: await core.payouts.reset(path.batch_id, body.reason, audit) };
};

export const listWithheldPayouts: Handler<operations["listWithheldPayouts"], GatewayCore> = async (
  { query },
  call,
  core,
) => {
  adminOf(call, "read");
  return { status: 200, body: await core.payoutReviews.list(query) };
};

export const releaseWithheldPayout: Handler<operations["releaseWithheldPayout"], GatewayCore> = async (
  { path, body },
  call,
  core,
) => {
  const audit = auditOf(call, "payouts");
  return { status: 200, body: await core.payoutReviews.decide({ ...path, ...body, decision: "released" }, audit) };
};

export const refuseWithheldPayout: Handler<operations["refuseWithheldPayout"], GatewayCore> = async (
  { path, body },
  call,
  core,
) => {
  const audit = auditOf(call, "payouts");
  return { status: 200, body: await core.payoutReviews.decide({ ...path, ...body, decision: "refused" }, audit) };
};

export const listNodePayouts: Handler<operations["listNodePayouts"], GatewayCore> = async ({ query }, call, core) => ({
  status: 200,
  body: await core.nodePayouts.report(nodeOf(call).node_id, query),
});

export const putPayoutAddress: Handler<operations["putPayoutAddress"], GatewayCore> = async ({ body }, call, core) => ({
  status: 200,
  body: await core.nodePayouts.putAddress(nodeOf(call).node_id, body),
});
