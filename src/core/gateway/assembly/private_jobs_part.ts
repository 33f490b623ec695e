import { createNodeCommands, createPrivateJobs } from "../private_jobs/private_jobs.ts";
import { createPrivateSweep } from "../private_jobs/sweep.ts";
import type { AdminPart } from "./admin_part.ts";
import type { CoreContext } from "./core_context.ts";
import type { LedgerPart } from "./ledger_part.ts";
import type { NetworkPart } from "./network_part.ts";

/** Private jobs, and the commands that nodes poll for: a private job reaches its node as a command. */
export function assemblePrivateJobs(
  { config, db, log, metrics, gateway, draining, stops }: CoreContext,
  { writer }: LedgerPart,
  { control, nodes, commands }: NetworkPart,
  { suspend }: AdminPart,
) {
  const privateJobs = createPrivateJobs({
    db,
    writer,
    control,
    node: nodes.view,
    epoch_key: nodes.epochKey,
    suspend,
    wake: commands.wake,
    gateway,
    fee_bps: config.fee_bps,
    deadline_ms: config.private_job_timeout_ms,
    receipt_grace_ms: config.receipt_grace_ms,
    draining,
    log,
    onEnd: (outcome, seconds) => {
      metrics.private_jobs.inc({ outcome });
      metrics.private_job_seconds.observe({ outcome }, seconds);
    },
  });
  const nodeCommands = createNodeCommands({
    db,
    writer,
    commands,
    jobs: privateJobs,
    epoch_key: nodes.epochKey,
    epoch: (node_id) => nodes.view(node_id)?.epoch ?? 0,
    log,
  });
  const privateSweep = createPrivateSweep({ db, jobs: privateJobs, log });
  privateSweep.start();
  stops.push(privateSweep.stop);
  return { privateJobs, nodeCommands };
}
