import type { HostedHandler } from "./hosted_handler.ts";

/** Full tiles never change; a checkpoint is replaced every second. */
const FINAL = { "cache-control": "public, max-age=31536000, immutable" };
const BRIEF = { "cache-control": "public, max-age=1" };

export const getLogCheckpoint: HostedHandler<"getLogCheckpoint"> = async (_input, _call, core) => ({
  status: 200,
  media_type: "text/plain",
  content: await core.receiptLog.checkpoint(),
  headers: BRIEF,
});

export const getLogKey: HostedHandler<"getLogKey"> = async (_input, _call, core) => ({
  status: 200,
  body: core.receiptLog.describe(),
  headers: BRIEF,
});

export const getLogTile: HostedHandler<"getLogTile"> = async ({ path }, _call, core) => {
  const { content, final } = await core.receiptLog.tile(path.level, path.index);
  return { status: 200, media_type: "application/octet-stream", content, headers: final ? FINAL : BRIEF };
};

export const getLogEntries: HostedHandler<"getLogEntries"> = async ({ path }, _call, core) => {
  const { content, final } = await core.receiptLog.entries(path.index);
  return { status: 200, media_type: "application/octet-stream", content, headers: final ? FINAL : BRIEF };
};

export const getReceiptProof: HostedHandler<"getReceiptProof"> = async ({ path }, _call, core) => ({
  status: 200,
  media_type: "text/plain",
  content: await core.receiptLog.receiptProof(path.receipt_hash),
  headers: BRIEF,
});
