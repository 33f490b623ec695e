import type { components } from "../../../../generated/hosted.ts";
import type { PrivateJobRow } from "../../../store/postgres/private_jobs/jobs.ts";

type Schemas = components["schemas"];
type JobStatus = Schemas["private_job"]["status"];

const BILLING_STATUS = { held: "reserved", settled: "settled", released: "released", expired: "expired" } as const;

/** The fence of a lease. The hold has fence 1 before the first lease. */
export function fenceOf(lease_token: number): number {
  return lease_token + 1;
}

/** The answer to createPrivateJob: the same for each repeat, also after the job has ended. */
export function toQueued(row: PrivateJobRow): Schemas["private_job_queued"] {
  return {
    status: "queued",
    job_id: referenceOf(row),
    node_id: row.node_id,
    command_id: row.command_id,
    billing: { ...billingOf(row), payout_price_wei: "0", status: "reserved" },
    created_at: row.created_at.toISOString(),
  };
}

/** A private job as its customer reads it. The sealed result is shown once it is paid for. */
export function toJob(row: PrivateJobRow): Schemas["private_job"] {
  const settled = row.hold_state === "settled";
  return {
    job_id: referenceOf(row),
    node_id: row.node_id,
    model_id: row.model_id,
    command_id: row.command_id,
    lease_token: settled ? row.fence - 1 : null,
    status: statusOf(row),
    encrypted_request: row.encrypted_request as Schemas["private_envelope"] | null,
    encrypted_response: settled ? (row.encrypted_response as Schemas["private_envelope"] | null) : null,
    receipt_hash: row.receipt_hash,
    billing: billingOf(row),
    created_at: row.created_at.toISOString(),
    completed_at: row.hold_closed_at?.toISOString() ?? null,
  };
}

function statusOf({ hold_state, command_state }: PrivateJobRow): JobStatus {
  if (hold_state !== "held")
    return ({ settled: "completed", released: "failed", expired: "expired" } as const)[hold_state];
  // A failed command shows as `failed` once its hold is released, not before.
  return command_state === "queued" ? "queued" : command_state === "leased" ? "claimed" : "awaiting_receipt";
}

function referenceOf(row: PrivateJobRow): string {
  return row.client_job_id ?? row.job_id;
}

function billingOf(row: PrivateJobRow) {
  return {
    customer_id: row.customer_id,
    policy_version: String(row.policy_version),
    quoted_price_wei: row.quoted_wei.toString(),
    reserved_price_wei: row.amount_wei.toString(),
    payout_price_wei: (row.payout_wei ?? 0n).toString(),
    status: BILLING_STATUS[row.hold_state],
  };
}
