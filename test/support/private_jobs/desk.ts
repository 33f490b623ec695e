/** The gateway's side of private jobs over a real database and ledger, and a node that is played by hand. */
import { createCommands, type CommandsConfig } from "../../../src/core/gateway/nodes/node_commands.ts";
import type { Control } from "../../../src/core/gateway/control.ts";
import type { ProfileView } from "../../../src/core/gateway/nodes/types.ts";
import type { NodeResult, PrivateJobPorts } from "../../../src/core/gateway/private_jobs/job_context.ts";
import { createPrivateSweep } from "../../../src/core/gateway/private_jobs/sweep.ts";
import { createNodeCommands, createPrivateJobs } from "../../../src/core/gateway/private_jobs/private_jobs.ts";
import { createLedgerWriter } from "../../../src/core/gateway/billing/writer.ts";
import { receiptSubmission } from "../../../src/core/gateway/receipts/submission.ts";
import type { Envelope } from "../../../src/core/protocol/envelope/envelope.ts";
import { openRequest } from "../../../src/core/protocol/envelope/envelope_request.ts";
import { sealResult } from "../../../src/core/protocol/envelope/envelope_result.ts";
import { type ReceiptPayload, signReceipt } from "../../../src/core/protocol/receipt/receipt.ts";
import type { Database } from "../../../src/store/postgres/database.ts";
import { control, fixed, node, profile } from "../routing.ts";
import { makePayer, type Payer } from "../ledger/fixtures.ts";
import { log, testAgent, testGateway } from "../nodes/network.ts";
import { newJobId, type PublicKey, seal, type Sealed } from "./path.ts";

export const PROFILE = profile({
  model_profile_id: "m@llama_cpp",
  model_id: "m",
  max_completion_tokens: 100,
  asking_prompt_price_wei: 3n,
  asking_completion_price_wei: 7n,
});
const never = new AbortController().signal;

export type DeskOptions = { commands?: CommandsConfig; deadline_ms?: number; profile?: ProfileView };

