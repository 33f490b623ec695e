import type { Mutant } from "./run.ts";

const LOG = "src/core/gateway/receipts/log";
const PAYOUTS = "src/core/gateway/payouts";

/** Known ways to get the log and payouts wrong, and the test that must notice. */
export const LOG_MUTANTS: Mutant[] = [
  {
    name: "a leader whose epoch is past still writes",
    file: "src/store/postgres/log/append.ts",
    find: "where epoch = $1 and size = $2",
    replace: "where $1::bigint is not null and size = $2",
    test: "test/core/gateway/receipts/log/log.test.ts",
    named: "a leader whose session is lost",
  },
  {
    name: "receipts are taken by a cursor",
    file: "src/store/postgres/log/pending.ts",
    find: "from log_pending order by pending_id limit $1) o",
    replace:
      "from log_pending where pending_id >= coalesce((select max(leaf_index) + 2 from log_leaves), 0) order by pending_id limit $1) o",
    test: "test/core/gateway/receipts/log/log.test.ts",
    named: "a receipt whose transaction commits late is not skipped",
  },
  {
    name: "a restored database goes on at once",
    file: `${LOG}/guard.ts`,
    find: "if (checkpoint.size > tree.size) throw",
    replace: "if (checkpoint.size > tree.size) return; if (checkpoint.size < 0) throw",
    test: "test/core/gateway/receipts/log/restore.test.ts",
    named: "a restored database signs nothing",
  },
  {
    name: "a checkpoint is shown before it is beside the key",
    file: `${LOG}/sequencer.ts`,
    find: '  await guard.remember(signed);\n  onStep?.("remembered");\n',
    replace: '  onStep?.("remembered");\n',
    test: "test/core/gateway/receipts/log/restore.test.ts",
    named: "a restored database signs nothing",
  },
  {
    name: "something is signed before the witnesses are asked",
    file: `${LOG}/sequencer.ts`,
    find: "await askWitnesses(sequencer, published && origin === key.name ? published.note : emptyTree(sequencer), tree.size);",
    replace: "",
    test: "test/core/gateway/receipts/log/witness.test.ts",
    named: "a database behind its witness signs nothing",
  },
  {
    name: "a tile wider than the published tree is served",
    file: "src/core/gateway/receipts/log/receipt_log.ts",
    find: "if (tileWidth(level, index, size) < width)",
    replace: "if (tileWidth(level, index, size) < 0)",
    test: "test/core/gateway/receipts/log/log.test.ts",
    named: "the tiles, served and on disk",
  },
  {
    name: "a set-off goes below zero",
    file: `${PAYOUTS}/lines.ts`,
    find: "const taken_wei = debt_wei < due_wei ? debt_wei : due_wei;",
    replace: "const taken_wei = debt_wei;",
    test: "test/core/gateway/payouts/payouts.test.ts",
    named: "refunds and reviews stay back",
  },
  {
    name: "a refund is not held back",
    file: `${PAYOUTS}/lines.ts`,
    find: "const withheld_wei = row.unobserved || row.suspended ? row.payout_wei : refundedShare(row);",
    replace: "const withheld_wei = row.unobserved || row.suspended ? row.payout_wei : 0n;",
    test: "test/core/gateway/payouts/payouts.test.ts",
    named: "refunds and reviews stay back",
  },
  {
    name: "a submitted batch can be taken back",
    file: "src/store/postgres/payouts/batches.ts",
    find: "set status = 'reset', reset_at = clock_timestamp(), reset_reason = $2\n       where batch_id = $1 and status = 'created'",
    replace:
      "set status = 'reset', reset_at = clock_timestamp(), reset_reason = $2, submitted_at = null\n       where batch_id = $1",
    test: "test/core/gateway/payouts/payouts.test.ts",
    named: "created, submitted, finalized",
  },
  {
    name: "what has not matured is paid",
    file: "src/store/postgres/payouts/due.ts",
    find: "$1::timestamptz - $2 * interval '1 millisecond'",
    replace: "$1::timestamptz - 0 * $2 * interval '1 millisecond'",
    test: "test/core/gateway/payouts/payouts.test.ts",
    named: "what has not matured",
  },
];
