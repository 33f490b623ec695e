import { randomBytes } from "node:crypto";
import * as path from "node:path";
import type { components } from "../../../generated/hosted.ts";
import type { GatewayConfig } from "../../config.ts";
import type { Database } from "../../store/postgres/database.ts";
import { RELEASE } from "../../release.ts";
import { errorFields, type Logger } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { GatewaySecrets } from "../secrets.ts";
import { createBilling } from "./billing/billing.ts";
import { startBillingWorkers } from "./billing/workers.ts";
import { countBatches } from "./billing/batch_metrics.ts";
import { createLedgerWriter } from "./billing/writer.ts";
import { createRunningChats } from "./chat/running.ts";
import { chatTimeouts } from "./chat/timeouts.ts";
import type { ChatCall, ChatCaller } from "./chat_call.ts";
import { complete } from "./chat/complete.ts";
import type { ChatPorts } from "./chat/context.ts";
import { explainRoute, type ExplainPorts } from "./chat/explain_route.ts";
import { watchControl } from "./control.ts";
import { createCustomers } from "./customers/customers.ts";
import { createAudit } from "./incidents/audit.ts";
import { createIncidents } from "./incidents/incidents.ts";
import { createAdmins } from "./keys/admins.ts";
import { createKeyring } from "./keys/keyring.ts";
import { createKeys } from "./keys/keys.ts";
import { routingPolicy } from "./keys/policies.ts";
import { createNodeAdmin } from "./network/admin.ts";
import { countNetwork } from "./network/network_metrics.ts";
import { createPublicViews } from "./network/public.ts";
import { createCommands } from "./nodes/node_commands.ts";
import { createNodeRegistry } from "./nodes/registry.ts";
import { createRelay } from "./nodes/peer_calls.ts";
import { createTransportKeys } from "./nodes/transport_keys.ts";
import { createTunnels, type TunnelAdmission } from "./nodes/tunnels.ts";
import { servedVersions } from "./nodes/versions.ts";
import { createNodePayouts } from "./payouts/node_report.ts";
import { createPayouts } from "./payouts/payouts.ts";
import { createPayoutReviews } from "./payouts/reviews.ts";
import { createPrices } from "./prices/prices.ts";
import { createNodeCommands } from "./private_jobs/job_commands.ts";
import { createPrivateSweep } from "./private_jobs/sweep.ts";
import { createPrivateJobs } from "./private_jobs/private_jobs.ts";
import { createGatewayReadiness } from "./readiness.ts";
import { createAcknowledgements } from "./receipts/acknowledge.ts";
import { createAskNode } from "./receipts/ask.ts";
import { createReceiptLog } from "./receipts/log/receipt_log.ts";
import { createReceiptLookup } from "./receipts/lookup.ts";
import { createRecollection } from "./receipts/refetch.ts";
import { createReceiptDesk } from "./receipts/submission.ts";
import { createBenchmarks } from "./routing/benchmark.ts";
import { createModels } from "./routing/models.ts";
import { createReadiness, nodeState } from "./routing/route_readiness.ts";
import { createRouting } from "./routing/routing.ts";
import { createTokenAudit } from "./token_audit/token_audit.ts";
import { createVocabularies } from "./token_audit/vocabularies.ts";
import { createTracing, NO_TRACING } from "./tracing.ts";

/** After the drain's cap, cut chats get this long to settle on their nodes' partial receipts. */
const SETTLE_AFTER_CUT_MS = 5_000;

export type CorePorts = {
  config: GatewayConfig;
  secrets: GatewaySecrets;
  db: Database;
  log: Logger;
  metrics: Metrics;
  admit_tunnel?: TunnelAdmission;
};

/**
 * The gateway's core: what handlers may use, wired once. A process is one gateway: its id is drawn at start, so that a
 * restarted gateway is another owner, whose earlier holds are taken over.
 */
