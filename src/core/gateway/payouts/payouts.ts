import type pg from "pg";
import type { components } from "../../../../generated/hosted.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { newestCheckpoint } from "../../../store/postgres/log/checkpoint_newest.ts";
import type { PayoutBatchRow, PayoutLineRow } from "../../../store/postgres/payouts/batch_row.ts";
import { createPayoutBatch } from "../../../store/postgres/payouts/create.ts";
import { payoutDebts } from "../../../store/postgres/payouts/debts.ts";
import { findBatch, listBatches, listLines } from "../../../store/postgres/payouts/list.ts";
import { maturedRows } from "../../../store/postgres/payouts/matured.ts";
import { finalizeBatch, resetBatch, submitBatch } from "../../../store/postgres/payouts/move.ts";
import { ApiError } from "../../errors.ts";
import { mintId } from "../../protocol/bytes/ids.ts";
import { PAYOUT_DOMAIN, payoutCommitmentText, payoutTree } from "../../protocol/receipt/payout.ts";
import type { AuditContext } from "../../admin_tokens.ts";
import { audited } from "../audit/audit.ts";
import type { ControlView } from "../control.ts";
import { pageBounds, toPage } from "../page.ts";
import type { PageQuery } from "../page.ts";
import type { ReceiptLog } from "../receipts/log/receipt_log.ts";
import { planPayouts } from "./lines.ts";
import type { PayoutPlan } from "./lines.ts";
import { batchPosition, positionOf } from "./positions.ts";

type Schemas = components["schemas"];

export type PayoutPorts = {
  db: Database;
  control: ControlView;
  receiptLog: Pick<ReceiptLog, "signFor">;
  maturity_ms: number;
};

/**
 * Payout batches (docs/design/evidence.md, Payouts): built from what matured and is in the log, committed to under the
 * log's key, submitted with the commitment as a leaf of the log, finalized with evidence. Taken back only before they
 * are submitted.
 */
