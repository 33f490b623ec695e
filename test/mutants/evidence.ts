import type { Mutant } from "./run.ts";

const STORE = "src/store/postgres";

/** Known ways to get reviews, restores, outside checks and private jobs wrong, and the test that must notice. */
export const EVIDENCE_MUTANTS: Mutant[] = [
  {
    name: "evidence: a refused payout is paid all the same",
    file: `${STORE}/payouts_matured.ts`,
    find: "       and v.decision is distinct from 'refused'\n",
    replace: "",
    test: "test/core/gateway/payouts/reviews.test.ts",
    named: "a withheld payout is let go or refused",
  },
  {
    name: "evidence: a decision can be made again",
    file: "src/core/gateway/payouts/reviews.ts",
    find: "if (!decided && (row.status !== decision || row.reason !== reason))",
    replace: 'if (!decided && row.status === "open")',
    test: "test/core/gateway/payouts/reviews.test.ts",
    named: "of many decisions at once",
  },
  {
    name: "evidence: epochs that a restored database lacks are unknown",
    file: `${STORE}/nodes_read_epoch_key.ts`,
    find: "epoch >= $2 order by epoch limit 1",
    replace: "epoch = $2",
    test: "test/core/gateway/receipts/refetch.test.ts",
    named: "receipts that a restored database lacks",
  },
  {
    name: "evidence: a page with an open answer counts as read",
    file: "src/core/gateway/receipts/refetch.ts",
    find: "after_id: again ? at.after_id : last,\n        taken,\n        done: !again && !more,",
    replace: "after_id: last,\n        taken,\n        done: !more,",
    test: "test/core/gateway/receipts/refetch_over_http.test.ts",
    named: "receipts that do not verify are passed over",
  },
  {
    name: "evidence: two trees of one size pass the outside check",
    file: "src/core/log_check.ts",
    find: "if (!equalBytes(now.root, old.root)) throw",
    replace: "if (now.size < 0) throw",
    test: "test/core/gateway/receipts/log/outside.test.ts",
    named: "a log that tells another story",
  },
  {
    name: "evidence: the outside check takes the proof unread",
    file: "src/core/log_check.ts",
    find: "if (!verifyConsistency(old.size, now.size, old.root, now.root, proof))",
    replace: "if (proof.length < 0)",
    test: "test/core/gateway/receipts/log/outside.test.ts",
    named: "a log that tells another story",
  },
  {
    name: "evidence: a witness signs whatever it is shown",
    file: "src/core/witness.ts",
    find: "if (!verifyConsistency(old_size, size, old_root, root, proof))",
    replace: "if (proof.length > 63)",
    test: "test/core/gateway/receipts/log/witness.test.ts",
    named: "a log that equivocates",
  },
  {
    name: "evidence: checkpoints of payouts are forgotten",
    file: `${STORE}/log_checkpoints_prune.ts`,
    find: "         and not exists (select 1 from payout_batches b where b.tree_size = c.tree_size)\n",
    replace: "",
    test: "test/core/gateway/receipts/log/prune.test.ts",
    named: "of old checkpoints the last of each day stays",
  },
  {
    name: "evidence: a private job is counted by each that ends it",
    file: `${STORE}/private_jobs_close.ts`,
    find: " and p.closed_at is null\n",
    replace: "\n",
    test: "test/core/gateway/private_jobs/settlement.test.ts",
    named: "an admin who cancels",
  },
  {
    name: "evidence: any signature verifies in the thread pool",
    file: "src/core/protocol/bytes/ed25519.ts",
    find: "else resolve(holds);",
    replace: "else resolve(holds || true);",
    test: "test/core/protocol/bytes/ed25519.test.ts",
    named: "answers alike in the thread pool",
  },
];
