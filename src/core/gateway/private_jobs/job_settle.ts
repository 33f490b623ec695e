import { randomUUID } from "node:crypto";
import type { PrivateJobRow } from "../../../store/postgres/private_jobs/jobs.ts";
import { closePrivateJob } from "../../../store/postgres/private_jobs/queue.ts";
import type { SignedReceipt } from "../../protocol/receipt/receipt.ts";
import type { Verdicts } from "../billing/operations.ts";
import { suspendForReuse } from "../receipts/submission.ts";
import { acceptReceipt } from "../receipts/trailers.ts";
import type { PrivateJobPorts } from "./job_context.ts";

const OUTCOMES = { settled: "completed", released: "failed", expired: "expired" } as const;

/**
 * Settles a job whose sealed result is stored, by the receipt that came with the result. Completion tokens count up to
 * the bytes of the sealed result. A receipt that does not pay the hold releases it; then the result is deleted unread.
 */
export async function settleJob(ports: PrivateJobPorts, job: PrivateJobRow): Promise<Verdicts["settle"]> {
  const signed = job.receipt as unknown as SignedReceipt;
  const observation = { content_bytes: job.sealed_bytes!, events: 1, reason: "complete" as const };
  const verdict = await ports.writer.apply({
    kind: "settle",
    operation_id: randomUUID(),
    receipt: await acceptReceipt(ports.epoch_key, job.node_id, signed, "receipt"),
    observation,
  });
  if (verdict.ok) return verdict;
  if (!verdict.recorded && verdict.reason === "sequence_reused") await suspendForReuse(ports, job.node_id);
  await releaseJob(ports, job.hold_id, verdict.reason);
  await closeJob(ports, job.hold_id);
  return verdict;
}

/** Releases the hold; false when the hold was closed before. `reason` is a word that the customer may read. */
export async function releaseJob(
  { writer }: Pick<PrivateJobPorts, "writer">,
  hold_id: string,
  reason: string,
): Promise<boolean> {
  return (await writer.apply({ kind: "release", operation_id: randomUUID(), hold_id, reason })).ok;
}

/** Closes a job whose hold is closed. Closing again does nothing. */
export async function closeJob({ db, onEnd }: Pick<PrivateJobPorts, "db" | "onEnd">, hold_id: string): Promise<void> {
  const ended = await closePrivateJob(db, hold_id);
  if (ended) onEnd?.(OUTCOMES[ended.hold_state], ended.seconds);
}