export async function createGatewayCore({ config, secrets, db, log, metrics, admit_tunnel }: CorePorts) {
  const gateway = { gateway_id: `gw_${randomBytes(12).toString("hex")}`, epoch: 1 };
  let draining = false;
  const writer = createLedgerWriter(db, {
    most_in_queue: config.ledger_queue_max,
    onBatch: countBatches(metrics),
    onFailure: (failure, error) => {
      metrics.ledger_retries.inc({ reason: failure });
      log.warn("ledger_batch_failed", { reason: failure, ...errorFields(error) });
    },
  });
  const served = servedVersions(config.protocol_version_min);
  const control = await watchControl(
    db,
    {
      protocol_version_min: served.oldest,
      stake_min_wei: config.stake_min_wei,
      stake_age_max_ms: config.stake_age_max_ms,
      benchmark_age_max_ms: config.benchmark_age_max_ms,
      context_length_max: config.context_length_max,
    },
    log,
  );
  const nodes = createNodeRegistry({
    db,
    log,
    config: {
      public_url: config.public_url ?? `http://${config.gateway_listen.host}:${config.gateway_listen.port}`,
      pepper: secrets.pepper,
      gateway_id: gateway.gateway_id,
      gateway_epoch: gateway.epoch,
      node_approval: config.node_approval,
      served,
      dead_after_ms: config.heartbeat_dead_ms,
    },
  });
  await nodes.start();
  const relay = createRelay({
    registry: nodes,
    tunnels: { local: (node_id) => tunnels.local(node_id) },
    peer_key: secrets.peer_key,
    log,
    onRelayed: (outcome) => metrics.relays.inc({ outcome }),
  });
  const peers = await relay.listen(config.peer_listen.host, config.peer_listen.port);
  const tunnels = createTunnels({
    db,
    registry: nodes,
    log,
    config: {
      peer_address: peers.address,
      ping_interval_ms: config.tunnel_ping_ms,
      ...(admit_tunnel ? { admit: admit_tunnel } : {}),
    },
  });
  const tunnel = relay.get;
  const heartbeat = countNetwork(metrics, nodes, tunnels);
  const tokenAudit = createTokenAudit({
    db,
    vocabularies: createVocabularies(config.vocabulary_dir),
    node: nodes.view,
    control,
    metrics,
    log,
    share_bps: config.recount_bps,
  });
  const routing = createRouting({
    nodes: nodes.snapshot,
    control,
    usage_penalty: tokenAudit.penalty,
    seed: randomBytes(4).readUInt32LE(),
  });
  const { gateway_id } = gateway;
  const benchmarks = createBenchmarks({ db, nodes: nodes.snapshot, tunnel, control, gateway_id, log });
  const keyring = createKeyring(db, secrets.pepper, control);
  const askNode = createAskNode({ tunnel, epoch_key: nodes.epochKey });
  const workers = await startBillingWorkers({
    db,
    writer,
    gateway,
    peer_address: peers.address,
    askNode,
    onFailure: (worker, error) => log.warn("billing_worker_failed", { kind: worker, ...errorFields(error) }),
    onTakeOver: ({ settled, released }) => {
      metrics.takeovers.inc({ outcome: "settled" }, settled);
      metrics.takeovers.inc({ outcome: "released" }, released);
    },
  });
  const running = createRunningChats(db, control, config.open_chats_max);
  const acknowledgements = createAcknowledgements(tunnel);
  const tracing =
    config.otlp_endpoint === null
      ? NO_TRACING
      : createTracing({ endpoint: config.otlp_endpoint, release: RELEASE, log });
  const chatPorts: ChatPorts = {
    writer: tracing.writer(writer),
    routing,
    tunnel: tracing.tunnel(tunnel),
    node_keys: nodes.keys,
    policies: keyring.policies,
    pepper: secrets.pepper,
    gateway,
    alive: relay.alive,
    fee_bps: config.fee_bps,
    deadline_ms: config.answer_timeout_ms,
    receipt_grace_ms: config.receipt_grace_ms,
    timeouts: chatTimeouts(config),
    draining: () => draining,
    acknowledge: acknowledgements.add,
    running,
    metrics,
    tracing,
    token_audit: tokenAudit,
  };
  const explainPorts: ExplainPorts = {
    routing,
    control,
    demandOf: (customer_id, key_id) => routingPolicy(db, customer_id, key_id),
  };

  const ready = createGatewayReadiness({
    db,
    log,
    require_sync_replica: config.require_sync_replica,
    draining: () => draining,
    onDatabase: (up) => metrics.database_up.set(up ? 1 : 0),
  });
  await ready.prepare();

  const receiptLog = createReceiptLog({
    db,
    log,
    gateway_id: gateway.gateway_id,
    public_url: nodes.config.public_url,
    log_key: secrets.log_key,
    secrets_dir: config.secrets_dir,
    log_dir: config.log_dir ?? path.join(config.home, "log"),
    interval_ms: config.log_interval_ms,
    witnesses: config.witnesses ?? [],
    witnesses_min: config.witnesses_min,
  });
  receiptLog.start();
  const commands = createCommands({ db, registry: nodes, log });
  const transportKeys = createTransportKeys({ db, registry: nodes });
  const audit = createAudit(db);
  const nodeAdmin = createNodeAdmin({
    db,
    nodes: nodes.snapshot,
    node: nodes.view,
    refresh: nodes.refresh,
    control,
    benchmarks,
  });
  const suspend = async (node_id: string, reason: string) => {
    await nodeAdmin.update(node_id, { status: "suspended" });
    await audit.record("gateway", "updateNode", node_id, { status: "suspended", reason });
  };
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
    draining: () => draining,
    log,
    on_end: (outcome, seconds) => {
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
  const receipts = createReceiptDesk({ writer, log, epoch_key: nodes.epochKey, suspend });
  const recollection = createRecollection({ db, desk: receipts, tunnel: tunnels.local, log });
  recollection.start();

  return {
    gateway,
    complete: (caller: ChatCaller, call: ChatCall) => complete(chatPorts, caller, call),
    readiness: ready.check,
    control,
    routing,
    benchmarks,
    nodes: { ...nodes, heartbeat },
    tunnels,
    commands: { ...commands, ...nodeCommands },
    privateJobs,
    transportKeys,
    writer,
    billing: createBilling({ db, writer, askNode, payout_maturity_ms: config.payout_maturity_ms }),
    keys: createKeys({ db, pepper: secrets.pepper, control }),
    customers: createCustomers({ db, writer, pepper: secrets.pepper, control }),
    prices: createPrices({ db, control }),
    audit,
    incidents: createIncidents({ db, control }),
    nodeAdmin,
    publicViews: createPublicViews({
      db,
      nodes: nodes.snapshot,
      node: nodes.view,
      control,
      release: RELEASE,
      protocol_versions: [...new Set([nodes.served.oldest, nodes.served.current])],
      transport_key: transportKeys.current,
      transport_key_leaf: receiptLog.transportKeyLeaf,
    }),
    models: createModels({ nodes: nodes.snapshot, control }),
    explain: (body: components["schemas"]["route_explain_request"]) => explainRoute(explainPorts, body),
    routeReadiness: createReadiness({ node: nodes.view, control }),
    /** Gateway and agent are released together. */
    latest_agent_version: RELEASE,
    nodeState: (node_id: string) => nodeState(nodes.view(node_id), control.current()),
    lookupReceipt: createReceiptLookup({ db, node: nodes.view, keys: nodes.keys, leaf: receiptLog.receiptLeaf }),
    log: receiptLog,
    payoutReviews: createPayoutReviews(db),
    payouts: createPayouts({ db, control, log: receiptLog, maturity_ms: config.payout_maturity_ms }),
    nodePayouts: createNodePayouts({
      db,
      keys: nodes.keys,
      refresh: nodes.refresh,
      maturity_ms: config.payout_maturity_ms,
    }),
    receipts,
    authenticate: {
      gatewayKey: keyring.gatewayKey,
      customer: keyring.customer,
      adminToken: createAdmins({ root_token: secrets.admin_token, secrets_dir: config.secrets_dir }),
      node: nodes.authenticate,
    },
    /**
     * Fails readiness, takes no new chats and sends the nodes to a sibling, whose polls it ends; what is under way goes
     * on in the old tunnels.
     */
    beginDrain(): void {
      draining = true;
      void tunnels.drain();
      commands.stop();
      metrics.draining.set(1);
    },
    /** Calls of other gateways over the tunnels that end here; a drain waits for them too. */
    relayed: relay.serving,
    /** Ends the loops, then the ledger's queue. */
    async stop(): Promise<void> {
      draining = true;
      await running.idle(SETTLE_AFTER_CUT_MS);
      const loops = [tokenAudit, acknowledgements, receiptLog, benchmarks, privateSweep, recollection];
      for (const loop of loops) await loop.stop();
      await tunnels.close();
      await peers.close();
      await relay.close();
      await nodes.stop();
      await control.stop();
      await workers.stop();
      await writer.close();
      await tracing.stop();
    },
  };
}

export type GatewayCore = Awaited<ReturnType<typeof createGatewayCore>>;
