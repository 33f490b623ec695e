import type { Database } from "../database.ts";

export type ReceiptRow = {
  node_id: string;
  job_id: string;
  status: "settled" | "recorded";
  reason: string | null;
  payload: string;
  signature: Buffer;
  received_at: Date;
  charged_wei: string | null;
  fee_wei: string | null;
  payout_wei: string | null;
  prompt_tokens: number | null;
  completion_tokens: number | null;
  unobserved: boolean | null;
  settled_at: Date | null;
};

/** A receipt with what its hold was settled at, if it was this receipt that settled it. */
export async function findReceipt(db: Database, receipt_hash: Buffer): Promise<ReceiptRow | null> {
  const { rows } = await db.pool.query<ReceiptRow>({
    name: "receipts_find",
    text: `select r.node_id, r.job_id, r.status, r.reason, r.payload, r.signature, r.received_at,
             h.charged_wei::text, h.fee_wei::text, h.payout_wei::text, h.prompt_tokens, h.completion_tokens, h.unobserved, h.closed_at as settled_at
           from receipts r left join holds h on r.status = 'settled' and h.hold_id = r.hold_id
           where r.receipt_hash = $1`,
    values: [receipt_hash],
  });
  return rows[0] ?? null;
}
