import type { operations } from "../../../generated/local.ts";
import { ApiError } from "../../core/errors.ts";
import type { LocalCore } from "../../core/host/access/local_callers.ts";
import { listReceipts, submitReceipt } from "../../core/host/receipts/receipt_list.ts";
import type { Handler } from "../operation.ts";

export const listLocalReceipts: Handler<operations["listLocalReceipts"], LocalCore> = async (
  { query },
  _call,
  core,
) => {
  const page = listReceipts(core.agent.receipts, query.limit ?? 100, query.cursor);
  return { status: 200, body: page };
};

export const submitLocalReceipt: Handler<operations["submitLocalReceipt"], LocalCore> = async (
  { body },
  _call,
  core,
) => {
  if (core.managed === null) {
    throw new ApiError("not_enrolled", "This agent is not enrolled with a gateway, so it cannot submit receipts.");
  }
  return { status: 200, body: await submitReceipt(core.agent.receipts, core.managed.outbox, body.receipt_hash) };
};
