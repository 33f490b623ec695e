/** Payouts that no gateway saw settled: listed, let go or refused, by an admin, once; through the running gateway. */
import { afterAll, expect, test } from "vitest";
import type { LedgerWriter } from "../../../../src/core/gateway/billing/operations.ts";
import { verifyLedger } from "../../../../src/core/gateway/billing/verify.ts";
import type { Payer } from "../../../support/ledger/fixtures.ts";
import { testDatabase } from "../../../support/database.ts";
import { eventually, startSystem } from "../../../support/system.ts";
import { NODE_A, NODE_B, ledger, refund, settledJob, unobservedJob } from "../../../support/payouts.ts";

const db = await testDatabase();
const system = await startSystem({
  database_url: db.url,
  gateway_env: { B3IQ_PAYOUT_MATURITY_MS: "0", B3IQ_LOG_INTERVAL_MS: "100" },
});
const { writer, payer }: { writer: LedgerWriter; payer: Payer } = await ledger(db);
afterAll(async () => {
  expect((await verifyLedger(db)).violations).toEqual([]);
  expect(await system.violations()).toEqual([]);
  await system.stop();
  await writer.close();
  await db.drop();
});

const admin = (method: string, path: string, body?: object) =>
  system.admin.ask(method, `/v1/admin/${path}`, body === undefined ? {} : { body });
const review = (receipt_hash: string, verb: "release" | "refuse", reason: string) =>
  admin("POST", `withheld-payouts/${receipt_hash}/${verb}`, { reason });
const unseen = (node_id: string) => unobservedJob(db, writer, payer, node_id);

test("a withheld payout is let go or refused, once, with a reason that the audit log keeps", async () => {
  const seen = await settledJob(writer, payer, NODE_A);
  const good = await unseen(NODE_A);
  const bad = await unseen(NODE_A);
  const other = await unseen(NODE_B);
  const jobs = [seen, good, bad, other];
  await eventually(async () => (await admin("POST", "payout-batches/preview", {})).json.tree_size === jobs.length);
  const preview = async () => (await admin("POST", "payout-batches/preview", {})).json;
  expect(await preview()).toMatchObject({
    total_amount_wei: String(seen.payout_wei),
    withheld_wei: String(good.payout_wei + bad.payout_wei + other.payout_wei),
  });

  // Newest first, in pages, by state and by node.
  const first = (await admin("GET", "withheld-payouts?limit=2")).json;
  expect(first.data.map((row: { receipt_hash: string }) => row.receipt_hash)).toEqual(
    [other, bad].map(({ receipt_hash }) => receipt_hash),
  );
  const rest = (await admin("GET", `withheld-payouts?limit=2&cursor=${first.next_cursor}`)).json;
  expect(rest).toMatchObject({ next_cursor: null, data: [{ receipt_hash: good.receipt_hash, status: "open" }] });
  expect((await admin("GET", `withheld-payouts?node_id=${NODE_B}`)).json.data).toHaveLength(1);
  expect((await admin("GET", `withheld-payouts?cursor=${Buffer.from("x").toString("base64url")}`)).status).toBe(400);

  const released = await review(good.receipt_hash, "release", "Counted again.");
  expect(released).toMatchObject({
    status: 200,
    json: {
      receipt_hash: good.receipt_hash,
      node_id: NODE_A,
      status: "released",
      reason: "Counted again.",
      payout_wei: String(good.payout_wei),
      customer_debit_wei: String(good.charged_wei),
      refunded_wei: "0",
    },
  });
  const refused = await review(bad.receipt_hash, "refuse", "Far too many tokens.");
  expect(refused).toMatchObject({ status: 200, json: { status: "refused" } });
  // The same again is answered alike and is not a second decision; another one is a conflict.
  expect((await review(good.receipt_hash, "release", "Counted again.")).json).toEqual(released.json);
  expect((await review(bad.receipt_hash, "refuse", "Far too many tokens.")).json).toEqual(refused.json);
  expect(await review(good.receipt_hash, "refuse", "Counted again.")).toMatchObject({
    status: 409,
    json: { error: { code: "conflict" } },
  });
  expect((await review(bad.receipt_hash, "release", "Second thoughts.")).status).toBe(409);
  expect((await review(bad.receipt_hash, "refuse", "For another reason.")).status).toBe(409);
  for (const hash of [seen.receipt_hash, "0".repeat(64)])
    expect((await review(hash, "release", "Not withheld.")).status).toBe(404);
  expect((await admin("GET", "withheld-payouts?status=open")).json.data).toMatchObject([
    { receipt_hash: other.receipt_hash },
  ]);
  const audit = (await admin("GET", "audit-log")).json.data as { action: string; target: string; detail: unknown }[];
  const decided = audit.filter(({ action }) => /WithheldPayout$/.test(action));
  expect(decided.map(({ action, target }) => [action, target]).sort()).toEqual([
    ["refuseWithheldPayout", bad.receipt_hash],
    ["releaseWithheldPayout", good.receipt_hash],
  ]);

  expect(await preview()).toMatchObject({
    total_amount_wei: String(seen.payout_wei + good.payout_wei),
    withheld_wei: String(other.payout_wei),
  });
  const treasury = (await admin("GET", "billing/treasury-report")).json.totals;
  expect(treasury).toMatchObject({
    withheld_wei: String(bad.payout_wei + other.payout_wei),
    refused_wei: String(bad.payout_wei),
  });
  const batch = (await admin("POST", "payout-batches", {})).json;
  expect(batch.total_amount_wei).toBe(String(seen.payout_wei + good.payout_wei));
  // What was let go is paid as any other: a refund now is set off later.
  await refund(writer, payer, good.hold_id, good.charged_wei);
  expect((await admin("GET", "withheld-payouts?status=released")).json.data).toMatchObject([
    { refunded_wei: String(good.charged_wei) },
  ]);
  expect((await preview()).payout_count).toBe(0);
});

test("of many decisions at once about one payout, one stands", async () => {
  const job = await unseen(NODE_B);
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, at) =>
      review(job.receipt_hash, at % 2 === 0 ? "release" : "refuse", `As ${at % 4}.`),
    ),
  );
  const taken = answers.filter(({ status }) => status === 200).map(({ json }) => `${json.status} ${json.reason}`);
  expect(new Set(taken).size).toBe(1);
  expect(taken).toHaveLength(3); // each was sent three times
  expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
  expect(
    (
      await db.pool.query("select 1 from payout_reviews where receipt_hash = $1", [
        Buffer.from(job.receipt_hash, "hex"),
      ])
    ).rowCount,
  ).toBe(1);
});

test("a paid row that no review let go breaks an invariant", async () => {
  const job = await unseen(NODE_B);
  await db.pool.query(
    `insert into payout_items (batch_id, hold_id, node_id, receipt_hash, payout_wei, refunded_wei, withheld_wei)
     select (select batch_id from payout_batches limit 1), hold_id, node_id, receipt_hash, payout_wei, 0, 0
     from holds where hold_id = $1`,
    [job.hold_id],
  );
  expect((await verifyLedger(db)).violations.map(({ invariant }) => invariant)).toContain("P5");
  await db.pool.query("delete from payout_items where hold_id = $1", [job.hold_id]);
});
