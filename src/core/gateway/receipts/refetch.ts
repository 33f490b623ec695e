import type { Database } from "../../../store/postgres/database.ts";
import { advanceRecollection, openRecollections, unknownReceipts } from "../../../store/postgres/receipts/refetches.ts";
import type { Recollection } from "../../../store/postgres/receipts/refetches.ts";
import { type Logger, errorFields } from "../../log.ts";
import { type SignedReceipt, readReceipt } from "../../protocol/receipt/receipt.ts";
import { type Repeated, repeat } from "../../repeat.ts";
import { readAll } from "../node_calls/job_calls.ts";
import type { NodeTunnel } from "../nodes/types.ts";
import type { ReceiptDesk } from "./submission.ts";

export type RecollectionPorts = {
  db: Database;
  desk: ReceiptDesk;
  /** The tunnel that ends at this gateway; the nodes of others are theirs to ask. */
  tunnel: (node_id: string) => NodeTunnel | undefined;
  log: Logger;
  every_ms?: number;
};

/** Of one answer; a receipt and its frame take less than 6 kB. */
const PAGE = 200;
const PAGE_BYTES = 2 * 1024 * 1024;
const TIMEOUT_MS = 15_000;

/**
 * Takes receipts again from the outboxes of nodes, once `restore check --adopt` has asked for it (docs/design/money.md,
 * Recovery): nodes keep what was acknowledged to them for 30 days, and do not submit it again by themselves. Each is
 * verified and given to the ledger as if it had just been submitted, which decides whether it is paid.
 */
export function createRecollection({ db, desk, tunnel, log, every_ms = 5_000 }: RecollectionPorts) {
  const stopping = new AbortController();
  let running: Repeated | null = null;

  async function read(to: NodeTunnel, { since, after_id }: Recollection) {
    const answer = await to.call({
      path: "/v1/tunnel/receipts",
      body: Buffer.from(JSON.stringify({ acknowledged_since: since.toISOString(), after: after_id, limit: PAGE })),
      headers: { "content-type": "application/json" },
      signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    if (answer.status !== 200) {
      answer.cancel();
      throw new Error(`the node answered ${answer.status}`);
    }
    const page = JSON.parse(await readAll(answer, PAGE_BYTES)) as {
      receipts?: unknown;
      last?: unknown;
      more?: unknown;
    };
    const { receipts, last, more } = page;
    if (
      !Array.isArray(receipts) ||
      typeof more !== "boolean" ||
      !Number.isSafeInteger(last) ||
      (last as number) < after_id
    )
      throw new Error("the node's answer is not a page of receipts");
    if (more && last === after_id) throw new Error("the node's page does not go on");
    return { receipts: receipts as unknown[], last: last as number, more };
  }

  /** Gives the unknown ones of a page to the ledger; how many it took, and whether one has to come again. */
  async function take(node_id: string, receipts: readonly unknown[]): Promise<{ taken: number; again: boolean }> {
    const formed = receipts.flatMap((receipt) => {
      const read = readReceipt(receipt);
      return read.ok ? [read.value] : [];
    });
    const unknown = await unknownReceipts(
      db,
      formed.map(({ receipt_hash }) => receipt_hash),
    );
    const outcomes = await Promise.all(
      formed.filter(({ receipt_hash }) => unknown.has(receipt_hash)).map((receipt) => submit(node_id, receipt)),
    );
    return {
      taken: outcomes.filter((outcome) => outcome === "taken").length,
      again: outcomes.includes("again"),
    };
  }

  async function submit(node_id: string, receipt: SignedReceipt): Promise<"taken" | "again" | "refused"> {
    try {
      const { status } = await desk.submit(node_id, receipt);
      return status === "retry" ? "again" : "taken";
    } catch (error) {
      const { code } = error as { code?: string };
      if (code !== "invalid_request" && code !== "invalid_signature" && code !== "receipt_hash_mismatch") throw error;
      log.warn("receipt_not_taken_again", { node_id, ...errorFields(error) });
      return "refused";
    }
  }

  async function ask(asked: Recollection): Promise<void> {
    const to = tunnel(asked.node_id);
    if (!to) return;
    for (let at = asked; !stopping.signal.aborted;) {
      const { receipts, last, more } = await read(to, at);
      const { taken, again } = await take(asked.node_id, receipts);
      // A receipt whose answer is still open elsewhere comes again with the whole page; what was taken is known by
      // then.
      await advanceRecollection(db, {
        node_id: asked.node_id,
        after_id: again ? at.after_id : last,
        taken,
        done: !again && !more,
      });
      if (again || !more) {
        if (!again) log.info("receipts_taken_again", { node_id: asked.node_id });
        return;
      }
      at = { ...at, after_id: last };
    }
  }

  const onFailure = (error: unknown) => log.warn("receipts_not_taken_again", errorFields(error));

  /** Asks all nodes that are to be asked and whose tunnel is here. */
  async function round(): Promise<void> {
    const outcomes = await Promise.allSettled((await openRecollections(db)).map(ask));
    for (const outcome of outcomes)
      if (outcome.status === "rejected" && !stopping.signal.aborted) onFailure(outcome.reason);
  }

  return {
    round,
    start(): void {
      running ??= repeat(every_ms, round, onFailure);
    },
    async stop(): Promise<void> {
      stopping.abort();
      await running?.stop();
    },
  };
}
