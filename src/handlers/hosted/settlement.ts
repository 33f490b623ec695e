import type { HostedHandler } from "./hosted_handler.ts";

export const listSettlementBatches: HostedHandler<"listSettlementBatches"> = async ({ query }, _call, core) => ({
  status: 200,
  body: await core.payouts.listPublic(query),
});

export const getSettlementBatch: HostedHandler<"getSettlementBatch"> = async ({ path }, _call, core) => ({
  status: 200,
  body: await core.payouts.getPublic(path.batch_id),
});
