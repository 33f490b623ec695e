/**
 * Fetches receipts again from the outboxes of nodes, once `restore check --adopt` has requested it
 * (docs/design/money.md, Recovery). Nodes keep acknowledged receipts for 30 days, and do not submit them again by
 * themselves. Each receipt is verified and submitted to the ledger as if its node had just submitted it; the ledger
 * decides whether it is paid.
 */
import type { Database } from "../../../store/postgres/database.ts";
import { unknownReceipts } from "../../../store/postgres/receipts/receipts.ts";
import { advanceRefetch, openRefetches, type Refetch } from "../../../store/postgres/receipts/refetches.ts";
import { type Logger, errorFields } from "../../log.ts";
import { type SignedReceipt, readReceipt } from "../../protocol/receipt/receipt.ts";
import { type Repeated, repeat } from "../../repeat.ts";
import { readReceiptPage, type ReceiptPage } from "../nodes/agent_api.ts";
import type { NodeTunnel } from "../nodes/types.ts";
import type { ReceiptSubmission } from "./submission.ts";

export type RefetchPorts = {
  db: Database;
  submission: ReceiptSubmission;
  /** The node's tunnel if it ends at this gateway. Other gateways ask the nodes whose tunnels end there. */
  tunnel: (node_id: string) => NodeTunnel | undefined;
  log: Logger;
  every_ms?: number;
};

/** Aborts when the loop stops. */
type RefetchContext = RefetchPorts & { stopping: AbortSignal };

/** Receipts in one answer. */
const PAGE = 200;

/** Codes of a receipt that does not verify: it is passed over. */
const INVALID: ReadonlySet<string | undefined> = new Set([
  "invalid_request",
  "invalid_signature",
  "receipt_hash_mismatch",
]);

/** The loop that fetches receipts again. */
export function refetchReceipts(ports: RefetchPorts) {
  const stopping = new AbortController();
  const context = { ...ports, stopping: stopping.signal };
  let running: Repeated | null = null;
  const round = () => refetchRound(context);
  return {
    round,
    start(): void {
      running ??= repeat(ports.every_ms ?? 5_000, round, (error) => logFailure(context, error));
    },
    async stop(): Promise<void> {
      stopping.abort();
      await running?.stop();
    },
  };
}

/** Reads the outboxes of all nodes whose refetch is not done and whose tunnel ends here. */
async function refetchRound(context: RefetchContext): Promise<void> {
  const refetches = await openRefetches(context.db);
  const outcomes = await Promise.allSettled(refetches.map((refetch) => refetchFrom(context, refetch)));
  for (const outcome of outcomes)
    if (outcome.status === "rejected" && !context.stopping.aborted) logFailure(context, outcome.reason);
}

function logFailure({ log }: RefetchContext, error: unknown): void {
  log.warn("receipts_not_taken_again", errorFields(error));
}

/** Reads one node's outbox page by page, and stores how far it is read. */
async function refetchFrom(context: RefetchContext, refetch: Refetch): Promise<void> {
  const { db, log, stopping } = context;
  const { node_id } = refetch;
  const tunnel = context.tunnel(node_id);
  if (!tunnel) return;
  for (let at = refetch; !stopping.aborted;) {
    const { receipts, last, more } = await readPage(tunnel, at, stopping);
    const { taken, again } = await submitPage(context, node_id, receipts);
    // While a gateway may still settle one of the receipts, the page is read again; taken receipts are skipped.
    await advanceRefetch(db, { node_id, after_id: again ? at.after_id : last, taken, done: !again && !more });
    if (again) return;
    if (!more) return log.info("receipts_taken_again", { node_id });
    at = { ...at, after_id: last };
  }
}

async function readPage(tunnel: NodeTunnel, { since, after_id }: Refetch, stopping: AbortSignal): Promise<ReceiptPage> {
  const asked = { acknowledged_since: since.toISOString(), after: after_id, limit: PAGE };
  const page = await readReceiptPage(tunnel, asked, stopping);
  if (page.last < after_id) throw new Error("the node's page goes back");
  if (page.more && page.last === after_id) throw new Error("the node's page does not go on");
  return page;
}

/** Submits the receipts of a page that the database lacks. `again`: one of them must be submitted again later. */
async function submitPage(
  context: RefetchContext,
  node_id: string,
  receipts: readonly unknown[],
): Promise<{ taken: number; again: boolean }> {
  const formed = receipts.flatMap((receipt) => {
    const read = readReceipt(receipt);
    return read.ok ? [read.value] : [];
  });
  const unknown = await unknownReceipts(
    context.db,
    formed.map(({ receipt_hash }) => receipt_hash),
  );
  const outcomes = await Promise.all(
    formed
      .filter(({ receipt_hash }) => unknown.has(receipt_hash))
      .map((receipt) => submitAgain(context, node_id, receipt)),
  );
  return { taken: outcomes.filter((outcome) => outcome === "taken").length, again: outcomes.includes("again") };
}

async function submitAgain(
  { submission, log }: RefetchContext,
  node_id: string,
  receipt: SignedReceipt,
): Promise<"taken" | "again" | "invalid"> {
  try {
    const { status } = await submission.submit(node_id, receipt);
    return status === "retry" ? "again" : "taken";
  } catch (error) {
    if (!INVALID.has((error as { code?: string }).code)) throw error;
    log.warn("receipt_not_taken_again", { node_id, ...errorFields(error) });
    return "invalid";
  }
}
