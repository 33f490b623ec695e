import { usageCsv, usageNdjson } from "../../core/gateway/billing/usage.ts";
import { ApiError } from "../../core/errors.ts";
import { billingReader } from "./principals.ts";
import type { HostedHandler } from "./hosted_handler.ts";

export const getBillingAccount: HostedHandler<"getBillingAccount"> = async (_input, call, core) => {
  const { customer_id, credential_id } = billingReader(call);
  const [account, key] = await Promise.all([
    core.billing.account(customer_id, credential_id),
    credential_id === null ? null : core.keys.get(credential_id),
  ]);
  return { status: 200, body: { ...account, key } };
};

export const exportBillingUsage: HostedHandler<"exportBillingUsage"> = async ({ query }, call, core) => {
  const { customer_id } = billingReader(call);
  const media = call.accept(["application/json", "text/csv", "application/x-ndjson"]);
  if (media === undefined)
    throw new ApiError("not_acceptable", "The export is served as application/json, text/csv or application/x-ndjson.");
  const usage = await core.billing.usage(customer_id, query);
  const headers: Record<string, string> = usage.next_cursor === null ? {} : { "x-b3iq-next-cursor": usage.next_cursor };
  if (media === "text/csv") return { status: 200, media_type: "text/csv", content: usageCsv(usage.entries), headers };
  if (media === "application/x-ndjson")
    return { status: 200, media_type: "application/x-ndjson", content: usageNdjson(usage.entries), headers };
  return { status: 200, body: usage, headers };
};

export const getBillingJob: HostedHandler<"getBillingJob"> = async ({ path }, call, core) => {
  const { customer_id } = billingReader(call);
  return { status: 200, body: await core.billing.job(customer_id, path.job_id) };
};