export function createPayouts({ db, control, receiptLog, maturity_ms }: PayoutPorts) {
  /** Throws 503 `incident_paused` while an incident, or a view of incidents that is too old, pauses payouts. */
  function assertOpen(): void {
    const { fresh, incidents } = control.current();
    if (!fresh || incidents.some(({ scope }) => scope === "payouts" || scope === "global"))
      throw new ApiError("incident_paused", "Payouts are paused by an incident.");
  }

  async function plan(
    client: pg.Pool | pg.PoolClient,
    asked: string | undefined,
  ): Promise<PayoutPlan & { period_end: Date; tree_size: number }> {
    const { rows } = await client.query<{ now: Date }>("select clock_timestamp() as now");
    const now = rows[0]!.now;
    const period_end = asked === undefined ? now : new Date(asked);
    if (period_end > now)
      throw new ApiError("invalid_request", "period_end lies in the future.", { param: "period_end" });
    const tree_size = (await newestCheckpoint(db))?.tree_size ?? 0;
    const matured = await maturedRows(client, { period_end, maturity_ms, tree_size });
    return { ...planPayouts(matured, await payoutDebts(client)), period_end, tree_size };
  }

  async function moved(
    batch_id: string,
    row: PayoutBatchRow | null,
    repeats: (found: PayoutBatchRow) => boolean,
    needed: string,
  ): Promise<Schemas["payout_batch"]> {
    if (row) return toWire(row);
    const found = await get(batch_id);
    if (repeats(found)) return toWire(found);
    throw new ApiError("conflict", `The batch is ${found.status}; only one that is ${needed} can be moved so.`, {
      detail: { status: found.status },
    });
  }

  async function get(batch_id: string): Promise<PayoutBatchRow> {
    const found = await findBatch(db, batch_id);
    if (!found) throw new ApiError("not_found", "There is no payout batch with this id.", { param: "batch_id" });
    return found;
  }

  return {
    /** What a batch would hold; changes nothing. */
    async preview({ period_end: asked }: Schemas["payout_batch_request"]): Promise<Schemas["payout_preview"]> {
      const { lines, total_amount_wei, withheld_wei, set_off_wei, period_end, tree_size } = await plan(db.pool, asked);
      return {
        period_end: period_end.toISOString(),
        tree_size,
        payout_count: lines.length,
        total_amount_wei: String(total_amount_wei),
        withheld_wei: String(withheld_wei),
        set_off_wei: String(set_off_wei),
        merkle_root: lines.length === 0 ? null : payoutTree(lines).root.toString("hex"),
        lines,
      };
    },

    /** Throws `conflict` when there is nothing to pay, and while the log may not sign. */
    async create(
      { period_end: asked }: Schemas["payout_batch_request"],
      audit: AuditContext,
    ): Promise<Schemas["payout_batch"]> {
      assertOpen();
      const build = async (client: pg.PoolClient) => {
        const planned = await plan(client, asked);
        const { lines, period_end, tree_size, total_amount_wei } = planned;
        if (lines.length === 0) throw new ApiError("conflict", "There is nothing to pay up to then.");
        const batch_id = mintId("pay");
        const merkle_root = payoutTree(lines).root;
        const commitment = payoutCommitmentText({
          batch_id,
          merkle_root: merkle_root.toString("hex"),
          payout_count: lines.length,
          total_amount_wei: String(total_amount_wei),
          tree_size,
          period_end: period_end.toISOString(),
        });
        return {
          ...planned,
          batch_id,
          merkle_root,
          commitment,
          commitment_signature: await receiptLog.signFor(PAYOUT_DOMAIN, commitment),
          created_by: audit.actor,
        };
      };
      const row = await createPayoutBatch(db, build, ({ batch_id, payout_count, total_amount_wei, merkle_root }) =>
        audited(audit, batch_id, { payout_count, total_amount_wei, merkle_root: merkle_root.toString("hex") }),
      );
      return toWire(row);
    },

    async submit(
      batch_id: string,
      { transaction_hash = null }: { transaction_hash?: string | null | undefined },
      audit: AuditContext,
    ): Promise<Schemas["payout_batch"]> {
      assertOpen();
      return moved(
        batch_id,
        await submitBatch(
          db,
          batch_id,
          transaction_hash,
          (row) => row && audited(audit, batch_id, { transaction_hash }),
        ),
        (found) => found.status === "submitted" && found.transaction_hash === transaction_hash,
        "created",
      );
    },

    async finalize(
      batch_id: string,
      { block_number = null, reason }: { block_number?: number | null | undefined; reason: string },
      audit: AuditContext,
    ): Promise<Schemas["payout_batch"]> {
      assertOpen();
      const row = await finalizeBatch(
        db,
        batch_id,
        { block_number, reason },
        (moved_row) => moved_row && audited(audit, batch_id, { block_number, reason }),
      );
      return moved(
        batch_id,
        row,
        (found) =>
          found.status === "finalized" && found.block_number === block_number && found.finalize_reason === reason,
        "submitted",
      );
    },

    /** Works while payouts are paused: it only gives rows back. */
    async reset(batch_id: string, reason: string, audit: AuditContext): Promise<Schemas["payout_batch"]> {
      const row = await resetBatch(db, batch_id, reason, (reset) => reset && audited(audit, batch_id, { reason }));
      return moved(batch_id, row, () => false, "created");
    },

    async list(query: PageQuery & { status?: PayoutBatchRow["status"] | undefined }) {
      const { limit, after } = pageBounds(query);
      const rows = await listBatches(db, {
        status: query.status ?? null,
        before: batchPosition(after),
        limit: limit + 1,
      });
      return toPage(rows, limit, positionOf, toWire);
    },
    async get(batch_id: string): Promise<Schemas["payout_batch_detail"]> {
      const row = await get(batch_id);
      return { batch: toWire(row), lines: (await listLines(db, batch_id)).map(toLine) };
    },

    /** As everyone may see it. */
    async listPublic(query: PageQuery) {
      const { limit, after } = pageBounds(query);
      const rows = await listBatches(db, { status: null, before: batchPosition(after), limit: limit + 1 });
      return toPage(rows, limit, positionOf, toPublic);
    },
    async getPublic(batch_id: string): Promise<Schemas["settlement_batch_detail"]> {
      const row = await get(batch_id);
      return { batch: toPublic(row), lines: (await listLines(db, batch_id)).map(toLine) };
    },
  };
}

export type Payouts = ReturnType<typeof createPayouts>;

/** The line as it was committed to. */
export function toLine({ line_index, node_id, amount_wei, receipt_count }: PayoutLineRow): Schemas["payout_line"] {
  return { index: line_index, node_id, amount_wei, receipt_count };
}

function toPublic(row: PayoutBatchRow): Schemas["settlement_batch"] {
  return {
    batch_id: row.batch_id,
    status: row.status,
    period_end: row.period_end.toISOString(),
    tree_size: row.tree_size,
    payout_count: row.payout_count,
    total_amount_wei: row.total_amount_wei,
    merkle_root: row.merkle_root.toString("hex"),
    commitment_signature: row.commitment_signature.toString("base64url"),
    transaction_hash: row.transaction_hash,
    block_number: row.block_number,
    created_at: row.created_at.toISOString(),
    submitted_at: row.submitted_at?.toISOString() ?? null,
    finalized_at: row.finalized_at?.toISOString() ?? null,
  };
}

function toWire(row: PayoutBatchRow): Schemas["payout_batch"] {
  return {
    ...toPublic(row),
    withheld_wei: row.withheld_wei,
    set_off_wei: row.set_off_wei,
    created_by: row.created_by,
    reset_at: row.reset_at?.toISOString() ?? null,
    reset_reason: row.reset_reason,
  };
}
