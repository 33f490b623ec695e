import { randomUUID } from "node:crypto";
import { findJobsOfCommands, type PrivateJobRow } from "../../../store/postgres/private_jobs/jobs.ts";
import { errorFields } from "../../log.ts";
import type { Commands, PollInput, WireCommand } from "../nodes/node_commands.ts";
import type { NodeCaller, NodeCommandPorts } from "./job_context.ts";
import { fenceOf } from "./views.ts";

/** Leases a node's commands, or waits for one. Leases of private jobs are bound to their holds. */
export async function pollCommands(
  ports: NodeCommandPorts,
  caller: NodeCaller,
  input: PollInput,
  signal: AbortSignal,
): ReturnType<Commands["poll"]> {
  const answer = await ports.commands.poll(caller.node_id, input, signal);
  return { ...answer, commands: await bindLeases(ports, caller, answer.commands) };
}

/** The leased commands for the node, without the private jobs whose hold is closed. */
async function bindLeases(ports: NodeCommandPorts, caller: NodeCaller, leased: WireCommand[]): Promise<WireCommand[]> {
  const ids = leased.filter(({ kind }) => kind === "private_job").map(({ command_id }) => command_id);
  if (ids.length === 0) return leased;
  const rows = new Map((await findJobsOfCommands(ports.db, ids)).map((job) => [job.command_id, job]));
  const bound = await Promise.all(
    leased.map(async (command) => {
      if (command.kind !== "private_job") return command;
      return bindLease(ports, caller, command, rows.get(command.command_id)!).catch((error: unknown) => {
        // The lease ends by itself, and the command is leased again.
        ports.log.warn("private_job_not_ordered", { command_id: command.command_id, ...errorFields(error) });
        return null;
      });
    }),
  );
  return bound.filter((command) => command !== null);
}

/**
 * Binds a new lease to the job's hold: only a receipt with this fence, epoch and prices is paid. Returns the command
 * with fence and epoch in its payload; null when the hold is closed, since then no node is to run the job.
 */
export async function bindLease(
  { writer, jobs, epoch }: Pick<NodeCommandPorts, "writer" | "jobs" | "epoch">,
  caller: NodeCaller,
  command: WireCommand,
  job: PrivateJobRow,
): Promise<WireCommand | null> {
  const fence = fenceOf(command.lease_token);
  // The poll names the epoch of its start; the node may have opened a newer tunnel, even its first, since.
  const node_epoch = Math.max(caller.epoch, epoch(caller.node_id));
  const { prompt_price_wei, completion_price_wei } = command.payload as {
    prompt_price_wei: string;
    completion_price_wei: string;
  };
  const moved = await writer.apply({
    kind: "redispatch",
    operation_id: randomUUID(),
    hold_id: job.hold_id,
    node_id: caller.node_id,
    node_epoch,
    prompt_price_wei: BigInt(prompt_price_wei),
    completion_price_wei: BigInt(completion_price_wei),
    fence,
    serving: null,
  });
  if (moved.ok) return { ...command, payload: { ...command.payload, fence, node_epoch } };
  if (moved.state !== "held") await jobs.close(job.hold_id);
  return null;
}
