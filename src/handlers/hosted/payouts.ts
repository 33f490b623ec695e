import { nodeOf } from "./principals.ts";
import type { HostedHandler } from "./hosted_handler.ts";

export const listPayoutBatches: HostedHandler<"listPayoutBatches"> = async ({ query }, _call, core) => ({
  status: 200,
  body: await core.payouts.list(query),
});

export const getPayoutBatch: HostedHandler<"getPayoutBatch"> = async ({ path }, _call, core) => ({
  status: 200,
  body: await core.payouts.get(path.batch_id),
});

export const previewPayoutBatch: HostedHandler<"previewPayoutBatch"> = async ({ body }, _call, core) => ({
  status: 200,
  body: await core.payouts.preview(body),
});

export const createPayoutBatch: HostedHandler<"createPayoutBatch"> = async ({ body }, call, core) => ({
  status: 201,
  body: await core.payouts.create(body, call.audit),
});

export const submitPayoutBatch: HostedHandler<"submitPayoutBatch"> = async ({ path, body }, call, core) => ({
  status: 200,
  body: await core.payouts.submit(path.batch_id, body, call.audit),
});

export const finalizePayoutBatch: HostedHandler<"finalizePayoutBatch"> = async ({ path, body }, call, core) => ({
  status: 200,
  body: await core.payouts.finalize(path.batch_id, body, call.audit),
});

export const resetPayoutBatch: HostedHandler<"resetPayoutBatch"> = async ({ path, body }, call, core) => ({
  status: 200,
  body: await core.payouts.reset(path.batch_id, body.reason, call.audit),
});

export const listWithheldPayouts: HostedHandler<"listWithheldPayouts"> = async ({ query }, _call, core) => ({
  status: 200,
  body: await core.payoutReviews.list(query),
});

export const releaseWithheldPayout: HostedHandler<"releaseWithheldPayout"> = async ({ path, body }, call, core) => ({
  status: 200,
  body: await core.payoutReviews.decide({ ...path, ...body, decision: "released" }, call.audit),
});

export const refuseWithheldPayout: HostedHandler<"refuseWithheldPayout"> = async ({ path, body }, call, core) => ({
  status: 200,
  body: await core.payoutReviews.decide({ ...path, ...body, decision: "refused" }, call.audit),
});

export const listNodePayouts: HostedHandler<"listNodePayouts"> = async ({ query }, call, core) => ({
  status: 200,
  body: await core.nodePayouts.report(nodeOf(call).node_id, query),
});

export const putPayoutAddress: HostedHandler<"putPayoutAddress"> = async ({ body }, call, core) => ({
  status: 200,
  body: await core.nodePayouts.putAddress(nodeOf(call).node_id, body),
});
