import { randomUUID } from "node:crypto";
import type { Database } from "../../../store/postgres/database.ts";
import { gatewaysWereFound } from "../../../store/postgres/gateways/leases.ts";
import { listOpenHolds, type OpenHold } from "../../../store/postgres/ledger/open_holds.ts";
import type { AuditContext } from "../../admin_tokens.ts";
import { auditEntry } from "../audit/audit.ts";
import { OWNER_SILENT_SECONDS } from "./load_state.ts";
import type { LedgerWriter, VerifiedReceipt } from "./operations.ts";
import { charge, seenOf } from "./settlement.ts";
import type { Hold } from "./model.ts";

/**
 * Cancels the job at its node and asks for its state: its receipts, verified under the key and epoch of their dispatch;
 * `running` until the cancel is done; `unknown` when the node has no such job; `unreachable` without a tunnel.
 */
export type AskNode = (hold: Hold) => Promise<VerifiedReceipt[] | "running" | "unknown" | "unreachable">;

export type RecoveryReason =
  | "receipt_found"
  | "not_delivered"
  | "node_says_unknown"
  | "past_expiry"
  | "owner_alive"
  | "node_unreachable"
  | "running";

export type RecoveryItem = {
  job_id: string;
  customer_id: string;
  node_id: string;
  amount_wei: string;
  created_at: string;
  expires_at: string;
  action: "settle" | "release" | "expire" | "leave";
  reason: RecoveryReason;
  message: string;
  done: boolean;
};

type Plan =
  | { action: "settle"; reason: "receipt_found"; receipt: VerifiedReceipt }
  | { action: "release" | "expire" | "leave"; reason: Exclude<RecoveryReason, "receipt_found"> };

const MESSAGES: Record<RecoveryReason, string> = {
  receipt_found: "The node signed a receipt for this job; it settles the reservation.",
  not_delivered: "Its gateway is gone and noted no delivered part: an answer that was not delivered is free.",
  node_says_unknown: "No gateway answers it any more, and the node knows nothing of this job.",
  past_expiry: "No receipt came before the reservation expired.",
  owner_alive: "A gateway that lives will end the reservation.",
  node_unreachable: "No gateway answers it any more, and the node cannot be asked now.",
  running: "No gateway answers it any more, and the node has been told to stop but has not finished.",
};

const AT_ONCE = 16;

/**
 * Plans the end of an open hold (docs/design/money.md, Recovery). A plain answer is never settled without delivery. A
 * stream is settled by the node's receipt, up to its gateway's last note; without a note it is free.
 */
async function planFor({ hold, owner_alive, past_expiry }: OpenHold, askNode: AskNode): Promise<Plan> {
  if (past_expiry) return { action: "expire", reason: "past_expiry" };
  if (owner_alive) return { action: "leave", reason: "owner_alive" };
  const answer = await askNode(hold).catch(() => "unreachable" as const);
  if (hold.mode === "plain" || seenOf(hold) === null) return { action: "release", reason: "not_delivered" };
  if (answer === "unknown") return { action: "release", reason: "node_says_unknown" };
  if (answer === "unreachable") return { action: "leave", reason: "node_unreachable" };
  if (answer === "running") return { action: "leave", reason: "running" };
  const receipt = answer.find(
    (candidate) =>
      candidate.job_id === hold.job_id && candidate.fence === hold.fence && candidate.node_id === hold.node_id,
  );
  return receipt === undefined
    ? { action: "release", reason: "node_says_unknown" }
    : { action: "settle", reason: "receipt_found", receipt };
}

/**
 * Carries a plan out, with an audit row when an admin asked for the recovery. Returns false when another operation
 * closed the hold first, which is no error.
 */
async function carryOut(
  writer: LedgerWriter,
  { hold_id, job_id, amount_wei }: Hold,
  plan: Plan,
  context?: AuditContext,
): Promise<boolean> {
  const { action, reason } = plan;
  const audit = context && auditEntry(context, job_id, { action, reason, amount_wei: amount_wei.toString() });
  const common = { operation_id: randomUUID(), audit };
  if (action === "settle")
    return (await writer.apply({ kind: "settle", ...common, receipt: plan.receipt, observation: null })).ok;
  if (action === "expire") return (await writer.apply({ kind: "expire", ...common, hold_id })).ok;
  if (action === "release") return (await writer.apply({ kind: "release", ...common, hold_id, reason })).ok;
  return false;
}

