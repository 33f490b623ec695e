/**
 * A private job is a chat that is sealed to one node: the gateway moves money and ciphertext, and reads neither prompt
 * nor answer (docs/design/evidence.md, Private jobs).
 *
 * Steps, each a function of its own:
 *   create  job_create.ts  checks the sealed request and the node, and holds the price
 *   queue   job_queue.ts   writes the job and its command, or gives the hold back
 *   lease   job_lease.ts   binds the node's lease to the hold: fence, epoch and prices
 *   run     the node opens the request, answers and seals (core/host)
 *   result  job_result.ts  checks and stores the sealed result with its receipt, or takes the failure
 *   settle  job_settle.ts  charges by the receipt, or releases the hold, and closes the job
 *   sweep   sweep.ts       ends the jobs that no call ended
 *
 * States, which follow from the hold and the command (`statusOf` in views.ts):
 *   queued            hold held, command queued
 *   claimed           hold held, command leased
 *   awaiting_receipt  hold held, command closed: with a result that is not settled yet, or without one
 *   completed         hold settled
 *   failed            hold released
 *   expired           hold expired
 *
 * The hold decides: it closes once, whichever gateway closes it, and a job whose hold is closed cannot be leased. So
 * each job ends in one charge or in one release.
 */
import { type PrivateJobRow, findPrivateJob } from "../../../store/postgres/private_jobs/jobs.ts";
import { markResultRead } from "../../../store/postgres/private_jobs/results.ts";
import { ApiError } from "../../errors.ts";
import type { PollInput } from "../nodes/node_commands.ts";
import type { NodeCaller, NodeCommandPorts, NodeResult, PrivateJobPorts } from "./job_context.ts";
import { createPrivateJob } from "./job_create.ts";
import { pollCommands } from "./job_lease.ts";
import type { PrivateJobRequest } from "./job_request.ts";
import { takeResult } from "./job_result.ts";
import { closeJob, releaseJob, settleJob } from "./job_settle.ts";
import { toJob } from "./views.ts";

/** The steps of private jobs, bound to the gateway's ports. */
export function createPrivateJobs(ports: PrivateJobPorts) {
  return {
    create: (customer_id: string, request: PrivateJobRequest, signal?: AbortSignal) =>
      createPrivateJob(ports, customer_id, request, signal),
    read: (customer_id: string, reference: string) => readPrivateJob(ports, customer_id, reference),
    settle: (job: PrivateJobRow) => settleJob(ports, job),
    release: (hold_id: string, reason: string) => releaseJob(ports, hold_id, reason),
    close: (hold_id: string) => closeJob(ports, hold_id),
  };
}

/** The calls by which nodes get commands and report results, bound to the gateway's ports. */
export function createNodeCommands(ports: NodeCommandPorts) {
  return {
    poll: (caller: NodeCaller, input: PollInput, signal: AbortSignal) => pollCommands(ports, caller, input, signal),
    result: (caller: NodeCaller, command_id: string, input: NodeResult) => takeResult(ports, caller, command_id, input),
  };
}

/**
 * State, money and sealed result of a customer's job. Throws `not_found`. The first reading of a result starts the hour
 * after which the result is deleted.
 */
export async function readPrivateJob({ db }: Pick<PrivateJobPorts, "db">, customer_id: string, reference: string) {
  const row = await findPrivateJob(db, customer_id, reference);
  if (!row) throw new ApiError("not_found", "You have no private job with this id.", { param: "job_id" });
  const job = toJob(row);
  if (job.encrypted_response !== null) await markResultRead(db, row.hold_id);
  return job;
}
