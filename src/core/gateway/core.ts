import { assembleAdmin } from "./assembly/admin_part.ts";
import { assembleChat } from "./assembly/chat_part.ts";
import { type CoreContext, type CorePorts, createContext, stopAll } from "./assembly/core_context.ts";
import { assembleEvidence } from "./assembly/evidence_part.ts";
import { assembleLedger, startLedgerLoops } from "./assembly/ledger_part.ts";
import { assembleNetwork } from "./assembly/network_part.ts";
import { assemblePrivateJobs } from "./assembly/private_jobs_part.ts";
import { assembleViews } from "./assembly/views_part.ts";

/**
 * The gateway's core, which handlers use. Each part is built from the parts before it. When a part cannot start, those
 * before it are stopped again.
 */
export async function createGatewayCore(ports: CorePorts) {
  const context = await createContext(ports);
  try {
    return await assemble(context);
  } catch (error) {
    await stopAll(context.stops);
    throw error;
  }
}

async function assemble(context: CoreContext) {
  const ledger = await assembleLedger(context);
  const network = await assembleNetwork(context);
  const { askNode } = await startLedgerLoops(context, ledger, network);
  const admin = assembleAdmin(context, ledger, network, askNode);
  const evidence = assembleEvidence(context, ledger, network, admin);
  const jobs = assemblePrivateJobs(context, ledger, network, admin);
  const chat = assembleChat(context, ledger, network, admin);
  const views = assembleViews(context, network, evidence, chat);
  const { tunnels, commands } = network;
  return {
    readiness: ledger.readiness,
    authenticate: admin.authenticate,

    complete: chat.complete,
    models: views.models,
    explain: views.explain,
    privateJobs: jobs.privateJobs,

    keys: admin.keys,
    customers: admin.customers,
    billing: admin.billing,
    prices: admin.prices,
    incidents: admin.incidents,
    auditLog: admin.auditLog,
    nodeAdmin: admin.nodeAdmin,
    commands,

    nodes: network.nodes,
    tunnels,
    transportKeys: network.transportKeys,
    nodeCommands: jobs.nodeCommands,
    nodeState: views.nodeState,
    latest_agent_version: views.latest_agent_version,
    publicViews: views.publicViews,
    routeReadiness: views.routeReadiness,

    receipts: evidence.receipts,
    lookupReceipt: evidence.lookupReceipt,
    receiptLog: evidence.receiptLog,
    payouts: evidence.payouts,
    payoutReviews: evidence.payoutReviews,
    nodePayouts: evidence.nodePayouts,

    /**
     * Fails readiness, refuses new chats, asks nodes to open tunnels elsewhere, and ends their polls. Open calls
     * continue in the old tunnels.
     */
    beginDrain(): void {
      context.beginDrain();
      void tunnels.drain();
      commands.stop();
      context.metrics.draining.set(1);
    },
    /** The number of open calls of other gateways over tunnels that end here; a drain waits for them too. */
    relayed: network.relayed,
    async stop(): Promise<void> {
      context.beginDrain();
      await stopAll(context.stops);
    },
  };
}

export type GatewayCore = Awaited<ReturnType<typeof createGatewayCore>>;
