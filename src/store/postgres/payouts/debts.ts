import type pg from "pg";

/**
 * What nodes owe, by node: the shares of refunds of rows that are in a batch, less what was held back when the batch
 * was built and what later batches set off. Rounded as `refundedShare` rounds.
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
