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

/** A receipt and, if this receipt settled its hold, what the hold was settled at. */
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

/** How many receipts are settled, and how many of them were received in the last 24 hours. */
export async function countReceipts(db: Database): Promise<{ total: number; last_24_hours: number }> {
  const { rows } = await db.pool.query<{ total: number; last_24_hours: number }>(`
    select count(*)::integer as total, count(*) filter (where received_at > clock_timestamp() - interval '24 hours')::integer as last_24_hours
    from receipts where status = 'settled'`);
  return rows[0]!;
}

/** The hashes that the database has neither as a receipt nor as an equivocation. */
export async function unknownReceipts(db: Database, receipt_hashes: readonly string[]): Promise<Set<string>> {
  const { rows } = await db.pool.query<{ receipt_hash: string }>(
    `select h as receipt_hash from unnest($1::text[]) h
     where not exists (select 1 from receipts r where r.receipt_hash = decode(h, 'hex'))
       and not exists (select 1 from equivocations e where e.receipt_hash = decode(h, 'hex'))`,
    [receipt_hashes],
  );
  return new Set(rows.map(({ receipt_hash }) => receipt_hash));
}
