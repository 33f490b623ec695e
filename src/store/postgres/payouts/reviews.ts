import { type AuditOf, auditedPgTransaction } from "../control/audit_append.ts";
import type { Database } from "../database.ts";

export type ReviewStatus = "open" | "released" | "refused";

export type WithheldRow = {
  receipt_hash: Buffer;
  node_id: string;
  job_id: string;
  model_id: string;
  payout_wei: string;
  charged_wei: string;
  refunded_wei: string;
  settled_at: Date;
  status: ReviewStatus;
  reason: string | null;
  decided_by: string | null;
  decided_at: Date | null;
};

export type WithheldPosition = { settled_at: string; receipt_hash: string };

const ROWS = `
  select h.receipt_hash, h.node_id, h.job_id, h.model_id, h.payout_wei, h.charged_wei,
    (select coalesce(sum(f.amount_wei), 0) from refunds f where f.hold_id = h.hold_id) as refunded_wei,
    date_trunc('milliseconds', h.closed_at) as settled_at, coalesce(v.decision, 'open') as status, v.reason,
    v.decided_by, v.decided_at
  from unobserved_settlements join holds h using (hold_id) left join payout_reviews v on v.hold_id = h.hold_id
  where h.payout_wei > 0`;

/** Settlements whose answer no gateway saw to its end, newest first; `before` is the last row of the page before. */
export async function listWithheld(
  db: Database,
  given: { status: ReviewStatus | null; node_id: string | null; before: WithheldPosition | null; limit: number },
): Promise<WithheldRow[]> {
  const { rows } = await db.pool.query<WithheldRow>(
    `select * from (${ROWS}) r
     where ($1::text is null or status = $1) and ($2::text is null or node_id = $2)
       and ($3::timestamptz is null or (settled_at, receipt_hash) < ($3, $4))
     order by settled_at desc, receipt_hash desc limit $5`,
    [
      given.status,
      given.node_id,
      given.before?.settled_at ?? null,
      given.before === null ? null : Buffer.from(given.before.receipt_hash, "hex"),
      given.limit,
    ],
  );
  return rows;
}

/** The settlement as it stands, and whether this very call decided about it; null when there is none. */
export type Review = { row: WithheldRow; decided: boolean } | null;

/**
 * Stores the decision about a withheld payout, unless there is one. `row` has the decision that stands; `decided` is
 * true when this call stored it. Null when no payout was withheld under this receipt.
 */
export async function reviewWithheld(
  db: Database,
  given: { receipt_hash: Buffer; decision: "released" | "refused"; reason: string; actor: string },
  audit?: AuditOf<Review>,
): Promise<Review> {
  return auditedPgTransaction(db, audit, async (client) => {
    const { rowCount } = await client.query(
      `insert into payout_reviews (hold_id, receipt_hash, node_id, payout_wei, decision, reason, decided_by)
     select hold_id, receipt_hash, node_id, payout_wei, $2, $3, $4 from holds
     where receipt_hash = $1 and hold_id = (select r.hold_id from receipts r where r.receipt_hash = $1)
       and state = 'settled' and unobserved and payout_wei > 0
     on conflict do nothing`,
      [given.receipt_hash, given.decision, given.reason, given.actor],
    );
    const { rows } = await client.query<WithheldRow>(
      `${ROWS} and h.receipt_hash = $1 and h.hold_id = (select r.hold_id from receipts r where r.receipt_hash = $1)`,
      [given.receipt_hash],
    );
    return rows[0] ? { row: rows[0], decided: rowCount === 1 } : null;
  });
}
