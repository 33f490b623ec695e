import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../../../store/postgres/database.ts";
import { findJobsOfRequest, type PrivateJobRow } from "../../../store/postgres/private_jobs/jobs.ts";
import { ApiError } from "../../errors.ts";
import type { Verdicts } from "../billing/operations.ts";
import type { CheckedRequest } from "./job_request.ts";

/** How long a repeat waits for the job that the same request, sent at the same time, is queueing. */
const CONCURRENT_WAIT_MS = 2_000;
const CONCURRENT_LOOK_MS = 25;

/**
 * The job that this request repeats. Throws `conflict` when its job_id or its envelope belongs to a job of another
 * request.
 */
export async function findEarlierJob(
  db: Database,
  { customer_id, request, sealed }: CheckedRequest,
): Promise<PrivateJobRow | undefined> {
  const found = await findJobsOfRequest(db, {
    customer_id,
    client_job_id: request.job_id ?? null,
    node_id: request.node_id,
    envelope_id: sealed.envelope_id,
  });
  const same = found.find((job) => job.customer_id === customer_id && job.fingerprint.equals(sealed.fingerprint));
  if (same || found.length === 0) return same;
  const by_id = found.some(
    (job) => job.customer_id === customer_id && job.client_job_id !== null && job.client_job_id === request.job_id,
  );
  throw by_id
    ? new ApiError("conflict", "This job_id stands for another request of yours; use a new one.", { param: "job_id" })
    : new ApiError("conflict", "The node was sent this envelope before, and takes each once; seal the request again.", {
        param: "encrypted_request",
      });
}

/** Waits until the same request, sent at the same time and holder of the hold, has queued the job. */
export async function findConcurrentJob(
  db: Database,
  checked: CheckedRequest,
  { code }: Verdicts["hold"] & { ok: false },
): Promise<PrivateJobRow | undefined> {
  if (code !== "idempotency_in_flight") return undefined;
  for (let waited_ms = 0; waited_ms < CONCURRENT_WAIT_MS; waited_ms += CONCURRENT_LOOK_MS) {
    await sleep(CONCURRENT_LOOK_MS);
    const job = await findEarlierJob(db, checked);
    if (job) return job;
  }
  return undefined;
}
