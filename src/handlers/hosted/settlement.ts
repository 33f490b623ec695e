import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Handler } from "../operation.ts";

export const listSettlementBatches: Handler<operations["listSettlementBatches"], GatewayCore> = async (
  { query },
  _call,
  core,
) => ({ status: 200, body: await core.payouts.listPublic(query) });

export const getSettlementBatch: Handler<operations["getSettlementBatch"], GatewayCore> = async (
  { path },
  _call,
  core,
) => ({ status: 200, body: await core.payouts.getPublic(path.batch_id) });
