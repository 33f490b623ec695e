import { expect, test } from "vitest";
import type { LedgerOperation, Redispatched } from "../../../../src/core/gateway/billing/operations.ts";
import type { WireCommand } from "../../../../src/core/gateway/nodes/node_commands.ts";
import type { NodeCommandPorts } from "../../../../src/core/gateway/private_jobs/job_context.ts";
import { bindLease } from "../../../../src/core/gateway/private_jobs/job_lease.ts";
import type { PrivateJobRow } from "../../../../src/store/postgres/private_jobs/jobs.ts";

const job = { hold_id: "hold-1" } as PrivateJobRow;
const command: WireCommand = {
  command_id: "cmd_1",
  kind: "private_job",
  lease_token: 2,
  lease_until: "2026-11-21T12:00:00Z",
  attempt: 2,
  payload: { prompt_price_wei: "3", completion_price_wei: "7" },
};

/** Binds the lease against a ledger with this verdict; what it was asked, and which jobs were closed. */
async function bind(verdict: Redispatched, { caller_epoch = 1, known_epoch = 1 } = {}) {
  const applied: LedgerOperation[] = [];
  const closed: string[] = [];
  const ports = {
    writer: {
      apply: async (operation: LedgerOperation) => {
        applied.push(operation);
        return verdict;
      },
    },
    jobs: { close: async (hold_id: string) => void closed.push(hold_id) },
    epoch: () => known_epoch,
  } as unknown as NodeCommandPorts;
  const bound = await bindLease(ports, { node_id: "node_a", epoch: caller_epoch }, command, job);
  return { bound, closed, applied };
}

test("binds fence, epoch and prices of the lease to the hold, and tells them to the node", async () => {
  const { bound, applied } = await bind({ ok: true });
  expect(applied).toMatchObject([
    {
      kind: "redispatch",
      hold_id: "hold-1",
      node_id: "node_a",
      node_epoch: 1,
      prompt_price_wei: 3n,
      completion_price_wei: 7n,
      fence: 3,
    },
  ]);
  expect(bound!.payload).toEqual({ ...command.payload, fence: 3, node_epoch: 1 });
});

test("takes the newer of the epoch that the poll names and the one that is known", async () => {
  expect((await bind({ ok: true }, { caller_epoch: 0, known_epoch: 4 })).bound!.payload["node_epoch"]).toBe(4);
  expect((await bind({ ok: true }, { caller_epoch: 5, known_epoch: 4 })).bound!.payload["node_epoch"]).toBe(5);
});

test("gives no node a job whose hold is closed, and closes the job", async () => {
  expect(await bind({ ok: false, state: "released" })).toMatchObject({ bound: null, closed: ["hold-1"] });
});

test("gives out no lease that is older than the hold's fence, and leaves the job open", async () => {
  expect(await bind({ ok: false, state: "held" })).toMatchObject({ bound: null, closed: [] });
});
