import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { mintId } from "../../../../src/core/protocol/bytes/ids.ts";
import { emptyState, WAIT } from "../../../../src/core/gateway/billing/batch_state.ts";
import { decide } from "../../../../src/core/gateway/billing/decide.ts";
import { holdOf, quoteFor, receiptFor, releaseHold, settleOf } from "../../../support/ledger/fixtures.ts";
import { faultsOf, memoryLedger } from "../../../support/ledger/memory.ts";

const payer = { customer_id: mintId("cus"), credential_id: mintId("key") };

function ledgerWith(credit_wei: bigint) {
  const ledger = memoryLedger();
  ledger.addPayer(payer);
  ledger.apply([
    {
      kind: "credit",
      operation_id: randomUUID(),
      customer_id: payer.customer_id,
      amount_wei: credit_wei,
      reference: "first",
    },
  ]);
  return ledger;
}

test("money that comes back is there for the holds of the same batch, and the order given is the order answered", () => {
  const ledger = ledgerWith(1_000n);
  const [released, expired] = [quoteFor(payer), quoteFor(payer, { deadline_ms: 1, receipt_grace_ms: 0 })];
  ledger.apply([holdOf(released), holdOf(expired)]);
  ledger.state.now_ms += 10;
  const outcomes = ledger.apply([
    holdOf(quoteFor(payer)),
    holdOf(quoteFor(payer)),
    holdOf(quoteFor(payer)),
    { kind: "expire", operation_id: randomUUID(), hold_id: expired.hold_id },
    releaseHold(released.hold_id),
  ]);
  expect(outcomes).toMatchObject([
    { ok: true },
    { ok: true },
    { ok: false, code: "insufficient_balance" },
    { ok: true },
    { ok: true },
  ]);
  expect(faultsOf(ledger)).toEqual([]);
});

test("a large request that is refused does not refuse the smaller ones behind it", () => {
  const ledger = ledgerWith(600n);
  expect(
    ledger.apply([
      holdOf(quoteFor(payer, { amount_wei: 601n })),
      holdOf(quoteFor(payer, { amount_wei: 400n })),
      holdOf(quoteFor(payer, { amount_wei: 201n })),
      holdOf(quoteFor(payer, { amount_wei: 200n })),
    ]),
  ).toMatchObject([{ ok: false }, { ok: true }, { ok: false }, { ok: true }]);
});

test("time is the batch's, not the process's", () => {
  const ledger = memoryLedger(4_000_000_000_000);
  ledger.addPayer(payer, { requests_per_minute: 1 });
  ledger.apply([
    {
      kind: "credit",
      operation_id: randomUUID(),
      customer_id: payer.customer_id,
      amount_wei: 10_000n,
      reference: "first",
    },
  ]);
  const quote = quoteFor(payer);
  const expire = { kind: "expire" as const, operation_id: randomUUID(), hold_id: quote.hold_id };
  expect(ledger.apply([holdOf(quote)])).toMatchObject([{ ok: true, expires_at: new Date(4_000_001_200_000) }]);
  ledger.state.now_ms += 1_199_999;
  expect(ledger.apply([expire])).toEqual([{ ok: false, state: "held" }]);
  ledger.state.now_ms += 1;
  expect(ledger.apply([expire])).toEqual([{ ok: true }]);
  expect(ledger.apply([holdOf(quoteFor(payer))]), "the window has moved on").toMatchObject([{ ok: true }]);
});

test("a plain answer that is late by the batch's clock is released, and its receipt kept unpaid", () => {
  const ledger = ledgerWith(1_000n);
  const [in_time, late] = [quoteFor(payer), quoteFor(payer)];
  ledger.apply([holdOf(in_time), holdOf(late)]);
  const settle = (quote: typeof late) => ({ ...settleOf(receiptFor(quote)), deliver_within_ms: 5_000 });
  ledger.state.now_ms += 4_999;
  expect(ledger.apply([settle(in_time)])).toMatchObject([{ ok: true, charged_wei: 80n }]);
  ledger.state.now_ms += 1;
  const operation = settle(late);
  const verdict = { ok: false, recorded: true, reason: "hold_closed", state: "released" };
  expect(ledger.apply([operation, releaseHold(late.hold_id)])).toEqual([verdict, { ok: false, state: "released" }]);
  expect(ledger.apply([operation]), "sent again").toEqual([verdict]);
  expect(ledger.state.holds.get(late.hold_id)).toMatchObject({ close_reason: "not_delivered", charged_wei: null });
  expect(faultsOf(ledger)).toEqual([]);
});

test("a charge is undone once, whole, and its references are free again", () => {
  const ledger = ledgerWith(1_000n);
  const [charged, free, open] = [quoteFor(payer, { client_job_id: "mine" }), quoteFor(payer), quoteFor(payer)];
  const key = { key: "k", body: "b" };
  ledger.apply([holdOf(charged, key), holdOf(free)]);
  ledger.apply([settleOf(receiptFor(charged)), settleOf(receiptFor(free, { prompt_tokens: 0, completion_tokens: 0 }))]);
  ledger.apply([holdOf(open)]);
  const again = () => holdOf(quoteFor(payer, { client_job_id: "mine" }), key);
  expect(ledger.apply([again()])).toMatchObject([{ ok: false, code: "idempotency_completed" }]);
  const undo = (quote: typeof free) => ({ kind: "undo" as const, operation_id: randomUUID(), hold_id: quote.hold_id });
  expect(ledger.apply([undo(charged), undo(charged), undo(free), undo(open), again()])).toMatchObject([
    { ok: true },
    { ok: true },
    { ok: true },
    { ok: false, state: "held" },
    { ok: true },
  ]);
  expect(ledger.entries.filter(({ kind }) => kind === "refund").map(({ amount_wei }) => amount_wei)).toEqual([80n]);
  expect(faultsOf(ledger)).toEqual([]);
});

test("operations of an account that is not locked wait, those of one that does not exist are answered", () => {
  const ledger = ledgerWith(1_000n);
  const quote = quoteFor(payer);
  ledger.apply([holdOf(quote)]);
  ledger.state.accounts.clear();
  const stranger = { customer_id: mintId("cus"), credential_id: mintId("key") };
  expect(
    ledger.apply([
      holdOf(quoteFor(payer)),
      settleOf(receiptFor(quote)),
      releaseHold(quote.hold_id),
      holdOf(quoteFor(stranger)),
    ]),
  ).toMatchObject([WAIT, WAIT, WAIT, { ok: false, code: "unauthorized" }]);
});

test("amounts far beyond 2^53 are exact to the wei", () => {
  const ledger = ledgerWith(2n ** 200n);
  const price = 2n ** 100n + 1n;
  const quote = quoteFor(payer, { prompt_price_wei: price, completion_price_wei: price, fee_bps: 3 });
  ledger.apply([holdOf(quote)]);
  const charged_wei = 30n * price;
  const fee_wei = (charged_wei * 3n) / 10_000n;
  expect(ledger.apply([settleOf(receiptFor(quote))])).toMatchObject([
    { ok: true, charged_wei, fee_wei, payout_wei: charged_wei - fee_wei },
  ]);
  expect(faultsOf(ledger)).toEqual([]);
});

test("an empty batch writes nothing", () => {
  const { outcomes, writes } = decide(emptyState(0), []);
  expect(outcomes).toEqual([]);
  expect(Object.values(writes).every((rows) => ("size" in rows ? rows.size : rows.length) === 0)).toBe(true);
});
