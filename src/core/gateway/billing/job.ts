import { findBillingJob } from "../../../store/postgres/billing/job.ts";
import type { Database } from "../../../store/postgres/database.ts";
import type { Hold } from "./model.ts";
import { ApiError } from "../../errors.ts";

const BILLING_STATUS = { held: "reserved", settled: "settled", released: "released", expired: "expired" } as const;
const JOB_STATUS = { held: "awaiting_receipt", settled: "completed", released: "failed", expired: "expired" } as const;

/**
 * The cost of a customer's job and its reason, by the job's id or the customer's own reference. Throws ApiError
 * `not_found`.
 */
export async function readBillingJob(db: Database, customer_id: string, job_id: string) {
  const found = await findBillingJob(db, customer_id, job_id);
  if (found === undefined)
    throw new ApiError("not_found", "There is no job of this customer with this id or reference.", { param: "job_id" });
  const { hold, closed_at, refunded_wei, expose_node, command_state } = found;
  const amount_wei = hold.amount_wei.toString();
  return {
    job_id: hold.job_id,
    client_job_id: hold.client_job_id,
    node_id: expose_node || hold.receipt_hash !== null ? hold.node_id : null,
    model_id: hold.model_id,
    model_profile_id: hold.model_profile_id,
    mode: hold.mode,
    status: statusOf(hold, command_state),
    billing_status: BILLING_STATUS[hold.state],
    reason: hold.state === "released" || hold.state === "expired" ? hold.close_reason : null,
    customer_id,
    key_id: hold.credential_id,
    policy_version: hold.policy_version,
    quoted_price_wei: amount_wei,
    reserved_price_wei: amount_wei,
    payout_price_wei: hold.payout_wei?.toString() ?? null,
    fee_wei: hold.fee_wei?.toString() ?? null,
    charged_wei: hold.charged_wei?.toString() ?? null,
    refunded_wei: refunded_wei.toString(),
    prompt_price_wei: hold.prompt_price_wei.toString(),
    completion_price_wei: hold.completion_price_wei.toString(),
    prompt_tokens: hold.prompt_tokens,
    completion_tokens: hold.completion_tokens,
    receipt_hash: hold.receipt_hash,
    created_at: new Date(hold.created_at_ms).toISOString(),
    expires_at: new Date(hold.expires_at_ms).toISOString(),
    completed_at: closed_at?.toISOString() ?? null,
  };
}

/** The status of a job. A private job that is queued, or runs on its node, has the status of `getPrivateJob`. */
function statusOf({ state, mode }: Hold, command_state: string | null) {
  if (state !== "held" || mode !== "private") return JOB_STATUS[state];
  if (command_state === null || command_state === "queued") return "queued" as const;
  return command_state === "leased" ? ("claimed" as const) : JOB_STATUS.held;
}

/** The hold of a customer's job, for a refund. Throws ApiError `not_found`. */
export async function holdOfJob(db: Database, customer_id: string, job_id: string): Promise<string> {
  const found = await findBillingJob(db, customer_id, job_id);
  if (found === undefined)
    throw new ApiError("not_found", "There is no job of this customer with this id or reference.", { param: "job_id" });
  return found.hold.hold_id;
}
