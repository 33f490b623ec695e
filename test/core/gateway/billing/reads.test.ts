import { randomUUID } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { readAccount } from "../../../../src/core/gateway/billing/account.ts";
import { holdOfJob, readBillingJob } from "../../../../src/core/gateway/billing/job.ts";
import { treasuryReport } from "../../../../src/core/gateway/billing/treasury.ts";
import { readUsageNumbers } from "../../../../src/store/postgres/billing/usage.ts";
import { readUsage, usageCsv, usageNdjson } from "../../../../src/core/gateway/billing/usage.ts";
import type { UsageEntry } from "../../../../src/core/gateway/billing/usage.ts";
import { rollUpTransfers } from "../../../../src/store/postgres/ledger/roll_up.ts";
import {
  credit,
  holdOf,
  makePayer,
  NODE,
  quoteFor,
  receiptFor,
  releaseHold,
  settleOf,
} from "../../../support/ledger/fixtures.ts";
import type { Payer } from "../../../support/ledger/fixtures.ts";
import { testLedger } from "../../../support/ledger/ledger.ts";

const ledger = await testLedger();
const { db, writer } = ledger;
afterAll(() => ledger.close());

async function settled(payer: Payer, change = {}) {
  const quote = quoteFor(payer, change);
  await writer.apply(holdOf(quote));
  const receipt = receiptFor(quote);
  await writer.apply(settleOf(receipt));
  return { quote, receipt };
}

test("the account says balance, caps with what is used, rates and whether money runs low", async () => {
  const payer = await makePayer(db, writer, {
    credit_wei: 1_000n,
    policy: {
      spend_caps: [{ window_seconds: 3600, cap_wei: 700n }],
      low_balance_threshold_wei: 600n,
      max_concurrent_requests: 3,
    },
    key_policy: { requests_per_minute: 10, tokens_per_minute: 1_000 },
  });
  await settled(payer);
  expect(await readAccount(db, payer.customer_id, payer.credential_id)).toMatchObject({
    balance_wei: "920",
    reserved_wei: "0",
    low_balance: false,
  });
  await writer.apply(holdOf(quoteFor(payer)));
  const account = await readAccount(db, payer.customer_id, payer.credential_id);
  expect(account).toMatchObject({
    customer_id: payer.customer_id,
    status: "active",
    balance_wei: "920",
    reserved_wei: "500",
    available_wei: "420",
    low_balance: true,
    open_reservations: 1,
    policy_version: 1,
    spend_caps: [{ scope: "customer", window_seconds: 3600, cap_wei: "700", used_wei: "580", remaining_wei: "120" }],
    rate_limits: [
      { scope: "customer", kind: "concurrent_requests", window_seconds: null, limit: 3, remaining: 2, reset_ms: null },
      { scope: "key", kind: "requests", window_seconds: 60, limit: 10, remaining: 8 },
      { scope: "key", kind: "tokens", window_seconds: 60, limit: 1_000, remaining: 770 },
    ],
  });
  expect((await readAccount(db, payer.customer_id, null)).rate_limits).toHaveLength(1);
  await expect(readAccount(db, "cus_00000000000000000000000000", null)).rejects.toMatchObject({ code: "not_found" });
});