/** Everything on one database; `played` is the node whose agent the test plays. */
export async function testDesk(db: Database, options: DeskOptions = {}) {
  const at = await testGateway(db);
  const writer = createLedgerWriter(db);
  const agents = [testAgent(at.url, () => {}), testAgent(at.url, () => {})];
  const records = await Promise.all(agents.map((agent) => agent.enrollment.ensureEnrolled()));
  await at.registry.refresh();
  const views = new Map(
    records.map(({ node_id }) => [node_id, node({ node_id, profiles: [options.profile ?? PROFILE] })]),
  );
  const state: { control: Control } = {
    control: { ...control([...views.values()]), now_ms: Date.parse("2026-11-21T12:00:00Z") },
  };
  const identities = new Map(records.map(({ node_id }, i) => [node_id, agents[i]!.disk.identity]));
  const commands = createCommands({
    db,
    registry: at.registry,
    log,
    config: { lease_ms: 60_000, expire_every_ms: 20, grace_ms: 50, ...options.commands },
  });
  const suspended: string[] = [];
  const ports = {
    db,
    writer,
    epoch_key: async (node_id: string) => identities.get(node_id)?.public_key,
    log,
    suspend: async (node_id: string) => void suspended.push(node_id),
  };
  const ended: string[] = [];
  const job_ports: PrivateJobPorts = {
    ...ports,
    onEnd: (outcome, seconds) => void (seconds >= 0 && ended.push(outcome)),
    control: { ...fixed(state.control), current: () => state.control },
    node: (node_id) => views.get(node_id),
    wake: commands.wake,
    gateway: { gateway_id: "gw_test", epoch: 1 },
    fee_bps: 1_000,
    deadline_ms: options.deadline_ms ?? 600_000,
    receipt_grace_ms: 60_000,
    draining: () => false,
  };
  const jobs = createPrivateJobs(job_ports);
  const calls = createNodeCommands({ ...ports, commands, jobs, epoch: (node_id) => views.get(node_id)?.epoch ?? 0 });
  const sweep = createPrivateSweep({ db, jobs, log, unqueued_after_ms: 0, settle_after_ms: 0 });
  const played = records[0]!;
  const key = keyOf(records[0]!, agents[0]!.disk.identity.public_key);
  const caller = { node_id: played.node_id, epoch: 1 };
  let node_seq = 0;

  return {
    writer,
    /** The ports of the steps, for tests that change one of them. */
    ports: job_ports,
    jobs,
    calls,
    commands,
    sweep,
    views,
    state,
    suspended,
    /** The counted ends of jobs. */
    ended,
    key,
    caller,
    other_node_id: records[1]!.node_id,
    receipts: receiptSubmission(ports),
    payer: (credit_wei = 1_000_000_000n) => makePayer(db, writer, { credit_wei }),
    sealed: (change: { job_id?: string; max_price_wei?: string; body?: object } = {}): Sealed =>
      seal(key, {
        node_id: played.node_id,
        model_id: "m",
        job_id: newJobId(),
        body: { messages: [{ role: "user", content: "hi" }] },
        ...change,
      }),
    /** The next private job that the node is given, or undefined. */
    async lease(wait_seconds = 0, epoch = 1) {
      const { commands: leased } = await calls.poll({ ...caller, epoch }, { wait_seconds, max: 1 }, never);
      return leased[0];
    },
    /** A result as an agent makes it: opened, answered, sealed, signed. */
    answer(
      command: { command_id: string; lease_token: number; payload: Record<string, unknown> },
      change: Partial<ReceiptPayload> = {},
    ): NodeResult {
      const order = command.payload as Record<string, never> & { encrypted_request: Envelope };
      const opened = openRequest(
        order.encrypted_request,
        {
          key_id: key.key_id,
          node_public_key_x25519: key.x25519_public_key,
          node_id: played.node_id,
          model_id: order["model_id"]!,
          job_id: order["client_job_id"] ?? undefined,
          max_price_wei: order["client_max_price_wei"] ?? undefined,
        },
        played.transport_private_key,
      );
      if (!opened.ok) throw new Error(opened.reason);
      const payload: ReceiptPayload = {
        type: "b3iq.receipt.v1",
        node_id: played.node_id,
        node_epoch: order["node_epoch"]!,
        node_seq: ++node_seq,
        job_id: order["job_id"]!,
        fence: order["fence"]!,
        dispatch_mode: "private_job",
        model_id: "m",
        model_profile_id: order["model_profile_id"]!,
        runtime_kind: "llama_cpp",
        outcome: "ok",
        prompt_tokens: 10,
        completion_tokens: 20,
        total_tokens: 30,
        prompt_price_wei: order["prompt_price_wei"]!,
        completion_price_wei: order["completion_price_wei"]!,
        fee_bps: order["fee_bps"]!,
        request_commitment: "a".repeat(64),
        response_commitment: "b".repeat(64),
        finished_at: "2026-11-21T10:15:00Z",
        ...change,
      };
      return {
        lease_token: command.lease_token,
        status: "succeeded",
        encrypted_response: sealResult(
          Buffer.from(JSON.stringify({ content: "there" })),
          opened.value.session,
          command,
        ),
        receipt: signReceipt(payload, agents[0]!.disk.identity.private_key),
      };
    },
    async account({ customer_id }: Payer) {
      const { rows } = await db.pool.query<{
        debited_wei: string;
        reserved_wei: string;
        open_holds: number;
        entries: number;
      }>("select debited_wei, reserved_wei, open_holds, entries from accounts where owner_id = $1", [customer_id]);
      return rows[0]!;
    },
    async close() {
      commands.stop();
      await writer.close();
      for (const agent of agents) await agent.close();
      await at.close();
    },
  };
}

export type TestDesk = Awaited<ReturnType<typeof testDesk>>;

type Enrolled = {
  node_id: string;
  transport_key: {
    key_id: string;
    x25519_public_key: string;
    not_before: string;
    not_after: string;
    signature_ed25519: string;
  };
};

function keyOf({ node_id, transport_key }: Enrolled, ed25519_public_key: string): PublicKey {
  const { key_id, x25519_public_key, not_before, not_after, signature_ed25519 } = transport_key;
  return { node_id, ed25519_public_key, key_id, x25519_public_key, not_before, not_after, signature_ed25519 };
}
