import type pg from "pg";
import type { WeiAsText } from "../database.ts";

/** A settled hold that can be paid. */
export type MaturedRow = {
  hold_id: string;
  node_id: string;
  receipt_hash: Buffer;
  payout_wei: bigint;
  charged_wei: bigint;
  /** The sum of its refunds so far. */
  refunded_wei: bigint;
  /** No gateway saw the end of the answer, and no review has decided about the payout yet. */
  unobserved: boolean;
  suspended: boolean;
};

/**
 * The settled holds that can be paid: in no batch, matured by `period_end`, with a receipt in the tree of `tree_size`
 * leaves, and not refused by a review. Each comes with the sum of its refunds.
 */
export async function maturedRows(
  client: pg.Pool | pg.PoolClient,
  given: { period_end: Date; maturity_ms: number; tree_size: number },
): Promise<MaturedRow[]> {
  const { rows } = await client.query<WeiAsText<MaturedRow, "payout_wei" | "charged_wei" | "refunded_wei">>(
    `select h.hold_id, h.node_id, h.receipt_hash, h.payout_wei, h.charged_wei, coalesce(f.refunded_wei,
      0) as refunded_wei,
       coalesce(h.unobserved, false) and v.decision is null as unobserved, coalesce(n.status = 'suspended', false) as suspended
     from holds h
     join log_leaves l on l.receipt_hash = h.receipt_hash and l.leaf_index < $3
     left join nodes n on n.node_id = h.node_id
     left join payout_reviews v on v.hold_id = h.hold_id
     left join (select hold_id, sum(amount_wei) as refunded_wei from refunds
       group by hold_id) f on f.hold_id = h.hold_id
     where h.state = 'settled' and h.payout_wei > 0 and h.closed_at <= $1::timestamptz - $2 * interval '1 millisecond'
       and v.decision is distinct from 'refused'
       and not exists (select 1 from payout_items i where i.hold_id = h.hold_id)
     order by h.node_id, h.closed_at, h.hold_id`,
    [given.period_end, given.maturity_ms, given.tree_size],
  );
  return rows.map((row) => ({
    ...row,
    payout_wei: BigInt(row.payout_wei),
    charged_wei: BigInt(row.charged_wei),
    refunded_wei: BigInt(row.refunded_wei),
  }));
}

/**
 * The debt of each node: the refunded share of payouts in batches, less the wei that those batches withheld and later
 * ones set off. Shares are rounded up, as `refundedShare` does.
 */
export async function payoutDebts(client: pg.Pool | pg.PoolClient): Promise<Map<string, bigint>> {
  const { rows } = await client.query<{ node_id: string; debt_wei: string }>(
    `select node_id, sum(owed_wei) as debt_wei from (
       select i.node_id, div(i.payout_wei * least(f.refunded_wei, h.charged_wei) + h.charged_wei - 1,
         h.charged_wei) - i.withheld_wei as owed_wei
       from (select hold_id, sum(amount_wei) as refunded_wei from refunds group by hold_id) f
       join payout_items i on i.hold_id = f.hold_id join holds h on h.hold_id = f.hold_id
       union all
       select node_id, -amount_wei from payout_set_offs
     ) owed group by node_id having sum(owed_wei) > 0`,
  );
  return new Map(rows.map(({ node_id, debt_wei }) => [node_id, BigInt(debt_wei)]));
}
