import type { Database } from "../../../store/postgres/database.ts";
import { listLooseHolds } from "../../../store/postgres/private_jobs/holds_loose.ts";
import type { PrivateJobRow } from "../../../store/postgres/private_jobs/row.ts";
import { listUnfinishedJobs } from "../../../store/postgres/private_jobs/unfinished.ts";
import { pruneSealedResults } from "../../../store/postgres/private_jobs/results_prune.ts";
import { type Logger, errorFields } from "../../log.ts";
import { type Repeated, repeat } from "../../repeat.ts";
import type { PrivateJobs } from "./private_jobs.ts";
import { failureReason } from "./reasons.ts";

export type SweepPorts = {
  db: Database;
  jobs: PrivateJobs;
  log: Logger;
  every_ms?: number;
  loose_after_ms?: number;
  settle_after_ms?: number;
};

const AT_ONCE = 100;
const WHY = { cancelled: "cancelled", dead: "node_gave_no_result" } as const;

/**
 * Ends what no call ended: holds whose gateway stopped before the job was queued, jobs whose command failed, died or
 * was cancelled, results that were kept and not settled; then takes open commands of closed holds back and deletes
 * results whose time is over. Any gateway may do it, several at once: the first to close a hold has won, and the others
 * learn it.
 */
export function createPrivateSweep(ports: SweepPorts) {
  const { db, jobs, log, every_ms = 1_000, loose_after_ms = 30_000, settle_after_ms = 3_000 } = ports;
  let running: Repeated | null = null;

  async function finish(job: PrivateJobRow): Promise<void> {
    const { hold_id, hold_state, command_state } = job;
    if (hold_state !== "held") return jobs.close(hold_id);
    if (command_state === "succeeded") return void (await jobs.settle(job));
    if (command_state === "queued" || command_state === "leased") return;
    await jobs.release(hold_id, command_state === "failed" ? failureReason(job.failure_code) : WHY[command_state]);
    await jobs.close(hold_id);
  }

  async function round(): Promise<void> {
    for (const hold_id of await listLooseHolds(db, loose_after_ms, AT_ONCE)) await jobs.release(hold_id, "not_queued");
    const results = await Promise.allSettled((await listUnfinishedJobs(db, settle_after_ms, AT_ONCE)).map(finish));
    for (const result of results)
      if (result.status === "rejected") log.warn("private_job_not_finished", errorFields(result.reason));
    await pruneSealedResults(db);
  }

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
