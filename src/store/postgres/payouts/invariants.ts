/** Statements about log and payouts that hold at every commit. Each query finds the rows that break one, as `row`. */
export const LOG_AND_PAYOUT_INVARIANTS = [
  {
    name: "L1",
    sentence: "the leaves of the log are numbered without a gap up to its size",
    sql: `select 'size ' || s.size as row from log_state s, (select count(*) as count, coalesce(max(leaf_index) + 1,
      0) as next from log_leaves) l
      where s.size <> l.count or s.size <> l.next`,
  },
  {
    name: "L2",
    sentence: "every receipt has a leaf or waits for one",
    sql: `with waiting as materialized (select h.receipt_hash from log_pending p, log_hashes(p.receipt_hashes) h)
      select encode(r.receipt_hash, 'hex') as row from receipts r
      where not exists (select 1 from log_leaves l where l.receipt_hash = r.receipt_hash)
        and not exists (select 1 from waiting w where w.receipt_hash = r.receipt_hash)`,
  },
  {
    name: "L3",
    sentence: "no published checkpoint is larger than the tree, and the one of its size has its root",
    sql: `select 'checkpoint ' || c.tree_size as row from log_checkpoints c, log_state s where c.tree_size > s.size
      or (c.tree_size = s.size and c.root <> s.root)`,
  },
  {
    name: "P1",
    sentence: "a payout batch is the count and the sum of its lines",
    sql: `select b.batch_id as row from payout_batches b left join (select batch_id, count(*) as count,
      sum(amount_wei) as wei from payout_lines group by batch_id) l using (batch_id)
      where b.payout_count <> coalesce(l.count, 0) or b.total_amount_wei <> coalesce(l.wei, 0)`,
  },
  {
    name: "P2",
    sentence: "what a node's receipts earn in a batch is its line and what was set off",
    sql: `select batch_id || ' ' || node_id as row from (select batch_id, node_id,
      sum(payout_wei - withheld_wei) as wei from payout_items group by batch_id, node_id) i
      left join payout_set_offs s using (batch_id, node_id) left join payout_lines l using (batch_id, node_id)
      where i.wei <> coalesce(s.amount_wei, 0) + coalesce(l.amount_wei, 0)`,
  },
  {
    name: "P3",
    sentence: "an item of a batch is a settled hold with the same payout, and its receipt is in the tree of the batch",
    sql: `select i.hold_id::text as row from payout_items i join payout_batches b using (batch_id) left
      join holds h on h.hold_id = i.hold_id
      left join log_leaves l on l.receipt_hash = i.receipt_hash
      where h.state is distinct from 'settled' or h.payout_wei <> i.payout_wei or h.receipt_hash <> i.receipt_hash
        or b.status = 'reset'
        or l.leaf_index is null or l.leaf_index >= b.tree_size`,
  },
  {
    name: "P4",
    sentence: "a review belongs to a settlement that no gateway saw, and has its node, receipt and payout",
    sql: `select v.hold_id::text as row from payout_reviews v left join holds h on h.hold_id = v.hold_id
      where h.state is distinct from 'settled' or h.unobserved is distinct from true or h.node_id <> v.node_id
        or h.receipt_hash <> v.receipt_hash or h.payout_wei <> v.payout_wei`,
  },
  {
    name: "P5",
    sentence: "an item of a batch that no gateway saw was released by a review",
    sql: `select i.hold_id::text as row from payout_items i join holds h on h.hold_id = i.hold_id and h.unobserved
      left join payout_reviews v on v.hold_id = i.hold_id where v.decision is distinct from 'released'`,
  },
];
