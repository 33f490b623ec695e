import type { HostedHandler } from "./hosted_handler.ts";

export const getReceipt: HostedHandler<"getReceipt"> = async ({ path }, _call, core) => ({
  status: 200,
  body: await core.lookupReceipt(path.receipt_hash),
});
