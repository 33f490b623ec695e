import { afterEach, beforeEach, expect, test } from "vitest";
import { verifyProof } from "../../../../../src/core/protocol/log/tlog_proof.ts";
import { pruneCheckpoints } from "../../../../../src/store/postgres/log/checkpoints.ts";
import { testDatabase } from "../../../../support/database.ts";
import type { TestDatabase } from "../../../../support/database.ts";
import { eventually } from "../../../../support/system.ts";
import { addReceipts, leafOf, opened, testLog } from "../../../../support/log.ts";

let db: TestDatabase;
beforeEach(async () => {
  db = await testDatabase();
});
afterEach(() => db.drop());

const sizes = async () =>
  (await db.pool.query<{ tree_size: number }>("select tree_size from log_checkpoints order by 1")).rows.map(
    ({ tree_size }) => tree_size,
  );

/** A checkpoint after each of `count` receipts, published at the given times, the newest last. */
async function history(times: readonly string[]) {
  const log = testLog(db);
  const rows = [];
  for (let at = 0; at < times.length; at++) {
    rows.push(...(await addReceipts(db, 1)));
    await log.round();
    await db.pool.query("update log_checkpoints set published_at = $2 where tree_size = $1", [at + 1, times[at]]);
  }
  return { log, rows };
}

test("of old checkpoints the last of each day stays, and what a payout is pinned to; the newest always", async () => {
  const now = new Date().toISOString();
  const { log, rows } = await history([
    "2026-03-01T10:00:00Z",
    "2026-03-01T23:59:59Z", // a day in March: 2 stays
    "2026-03-02T00:00:00Z",
    "2026-03-02T01:00:00Z",
    "2026-03-02T02:00:00Z", // 3 is pinned, 5 stays
    now,
    now,
  ]);
  await db.pool.query(
    `insert into payout_batches (batch_id, period_end, tree_size, payout_count, total_amount_wei, withheld_wei,
       set_off_wei, merkle_root, commitment, commitment_signature, created_by)
     values ('pay_' || repeat('a', 26), now(), 3, 1, 1, 0, 0, sha256(''), '{}', decode(repeat('00', 64), 'hex'), 'ops')`,
  );
  expect(await pruneCheckpoints(db, 1)).toBe(1);
  expect(await pruneCheckpoints(db)).toBe(1);
  expect(await pruneCheckpoints(db)).toBe(0);
  expect(await sizes()).toEqual([2, 3, 5, 6, 7]);

  // Proofs go on, and so does the next leader's guard.
  await log.stop();
  const next = testLog(db);
  rows.push(...(await addReceipts(db, 1)));
  await next.round();
  expect(next.role()).toBe("leading");
  expect(opened(await next.checkpoint(), next.key).size).toBe(8);
  for (const row of rows)
    expect(verifyProof(await next.receiptProof(row.receipt_hash), leafOf(row), next.key)).toMatchObject({ ok: true });
  await next.stop();
});

test("the newest stays however old it is", async () => {
  const { log } = await history(["2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z"]);
  await pruneCheckpoints(db);
  expect(await sizes()).toEqual([2]);
  await log.stop();
});

test("the leader prunes by itself; a gateway that follows does not", async () => {
  const { log } = await history(["2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z"]);
  const follower = testLog(db, { prune_every_ms: 0 });
  follower.start();
  await eventually(() => follower.role() === "following");
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await sizes()).toEqual([1, 2]);
  await log.stop();
  await eventually(async () => (await sizes()).length === 1);
  await follower.stop();
});
