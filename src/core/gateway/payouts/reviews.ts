import type { components } from "../../../../generated/hosted.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { listWithheld, reviewWithheld } from "../../../store/postgres/payouts/reviews.ts";
import type { ReviewStatus, WithheldPosition, WithheldRow } from "../../../store/postgres/payouts/reviews.ts";
import { ApiError } from "../../errors.ts";
import { isHex } from "../../protocol/bytes/encoding.ts";
import type { AuditContext } from "../../admin_tokens.ts";
import { audited } from "../audit/audit.ts";
import { pageBounds, toPage, wrongCursor, type PageQuery } from "../page.ts";

type Schemas = components["schemas"];
export type Decision = Exclude<ReviewStatus, "open">;

/**
 * Payouts that are withheld because no gateway saw the end of the answer. An admin decides about each: it is released
 * into the next batch, or refused and never paid (docs/design/money.md, Clamp).
 */
export function createPayoutReviews(db: Database) {
  return {
    async list(query: PageQuery & { status?: ReviewStatus | undefined; node_id?: string | undefined }) {
      const { limit, after } = pageBounds(query);
      const rows = await listWithheld(db, {
        status: query.status ?? null,
        node_id: query.node_id ?? null,
        before: withheldPosition(after),
        limit: limit + 1,
      });
      return toPage(rows, limit, positionOf, toWire);
    },

    /**
     * Decides about a withheld payout, once. A repeat with the same decision and reason gets the same answer. Throws
     * `not_found` when no payout was withheld under this receipt, `conflict` after another decision.
     */
    async decide(
      given: { receipt_hash: string; decision: Decision; reason: string },
      audit: AuditContext,
    ): Promise<Schemas["withheld_payout"]> {
      const { decision, reason } = given;
      const found = await reviewWithheld(
        db,
        { receipt_hash: Buffer.from(given.receipt_hash, "hex"), decision, reason, actor: audit.actor },
        (review) =>
          review?.decided ? audited(audit, given.receipt_hash, { reason, payout_wei: review.row.payout_wei }) : null,
      );
      if (!found)
        throw new ApiError("not_found", "No payout was withheld for review under this receipt.", {
          param: "receipt_hash",
        });
      const { row, decided } = found;
      if (!decided && (row.status !== decision || row.reason !== reason))
        throw new ApiError("conflict", `This payout was ${row.status} already; a decision is final.`, {
          detail: { status: row.status },
        });
      return toWire(row);
    },
  };
}

function withheldPosition(after: string | null): WithheldPosition | null {
  if (after === null) return null;
  const [settled_at = "", receipt_hash = ""] = after.split(" ");
  if (Number.isNaN(Date.parse(settled_at)) || !isHex(receipt_hash, 32)) throw wrongCursor();
  return { settled_at, receipt_hash };
}

function positionOf({ settled_at, receipt_hash }: WithheldRow): string {
  return `${settled_at.toISOString()} ${receipt_hash.toString("hex")}`;
}

function toWire({ charged_wei, ...row }: WithheldRow): Schemas["withheld_payout"] {
  return {
    ...row,
    receipt_hash: row.receipt_hash.toString("hex"),
    customer_debit_wei: charged_wei,
    settled_at: row.settled_at.toISOString(),
    decided_at: row.decided_at?.toISOString() ?? null,
  };
}