test("pages of the usage export neither repeat nor miss an entry while others are written", async () => {
  const payer = await makePayer(db, writer, { credit_wei: 10_000n });
  for (let count = 0; count < 4; count++) await settled(payer, { client_job_id: `=cmd|${count}` });
  const released = quoteFor(payer);
  await writer.apply(holdOf(released));
  await writer.apply(releaseHold(released.hold_id));
  const entries: UsageEntry[] = [];
  let cursor: string | undefined;
  let pages = 0;
  do {
    const page = await readUsage(db, payer.customer_id, { limit: 4, ...(cursor === undefined ? {} : { cursor }) });
    expect(page.totals, "the totals are of the whole window, on every page").toEqual([
      { kind: "credit", count: 1, amount_wei: "10000" },
      { kind: "debit", count: 4, amount_wei: "320" },
      { kind: "release", count: 1, amount_wei: "500" },
      { kind: "reserve", count: 5, amount_wei: "2500" },
    ]);
    entries.push(...page.entries);
    cursor = page.next_cursor ?? undefined;
    pages += 1;
    await settled(payer);
  } while (cursor !== undefined);
  expect(pages).toBe(3);
  expect(entries.map((entry) => entry.entry_id)).toEqual(Array.from({ length: 11 }, (_, index) => String(11 - index)));
  expect(entries.at(-3)).toMatchObject({
    kind: "debit",
    amount_wei: "80",
    balance_after_wei: "9920",
    reserved_after_wei: "0",
    prompt_tokens: 10,
    completion_tokens: 20,
  });
  expect(entries.at(-2)).toMatchObject({
    kind: "reserve",
    receipt_hash: null,
    completion_tokens: null,
    private_job_id: null,
  });
  const csv = usageCsv(entries).split("\r\n");
  expect(csv).toHaveLength(13);
  expect(csv[3], "no formula reaches a spreadsheet").toContain(",'=cmd|3,");
  expect(
    usageNdjson(entries)
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual(entries);
});

test("the numbers of a span are found by bisection, and lose no entry to a clock that stepped back", async () => {
  const payer = await makePayer(db, writer);
  for (let count = 0; count < 40; count++) await credit(writer, payer, 1n);
  const { rows } = await db.pool.query<{ account_id: number }>("select account_id from accounts where owner_id = $1", [
    payer.customer_id,
  ]);
  const { account_id } = rows[0]!;
  await db.pool.query("alter table entries disable trigger user");
  // One entry a day; the 20th was written by a clock that ran half an hour behind that of the 19th.
  await db.pool.query(
    `update entries set created_at = '2026-01-01T00:00:00Z'::timestamptz + case seq when 20 then interval '18 days'
       - interval '30 minutes' else (seq - 1) * interval '1 day' end where account_id = $1`,
    [account_id],
  );
  await db.pool.query("alter table entries enable trigger user");
  const day = (number: number) => new Date(Date.UTC(2026, 0, number));
  const between = (from: number, to: number) => readUsageNumbers(db, account_id, 40, day(from), day(to));
  expect(await between(-5, 100)).toEqual({ first_seq: 1, upper_seq: 40 });
  expect(await between(10, 12)).toEqual({ first_seq: 10, upper_seq: 12 });
  expect(await between(100, 101)).toEqual({ first_seq: 41, upper_seq: 40 });
  expect(await between(-5, -4)).toEqual({ first_seq: 1, upper_seq: 0 });
  const page = await readUsage(db, payer.customer_id, {
    from: new Date(day(18).getTime() + 23 * 3_600_000).toISOString(),
    to: day(19).toISOString(),
  });
  expect(page.entries.map(({ entry_id }) => entry_id)).toEqual(["20"]);
});

test("a span is half-open, and what contradicts itself is refused", async () => {
  const payer = await makePayer(db, writer, { credit_wei: 10_000n });
  const {
    entries: [only],
  } = await readUsage(db, payer.customer_id, {});
  const at = Date.parse(only!.created_at);
  const count = async (from: number, to: number) =>
    (await readUsage(db, payer.customer_id, { from: new Date(from).toISOString(), to: new Date(to).toISOString() }))
      .entries.length;
  expect([await count(at, at + 1), await count(at - 1, at), await count(at + 1, at + 2)]).toEqual([1, 0, 0]);
  for (const query of [
    { window_days: 1, from: "2026-01-01T00:00:00Z" },
    { from: "2026-01-02T00:00:00Z", to: "2026-01-01T00:00:00Z" },
    { cursor: "bm9uc2Vuc2U" },
  ]) {
    await expect(readUsage(db, payer.customer_id, query)).rejects.toMatchObject({ code: "invalid_request" });
  }
});

test("a job is found by its id or the customer's own reference, by nobody else", async () => {
  const [payer, other] = [await makePayer(db, writer, { credit_wei: 10_000n }), await makePayer(db, writer)];
  const { quote, receipt } = await settled(payer, { client_job_id: "order 9" });
  await writer.apply({
    kind: "refund",
    operation_id: randomUUID(),
    refund_id: randomUUID(),
    customer_id: payer.customer_id,
    hold_id: quote.hold_id,
    amount_wei: 30n,
    reason: "test",
  });
  const job = await readBillingJob(db, payer.customer_id, "order 9");
  expect(job).toEqual(await readBillingJob(db, payer.customer_id, quote.job_id));
  expect(job).toMatchObject({
    job_id: quote.job_id,
    node_id: NODE,
    status: "completed",
    billing_status: "settled",
    quoted_price_wei: "500",
    reserved_price_wei: "500",
    charged_wei: "80",
    fee_wei: "2",
    payout_price_wei: "78",
    refunded_wei: "30",
    receipt_hash: receipt.receipt_hash,
    prompt_tokens: 10,
    completion_tokens: 20,
    key_id: payer.credential_id,
  });
  await expect(readBillingJob(db, other.customer_id, quote.job_id)).rejects.toMatchObject({ code: "not_found" });
  expect(await holdOfJob(db, payer.customer_id, "order 9")).toBe(quote.hold_id);
  const open = quoteFor(payer);
  await writer.apply(holdOf(open));
  expect(await readBillingJob(db, payer.customer_id, open.job_id)).toMatchObject({
    node_id: null,
    status: "awaiting_receipt",
    billing_status: "reserved",
    charged_wei: null,
    completed_at: null,
  });
});

test("the treasury report follows the rows, and the roll-up adds each of them once", async () => {
  const before = (await treasuryReport(db, {})).totals;
  const payer = await makePayer(db, writer, { credit_wei: 10_000n });
  const { quote } = await settled(payer);
  const refunded = await settled(payer);
  await writer.apply({
    kind: "refund",
    operation_id: randomUUID(),
    refund_id: randomUUID(),
    customer_id: payer.customer_id,
    hold_id: refunded.quote.hold_id,
    amount_wei: 80n,
    reason: "test",
  });
  const report = await treasuryReport(db, { window_days: 1, limit: 2 });
  const grown = (name: keyof typeof before) => BigInt(report.totals[name]) - BigInt(before[name]);
  expect([
    grown("customer_debits_wei"),
    grown("node_payouts_wei"),
    grown("protocol_fees_wei"),
    grown("refunds_wei"),
    grown("withheld_wei"),
  ]).toEqual([160n, 156n, 4n, 80n, 78n]);
  expect(report.recent_protocol_fees).toMatchObject([
    { job_id: refunded.quote.job_id },
    { job_id: quote.job_id, amount_wei: "2", customer_debit_wei: "80", node_payout_wei: "78" },
  ]);
  expect(await rollUpTransfers(db)).toBeGreaterThan(0);
  expect(await rollUpTransfers(db)).toBe(0);
  await settled(payer);
  await Promise.all([rollUpTransfers(db), rollUpTransfers(db), credit(writer, payer, 1n)]);
  const { rows } = await db.pool.query(
    "select credited_wei from accounts where owner_kind = 'node' and owner_id = $1",
    [NODE],
  );
  const { rows: paid } = await db.pool.query(
    "select sum(amount_wei) as credited_wei from movements where kind = 'payout'",
  );
  expect(rows).toEqual(paid);
});
