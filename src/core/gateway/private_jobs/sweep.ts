import type { Database } from "../../../store/postgres/database.ts";
import { listUnfinishedJobs, type PrivateJobRow } from "../../../store/postgres/private_jobs/jobs.ts";
import { listUnqueuedHolds } from "../../../store/postgres/private_jobs/queue.ts";
import { pruneSealedResults } from "../../../store/postgres/private_jobs/results.ts";
import { type Logger, errorFields } from "../../log.ts";
import { type Repeated, repeat } from "../../repeat.ts";
import type { JobEndings } from "./job_context.ts";
import { failureReason } from "./reasons.ts";

export type SweepPorts = {
  db: Database;
  jobs: JobEndings;
  log: Logger;
  every_ms?: number;
  /** How old a hold without a job must be: its gateway may still be queueing the job. */
  unqueued_after_ms?: number;
  settle_after_ms?: number;
};

const AT_ONCE = 100;
const WHY = { cancelled: "cancelled", dead: "node_gave_no_result" } as const;

/** The loop that sweeps private jobs. Any gateway may sweep, and several may at once: the first to close a hold wins. */
export function createPrivateSweep(ports: SweepPorts) {
  const { log, every_ms = 1_000 } = ports;
  let running: Repeated | null = null;
  const round = () => sweepPrivateJobs(ports);
  return {
    round,
    start(): void {
      running ??= repeat(every_ms, round, (error) => log.warn("private_jobs_not_swept", errorFields(error)));
    },
    async stop(): Promise<void> {
      await running?.stop();
    },
  };
}

/**
 * One round: releases holds whose gateway stopped before the job was queued; ends jobs whose command failed, died or was
 * cancelled, jobs whose result was stored and not settled, and jobs whose hold was closed; deletes old sealed results.
 */
export async function sweepPrivateJobs(ports: SweepPorts): Promise<void> {
  const { db, jobs, log, unqueued_after_ms = 30_000, settle_after_ms = 3_000 } = ports;
  for (const hold_id of await listUnqueuedHolds(db, unqueued_after_ms, AT_ONCE))
    await jobs.release(hold_id, "not_queued");
  const unfinished = await listUnfinishedJobs(db, settle_after_ms, AT_ONCE);
  const results = await Promise.allSettled(unfinished.map((job) => finishJob(jobs, job)));
  for (const result of results)
    if (result.status === "rejected") log.warn("private_job_not_finished", errorFields(result.reason));
  await pruneSealedResults(db);
}

/** Ends one job by the state of its hold and its command. */
export async function finishJob(jobs: JobEndings, job: PrivateJobRow): Promise<void> {
  const { hold_id, hold_state, command_state } = job;
  if (hold_state !== "held") return jobs.close(hold_id);
  if (command_state === "succeeded") return void (await jobs.settle(job));
  if (command_state === "queued" || command_state === "leased") return;
  await jobs.release(hold_id, command_state === "failed" ? failureReason(job.failure_code) : WHY[command_state]);
  await jobs.close(hold_id);
}
