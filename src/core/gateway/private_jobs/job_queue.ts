import { queuePrivateJob } from "../../../store/postgres/private_jobs/queue.ts";
import { ApiError } from "../../errors.ts";
import { mintId } from "../../protocol/bytes/ids.ts";
import type { HoldQuote } from "../billing/operations.ts";
import { beforeAbort } from "../../time.ts";
import type { PrivateJobPorts } from "./job_context.ts";
import { orderOf } from "./job_quote.ts";
import { findEarlierJob } from "./job_repeat.ts";
import type { CheckedRequest } from "./job_request.ts";
import { releaseJob } from "./job_settle.ts";
import type { Offer } from "./offer.ts";

/** How long a call waits for the database. Afterwards the writer keeps trying to release the hold. */
const UNKNOWN_WAIT_MS = 2_000;

/**
 * Queues the job of a hold. When the same job was queued first, the hold is released. When the statement fails, the
 * database may have queued the job all the same (`resolveUnknown`).
 */
export async function queueJob(
  ports: PrivateJobPorts,
  checked: CheckedRequest,
  offer: Offer,
  quote: HoldQuote,
): Promise<void> {
  const { request, sealed } = checked;
  const { hold_id, client_job_id, customer_id, node_id } = quote;
  let queued: boolean;
  try {
    queued = await queuePrivateJob(ports.db, {
      hold_id,
      command_id: mintId("cmd"),
      customer_id,
      client_job_id,
      node_id,
      envelope_id: sealed.envelope_id,
      fingerprint: sealed.fingerprint,
      quoted_wei: offer.quoted_wei,
      payload: orderOf(quote, request, sealed),
    });
  } catch (cause) {
    return resolveUnknown(ports, checked, quote, cause);
  }
  if (queued) ports.wake(node_id);
  else await releaseJob(ports, hold_id, "not_queued");
}

/**
 * Ends the uncertainty: keeps the job if the database has it, else releases the hold, so that no node is given the job.
 * Returns when the job is queued, or when its hold was closed before; the caller then finds the job. Throws
 * `admission_unavailable` once the release is written: nothing is charged. Throws `settlement_unavailable` when neither
 * is known in time: until the writer has written the release, the node may do the job and be paid.
 */
async function resolveUnknown(
  ports: PrivateJobPorts,
  checked: CheckedRequest,
  quote: HoldQuote,
  cause: unknown,
): Promise<void> {
  const outcome = await beforeAbort(
    keepOrRelease(ports, checked, quote),
    AbortSignal.timeout(ports.unknown_wait_ms ?? UNKNOWN_WAIT_MS),
  ).catch(() => "unknown" as const);
  if (outcome === "released")
    throw new ApiError(
      "admission_unavailable",
      "The job could not be queued. Its reservation was given back, and nothing was charged; send it again.",
      { retry_after_ms: 2_000, cause },
    );
  if (outcome === "unknown")
    throw new ApiError(
      "settlement_unavailable",
      "The database did not say in time whether the job is queued. It is taken back, unless its node has done it before. " +
        "The job, or the same request again, says whether it was charged.",
      { detail: { job_id: quote.job_id }, retry_after_ms: 5_000, cause },
    );
}

async function keepOrRelease(
  ports: PrivateJobPorts,
  checked: CheckedRequest,
  { hold_id, node_id }: HoldQuote,
): Promise<"queued" | "released" | "closed before"> {
  const job = await findEarlierJob(ports.db, checked).catch(() => undefined);
  if (job?.hold_id !== hold_id) return (await releaseJob(ports, hold_id, "not_queued")) ? "released" : "closed before";
  ports.wake(node_id);
  return "queued";
}
