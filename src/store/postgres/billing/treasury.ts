import type { Database } from "../database.ts";

type Totals = { customer_debits_wei: string; node_payouts_wei: string; protocol_fees_wei: string; refunds_wei: string };
export type RecentFee = {
  job_id: string;
  node_id: string;
  model_id: string;
  amount_wei: string;
  customer_debit_wei: string;
  node_payout_wei: string;
  created_at: Date;
};

/** Fees and payouts of the last `window_days`, from the rows of the ledger, in one snapshot. */
export async function readTreasury(db: Database, window_days: number, limit: number) {
  const client = await db.pool.connect();
  let failed = true;
  try {
    await client.query("begin transaction isolation level repeatable read read only");
    const totals = await client.query<Totals>(
      `select coalesce(sum(amount_wei) filter (where kind in ('payout', 'fee')), 0) as customer_debits_wei,
         coalesce(sum(amount_wei) filter (where kind = 'payout'), 0) as node_payouts_wei, coalesce(sum(amount_wei)
           filter (where kind = 'fee'), 0) as protocol_fees_wei,
         coalesce(sum(amount_wei) filter (where kind = 'refund'), 0) as refunds_wei
       from movements where created_at >= clock_timestamp() - $1 * interval '1 day'`,
      [window_days],
    );
    const fees = await client.query<RecentFee>(
      `select h.job_id, h.node_id, h.model_id, t.amount_wei, h.charged_wei as customer_debit_wei, h.payout_wei as
        node_payout_wei, t.created_at
       from movements t join holds h on h.hold_id = t.hold_id
       where t.kind = 'fee' and t.created_at >= clock_timestamp() - $1 * interval '1 day' order by t.seq desc limit $2`,
      [window_days, limit],
    );
    await client.query("commit");
    failed = false;
    return { totals: totals.rows[0]!, fees: fees.rows };
  } finally {
    client.release(failed); // the next one to get the connection must not find a transaction on it
  }
}
