import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Handler } from "../operation.ts";

/** Full tiles never change; a checkpoint is replaced every second. */
const FINAL = { "cache-control": "public, max-age=31536000, immutable" };
const BRIEF = { "cache-control": "public, max-age=1" };

export const getLogCheckpoint: Handler<operations["getLogCheckpoint"], GatewayCore> = async (_input, _call, core) => ({
  status: 200,
  media_type: "text/plain",
  content: await core.receiptLog.checkpoint(),
  headers: BRIEF,
});

export const getLogKey: Handler<operations["getLogKey"], GatewayCore> = async (_input, _call, core) => ({
  status: 200,
  body: core.receiptLog.describe(),
  headers: BRIEF,
});

export const getLogTile: Handler<operations["getLogTile"], GatewayCore> = async ({ path }, _call, core) => {
  const { content, final } = await core.receiptLog.tile(path.level, path.index);
  return { status: 200, media_type: "application/octet-stream", content, headers: final ? FINAL : BRIEF };
};

export const getLogEntries: Handler<operations["getLogEntries"], GatewayCore> = async ({ path }, _call, core) => {
  const { content, final } = await core.receiptLog.entries(path.index);
  return { status: 200, media_type: "application/octet-stream", content, headers: final ? FINAL : BRIEF };
};

export const getReceiptProof: Handler<operations["getReceiptProof"], GatewayCore> = async ({ path }, _call, core) => ({
  status: 200,
  media_type: "text/plain",
  content: await core.receiptLog.receiptProof(path.receipt_hash),
  headers: BRIEF,
});
