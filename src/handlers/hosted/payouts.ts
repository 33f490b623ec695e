import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Decision } from "../../core/gateway/payouts/reviews.ts";
import type { Call, Handler } from "../operation.ts";
import { adminOf, nodeOf } from "./principals.ts";

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
  const actor = adminOf(call, "payouts");
  const batch = await core.payouts.create(actor, body);
  await core.audit.record(actor, "createPayoutBatch", batch.batch_id, {
    payout_count: batch.payout_count,
    total_amount_wei: batch.total_amount_wei,
    merkle_root: batch.merkle_root,
  });
  return { status: 201, body: batch };
};

export const submitPayoutBatch: Handler<operations["submitPayoutBatch"], GatewayCore> = async (
  { path, body },
  call,
  core,
) => {
  const actor = adminOf(call, "payouts");
  const batch = await core.payouts.submit(path.batch_id, body);
  await core.audit.record(actor, "submitPayoutBatch", path.batch_id, { transaction_hash: batch.transaction_hash });
  return { status: 200, body: batch };
};

export const finalizePayoutBatch: Handler<operations["finalizePayoutBatch"], GatewayCore> = async (
  { path, body },
  call,
  core,
) => {
  const actor = adminOf(call, "payouts");
  const batch = await core.payouts.finalize(path.batch_id, body);
  await core.audit.record(actor, "finalizePayoutBatch", path.batch_id, {
    block_number: batch.block_number,
    reason: body.reason,
  });
  return { status: 200, body: batch };
};

export const resetPayoutBatch: Handler<operations["resetPayoutBatch"], GatewayCore> = async (
  { path, body },
  call,
  core,
) => {
  const actor = adminOf(call, "payouts");
  const batch = await core.payouts.reset(path.batch_id, body.reason);
  await core.audit.record(actor, "resetPayoutBatch", path.batch_id, { reason: body.reason });
  return { status: 200, body: batch };
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
) => ({
  status: 200,
  body: await reviewed(call, core, "releaseWithheldPayout", { ...path, ...body, decision: "released" }),
});

export const refuseWithheldPayout: Handler<operations["refuseWithheldPayout"], GatewayCore> = async (
  { path, body },
  call,
  core,
) => ({
  status: 200,
  body: await reviewed(call, core, "refuseWithheldPayout", { ...path, ...body, decision: "refused" }),
});

async function reviewed(
  call: Call,
  core: GatewayCore,
  operation: string,
  given: { receipt_hash: string; decision: Decision; reason: string },
) {
  const actor = adminOf(call, "payouts");
  const { payout, repeated } = await core.payoutReviews.decide(actor, given);
  if (!repeated)
    await core.audit.record(actor, operation, given.receipt_hash, {
      reason: given.reason,
      payout_wei: payout.payout_wei,
    });
  return payout;
}

export const listNodePayouts: Handler<operations["listNodePayouts"], GatewayCore> = async ({ query }, call, core) => ({
  status: 200,
  body: await core.nodePayouts.report(nodeOf(call).node_id, query),
});

export const putPayoutAddress: Handler<operations["putPayoutAddress"], GatewayCore> = async ({ body }, call, core) => ({
  status: 200,
  body: await core.nodePayouts.putAddress(nodeOf(call).node_id, body),
});
