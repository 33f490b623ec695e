import type { Database } from "./database.ts";

type Totals = { customer_debits_wei: string; node_payouts_wei: string; protocol_fees_wei: string; refunds_wei: string };
export type SettlementStatus = { settlement_status: "maturing" | "matured" | "withheld"; payout_count: number; total_payout_wei: string; total_amount_wei: string };
export type RecentFee = { job_id: string; node_id: string; model_id: string; amount_wei: string; customer_debit_wei: string; node_payout_wei: string; created_at: Date };

/** Withheld: nothing of the answer was seen, or it was refunded before its payout matured. */
const STATUS = `case when h.unobserved or exists (select 1 from refunds f where f.hold_id = h.hold_id and f.created_at < h.closed_at + $2 * interval '1 second') then 'withheld'
  when h.closed_at > clock_timestamp() - $2 * interval '1 second' then 'maturing' else 'matured' end`;

/** Fees and payouts of the last `window_days`, from the rows of transfers, in one snapshot. */
export async function readTreasury(db: Database, window_days: number, limit: number, maturity_seconds: number) {
  const client = await db.pool.connect();
  try {
    await client.query("begin transaction isolation level repeatable read read only");
    const totals = await client.query<Totals>(
      `select coalesce(sum(amount_wei) filter (where kind in ('payout', 'fee')), 0) as customer_debits_wei,
         coalesce(sum(amount_wei) filter (where kind = 'payout'), 0) as node_payouts_wei, coalesce(sum(amount_wei) filter (where kind = 'fee'), 0) as protocol_fees_wei,
         coalesce(sum(amount_wei) filter (where kind = 'refund'), 0) as refunds_wei
       from transfers where created_at >= clock_timestamp() - $1 * interval '1 day'`, [window_days]);
    const statuses = await client.query<SettlementStatus>(
      `select ${STATUS} as settlement_status, count(*) as payout_count, sum(t.amount_wei) as total_payout_wei, sum(h.charged_wei) as total_amount_wei
       from transfers t join holds h on h.hold_id = t.hold_id
       where t.kind = 'payout' and t.created_at >= clock_timestamp() - $1 * interval '1 day' group by 1 order by 1`, [window_days, maturity_seconds]);
    const fees = await client.query<RecentFee>(
      `select h.job_id, h.node_id, h.model_id, t.amount_wei, h.charged_wei as customer_debit_wei, h.payout_wei as node_payout_wei, t.created_at
       from transfers t join holds h on h.hold_id = t.hold_id
       where t.kind = 'fee' and t.created_at >= clock_timestamp() - $1 * interval '1 day' order by t.seq desc limit $2`, [window_days, limit]);
    await client.query("commit");
    return { totals: totals.rows[0]!, statuses: statuses.rows, fees: fees.rows };
  } finally {
    client.release();
  }
}
