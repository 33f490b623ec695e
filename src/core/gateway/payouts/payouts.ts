/**
 * Payout batches (docs/design/evidence.md, Payouts). A batch is built from settled holds that matured and whose receipts
 * are in the log, and its lines are committed to under the log's key.
 *
 * States of a batch:
 *   created    its holds are in no other batch
 *   submitted  the commitment is a leaf of the log
 *   finalized  an admin gave the evidence of the payment
 *   reset      its holds are free for the next batch
 *
 * Transitions: created -> submitted -> finalized, and created -> reset. Each is a conditional update, so of two calls
 * one moves the batch; a repeat of the call that moved it gets the same answer.
 */
import type { Database } from "../../../store/postgres/database.ts";
import {
  type PayoutBatchRow,
  finalizeBatch,
  findBatch,
  listBatches,
  listLines,
  resetBatch,
  submitBatch,
} from "../../../store/postgres/payouts/batches.ts";
import { ApiError } from "../../errors.ts";
import type { AuditContext } from "../../admin_tokens.ts";
import { audited } from "../audit/audit.ts";
import { pageBounds, toPage, type PageQuery } from "../page.ts";
import { type PayoutPorts, assertPayoutsOpen, createBatch, previewBatch } from "./payout_build.ts";
import { type Schemas, toBatch, toLine, toPublicBatch } from "./payout_views.ts";
import { batchPosition, positionOf } from "./positions.ts";

type StatusQuery = PageQuery & { status?: PayoutBatchRow["status"] | undefined };
type Submission = { transaction_hash?: string | null | undefined };
type Evidence = { block_number?: number | null | undefined; reason: string };

/** The operations on payout batches, bound to the gateway's ports. */
export function createPayouts(ports: PayoutPorts) {
  const { db } = ports;
  return {
    preview: (asked: Schemas["payout_batch_request"]) => previewBatch(ports, asked),
    create: (asked: Schemas["payout_batch_request"], audit: AuditContext) => createBatch(ports, asked, audit),
    submit: (batch_id: string, submission: Submission, audit: AuditContext) =>
      submit(ports, batch_id, submission, audit),
    finalize: (batch_id: string, evidence: Evidence, audit: AuditContext) => finalize(ports, batch_id, evidence, audit),
    reset: (batch_id: string, reason: string, audit: AuditContext) => reset(db, batch_id, reason, audit),
    list: (query: StatusQuery) => pageOfBatches(db, query, toBatch),
    get: (batch_id: string) => batchDetail(db, batch_id, toBatch),
    /** Batches and their lines as everyone may see them. */
    listPublic: (query: PageQuery) => pageOfBatches(db, query, toPublicBatch),
    getPublic: (batch_id: string) => batchDetail(db, batch_id, toPublicBatch),
  };
}

async function submit(
  { db, control }: PayoutPorts,
  batch_id: string,
  { transaction_hash = null }: Submission,
  audit: AuditContext,
): Promise<Schemas["payout_batch"]> {
  assertPayoutsOpen(control);
  const moved = await submitBatch(
    db,
    batch_id,
    transaction_hash,
    (row) => row && audited(audit, batch_id, { transaction_hash }),
  );
  return movedBatch(db, batch_id, moved, {
    needed: "created",
    repeats: (found) => found.status === "submitted" && found.transaction_hash === transaction_hash,
  });
}

async function finalize(
  { db, control }: PayoutPorts,
  batch_id: string,
  { block_number = null, reason }: Evidence,
  audit: AuditContext,
): Promise<Schemas["payout_batch"]> {
  assertPayoutsOpen(control);
  const moved = await finalizeBatch(
    db,
    batch_id,
    { block_number, reason },
    (row) => row && audited(audit, batch_id, { block_number, reason }),
  );
  return movedBatch(db, batch_id, moved, {
    needed: "submitted",
    repeats: (found) =>
      found.status === "finalized" && found.block_number === block_number && found.finalize_reason === reason,
  });
}

/** Moves a batch to `reset`, also while payouts are paused: a reset pays nobody. */
async function reset(
  db: Database,
  batch_id: string,
  reason: string,
  audit: AuditContext,
): Promise<Schemas["payout_batch"]> {
  const moved = await resetBatch(db, batch_id, reason, (row) => row && audited(audit, batch_id, { reason }));
  return movedBatch(db, batch_id, moved, { needed: "created", repeats: () => false });
}

/**
 * The batch after a transition. `row` is null when the batch was not in the state `needed`: then a batch that the same
 * call has moved before (`repeats`) is returned. Throws `conflict` or `not_found` otherwise.
 */
async function movedBatch(
  db: Database,
  batch_id: string,
  row: PayoutBatchRow | null,
  { needed, repeats }: { needed: string; repeats: (found: PayoutBatchRow) => boolean },
): Promise<Schemas["payout_batch"]> {
  const found = row ?? (await getBatch(db, batch_id));
  if (row || repeats(found)) return toBatch(found);
  throw new ApiError("conflict", `The batch is ${found.status}; only one that is ${needed} can be moved so.`, {
    detail: { status: found.status },
  });
}

async function getBatch(db: Database, batch_id: string): Promise<PayoutBatchRow> {
  const found = await findBatch(db, batch_id);
  if (!found) throw new ApiError("not_found", "There is no payout batch with this id.", { param: "batch_id" });
  return found;
}

async function pageOfBatches<View>(db: Database, query: StatusQuery, toView: (row: PayoutBatchRow) => View) {
  const { limit, after } = pageBounds(query);
  const rows = await listBatches(db, { status: query.status ?? null, before: batchPosition(after), limit: limit + 1 });
  return toPage(rows, limit, positionOf, toView);
}

async function batchDetail<View>(db: Database, batch_id: string, toView: (row: PayoutBatchRow) => View) {
  const row = await getBatch(db, batch_id);
  return { batch: toView(row), lines: (await listLines(db, batch_id)).map(toLine) };
}