/** An admin's recovery: the planned end of each open hold, with its reason; `dry_run: false` carries the plans out. */
export async function recoverReservations(
  ports: { db: Database; writer: LedgerWriter; askNode: AskNode },
  request: { dry_run: boolean; older_than_seconds?: number; limit?: number },
  audit?: AuditContext,
) {
  const { db, writer, askNode } = ports;
  const { dry_run, older_than_seconds = 0, limit = 100 } = request;
  const open = await listOpenHolds(db, {
    older_than_seconds,
    silent_seconds: OWNER_SILENT_SECONDS,
    orphans_only: false,
    limit,
  });
  let settled_wei = 0n;
  let released_wei = 0n;
  const items = await eachAtOnce(open, async (found): Promise<RecoveryItem> => {
    const { hold } = found;
    const plan = await planFor(found, askNode);
    const done = !dry_run && (await carryOut(writer, hold, plan, audit));
    if (dry_run || done) {
      if (plan.action === "settle") settled_wei += charge(hold, plan.receipt, seenOf(hold)!).charged_wei;
      if (plan.action === "release" || plan.action === "expire") released_wei += hold.amount_wei;
    }
    return {
      job_id: hold.job_id,
      customer_id: found.customer_id,
      node_id: hold.node_id,
      amount_wei: hold.amount_wei.toString(),
      created_at: new Date(hold.created_at_ms).toISOString(),
      expires_at: new Date(hold.expires_at_ms).toISOString(),
      action: plan.action,
      reason: plan.reason,
      message: MESSAGES[plan.reason],
      done,
    };
  });
  return {
    dry_run,
    examined: open.length,
    settled_wei: settled_wei.toString(),
    released_wei: released_wei.toString(),
    items,
  };
}

/** Nodes look for a gateway at least every 15 s (tunnel_client.ts). */
const UP = { silent_seconds: OWNER_SILENT_SECONDS, found_seconds: 20, outage_seconds: 10 };

/**
 * Takes over the holds of gateways whose lease ended. A hold whose node cannot be reached, or has not finished, is
 * tried again in each round, and is given back `patience_ms` after the lease's end by the database's clock: an orphan
 * must not block a customer's money for half a minute. After an outage of all gateways, such as a restore, no hold is
 * given back for this reason before the nodes had time to find a gateway. A later receipt is recorded, unpaid.
 */
export function createTakeOver(ports: TakeOverPorts): () => Promise<TakeOverCounts> {
  const context = { patience_ms: 6_000, now_ms: () => performance.now(), ...ports, first_seen_ms: new Map() };
  return () => takeOver(context);
}

type TakeOverPorts = {
  db: Database;
  writer: LedgerWriter;
  askNode: AskNode;
  patience_ms?: number;
  now_ms?: () => number;
};

type TakeOver = Required<TakeOverPorts> & {
  /** When this process first saw each orphan that is still open. */
  first_seen_ms: Map<string, number>;
};

type TakeOverCounts = { settled: number; released: number; left: number };

async function takeOver(context: TakeOver): Promise<TakeOverCounts> {
  const { db, first_seen_ms } = context;
  const counts: TakeOverCounts = { settled: 0, released: 0, left: 0 };
  const orphans = await listOpenHolds(db, {
    older_than_seconds: OWNER_SILENT_SECONDS,
    silent_seconds: OWNER_SILENT_SECONDS,
    orphans_only: true,
    limit: 500,
  });
  const open = new Set(orphans.map(({ hold }) => hold.hold_id));
  for (const hold_id of first_seen_ms.keys()) if (!open.has(hold_id)) first_seen_ms.delete(hold_id);
  const nodes_are_back = orphans.length > 0 && (await gatewaysWereFound(db, UP));
  await eachAtOnce(orphans, async (orphan) => {
    counts[await takeOverHold(context, orphan, nodes_are_back)] += 1;
  });
  return counts;
}

async function takeOverHold(
  { writer, askNode, patience_ms, now_ms, first_seen_ms }: TakeOver,
  orphan: OpenHold,
  nodes_are_back: boolean,
): Promise<keyof TakeOverCounts> {
  const { hold } = orphan;
  const seen_ms = first_seen_ms.get(hold.hold_id) ?? now_ms();
  first_seen_ms.set(hold.hold_id, seen_ms);
  const plan = await planFor(orphan, askNode);
  const gone_ms = (orphan.owner_silent_ms ?? 0) - OWNER_SILENT_SECONDS * 1000;
  const late = nodes_are_back && Math.max(now_ms() - seen_ms, gone_ms) >= patience_ms;
  if (await carryOut(writer, hold, plan)) return plan.action === "settle" ? "settled" : "released";
  if (!late) return "left";
  const reason = plan.reason === "receipt_found" ? "node_says_unknown" : plan.reason;
  return (await carryOut(writer, hold, { action: "release", reason })) ? "released" : "left";
}

async function eachAtOnce<Item, Result>(items: Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(AT_ONCE, items.length) }, async () => {
      for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index]!);
    }),
  );
  return results;
}
