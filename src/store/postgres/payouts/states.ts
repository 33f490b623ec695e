import type { Database, WeiAsText } from "../database.ts";

type Sums = "payout_wei" | "charged_wei" | "withheld_wei" | "refused_wei" | "set_off_wei";
export type PayoutState = "maturing" | "matured" | "withheld" | "created" | "submitted" | "finalized";

/** The settled holds of one state: their number, the payouts of nodes, the charges of customers, the withheld wei. */
export type PayoutStateSum = {
  state: PayoutState;
  rows: number;
  payout_wei: bigint;
  charged_wei: bigint;
  withheld_wei: bigint;
  /** The part of `withheld_wei` that a review refused for good. */
  refused_wei: bigint;
  set_off_wei: bigint;
};

/**
 * Sums of the settled holds by state. A hold with a payout is in one state: the state of its batch or, without a batch,
 * `withheld` (all of it), `maturing` or `matured`. `payout_wei` leaves out withheld and set-off wei; a set-off counts
 * in the state of its batch. `node_id` null: all nodes. `since` null: all times.
 */
export async function payoutStates(
  db: Database,
  given: { node_id: string | null; since: Date | null; maturity_ms: number },
): Promise<PayoutStateSum[]> {
  const { rows } = await db.pool.query<WeiAsText<PayoutStateSum, Sums>>(
    `with settled as (
       select h.payout_wei, h.charged_wei, h.closed_at, b.status as batch_status,
         case when v.decision = 'refused' then h.payout_wei else 0 end as refused_wei,
         case when i.hold_id is not null then i.withheld_wei
              when n.status = 'suspended' or (h.unobserved and v.decision is distinct from 'released') then h.payout_wei
              else div(h.payout_wei * least(coalesce(f.refunded_wei, 0), h.charged_wei) + h.charged_wei - 1,
                h.charged_wei) end as withheld_wei
       from holds h
       left join nodes n on n.node_id = h.node_id
       left join payout_reviews v on v.hold_id = h.hold_id
       left join (select hold_id, sum(amount_wei) as refunded_wei from refunds
         group by hold_id) f on f.hold_id = h.hold_id
       left join payout_items i on i.hold_id = h.hold_id
       left join payout_batches b on b.batch_id = i.batch_id
       where h.state = 'settled' and h.payout_wei > 0 and ($1::text is null or h.hold_id in
         (select r.hold_id from receipts r where r.node_id = $1 and r.status = 'settled'))
         and ($2::timestamptz is null or h.closed_at >= $2)
     ), stated as (
       select coalesce(batch_status, case when withheld_wei >= payout_wei then 'withheld'
         when closed_at > clock_timestamp() - $3 * interval '1 millisecond' then 'maturing'
           else 'matured' end) as state, *
       from settled
     ), set_off as (
       select b.status as state, sum(s.amount_wei) as amount_wei from payout_set_offs s
         join payout_batches b using (batch_id)
       where ($1::text is null or s.node_id = $1) and ($2::timestamptz is null or b.created_at >= $2) group by b.status
     )
     select state, count(*)::int as rows, sum(charged_wei) as charged_wei, sum(withheld_wei) as withheld_wei,
       sum(refused_wei) as refused_wei,
       -- Since a time, a batch may set off more than its holds of that time earn.
       greatest(sum(payout_wei - withheld_wei) - coalesce(max(o.amount_wei), 0), 0) as payout_wei,
       coalesce(max(o.amount_wei), 0) as set_off_wei
     from stated left join set_off o using (state) group by state`,
    [given.node_id, given.since, given.maturity_ms],
  );
  return rows.map((row) => ({
    ...row,
    payout_wei: BigInt(row.payout_wei),
    charged_wei: BigInt(row.charged_wei),
    withheld_wei: BigInt(row.withheld_wei),
    refused_wei: BigInt(row.refused_wei),
    set_off_wei: BigInt(row.set_off_wei),
  }));
}
