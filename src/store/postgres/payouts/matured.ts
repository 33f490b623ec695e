import type pg from "pg";

export type MaturedRowRead = {
  hold_id: string;
  node_id: string;
  receipt_hash: Buffer;
  payout_wei: bigint;
  charged_wei: bigint;
  refunded_wei: bigint;
  /** Waits for a review. */
  unobserved: boolean;
  suspended: boolean;
};

/**
 * Settled rows in no batch that matured by `period_end` and whose receipt is in the tree of this size, with what was
 * refunded of each; without those whose payout was refused.
 */
export async function maturedRows(
  client: pg.Pool | pg.PoolClient,
  given: { period_end: Date; maturity_ms: number; tree_size: number },
): Promise<MaturedRowRead[]> {
  const { rows } = await client.query<
    Record<"payout_wei" | "charged_wei" | "refunded_wei", string> &
      Omit<MaturedRowRead, "payout_wei" | "charged_wei" | "refunded_wei">
  >(
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
