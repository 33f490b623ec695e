import type { PayoutItem, PayoutPlan } from "../../../store/postgres/payouts/create.ts";
import type { MaturedRow } from "../../../store/postgres/payouts/due.ts";

/**
 * The share of a payout that is withheld for refunds of its charge, rounded up: the node is not paid what the customer
 * got back.
 */
export function refundedShare({
  payout_wei,
  charged_wei,
  refunded_wei,
}: Pick<MaturedRow, "payout_wei" | "charged_wei" | "refunded_wei">): bigint {
  if (refunded_wei === 0n) return 0n;
  if (refunded_wei >= charged_wei) return payout_wei;
  return (payout_wei * refunded_wei + charged_wei - 1n) / charged_wei;
}

/**
 * Plans a batch (docs/design/money.md, Refunds): one line for each node, in the order of node ids.
 *
 * The refunded share of a hold is withheld from that hold. `debts_wei` has, by node, the refunded shares of holds that an
 * earlier batch paid; a debt is set off against the node's line, which does not go below zero, and the rest of the debt
 * stays for the next batch. A hold that is withheld as a whole is not in the batch.
 */
export function planPayouts(rows: readonly MaturedRow[], debts_wei: ReadonlyMap<string, bigint>): PayoutPlan {
  const plan: PayoutPlan = {
    lines: [],
    items: [],
    set_offs: [],
    total_amount_wei: 0n,
    withheld_wei: 0n,
    set_off_wei: 0n,
  };
  const nodes = new Map<string, { due_wei: bigint; items: PayoutItem[] }>();
  for (const row of rows) {
    const withheld_wei = row.unobserved || row.suspended ? row.payout_wei : refundedShare(row);
    plan.withheld_wei += withheld_wei;
    if (withheld_wei === row.payout_wei) continue;
    let node = nodes.get(row.node_id);
    if (!node) nodes.set(row.node_id, (node = { due_wei: 0n, items: [] }));
    node.due_wei += row.payout_wei - withheld_wei;
    const { hold_id, node_id, receipt_hash, payout_wei, refunded_wei } = row;
    node.items.push({ hold_id, node_id, receipt_hash, payout_wei, refunded_wei, withheld_wei });
  }
  for (const [node_id, { due_wei, items }] of [...nodes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const debt_wei = debts_wei.get(node_id) ?? 0n;
    const taken_wei = debt_wei < due_wei ? debt_wei : due_wei;
    const amount_wei = due_wei - taken_wei;
    plan.items.push(...items);
    if (taken_wei > 0n) plan.set_offs.push({ node_id, amount_wei: taken_wei });
    plan.set_off_wei += taken_wei;
    plan.total_amount_wei += amount_wei;
    if (amount_wei > 0n)
      plan.lines.push({
        index: plan.lines.length,
        node_id,
        amount_wei: String(amount_wei),
        receipt_count: items.length,
      });
  }
  return plan;
}
