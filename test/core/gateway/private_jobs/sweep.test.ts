import { expect, test } from "vitest";
import type { JobEndings } from "../../../../src/core/gateway/private_jobs/job_context.ts";
import { finishJob } from "../../../../src/core/gateway/private_jobs/sweep.ts";
import type { PrivateJobRow } from "../../../../src/store/postgres/private_jobs/jobs.ts";

/** The calls by which a job of this state is ended. */
async function finish(row: Partial<PrivateJobRow>): Promise<string[]> {
  const calls: string[] = [];
  const jobs: JobEndings = {
    settle: async () => {
      calls.push("settle");
      return { ok: false, recorded: false, reason: "answer_open", state: "held" };
    },
    release: async (_, reason) => {
      calls.push(`release: ${reason}`);
      return true;
    },
    close: async () => void calls.push("close"),
  };
  await finishJob(jobs, { hold_id: "hold-1", hold_state: "held", failure_code: null, ...row } as PrivateJobRow);
  return calls;
}

test.each<[Partial<PrivateJobRow>, string[]]>([
  [{ hold_state: "settled", command_state: "succeeded" }, ["close"]],
  [{ hold_state: "released", command_state: "queued" }, ["close"]],
  [{ hold_state: "expired", command_state: "leased" }, ["close"]],
  [{ command_state: "succeeded" }, ["settle"]],
  [{ command_state: "queued" }, []],
  [{ command_state: "leased" }, []],
  [{ command_state: "failed", failure_code: "runtime_busy" }, ["release: runtime_busy", "close"]],
  [{ command_state: "failed", failure_code: "the prompt was hi" }, ["release: node_failed", "close"]],
  [{ command_state: "cancelled" }, ["release: cancelled", "close"]],
  [{ command_state: "dead" }, ["release: node_gave_no_result", "close"]],
])("ends a job with %j by %j", async (row, calls) => {
  expect(await finish(row)).toEqual(calls);
});
