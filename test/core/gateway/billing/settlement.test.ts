import * as fc from "fast-check";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Observation } from "../../../../src/core/gateway/billing/model.ts";
import type { HoldQuote, LedgerWriter } from "../../../../src/core/gateway/billing/operations.ts";
import { charge } from "../../../../src/core/gateway/billing/settlement.ts";
import { verifyLedger } from "../../../../src/core/gateway/billing/verify.ts";
import { createLedgerWriter } from "../../../../src/core/gateway/billing/writer.ts";
import { renewGatewayLease } from "../../../../src/store/postgres/gateways/leases.ts";
import {
  accountOf,
  credit,
  holdOf,
  makePayer,
  noteOf,
  NODE,
  quoteFor,
  receiptFor,
  releaseHold,
  settleOf,
} from "../../../support/ledger/fixtures.ts";
import { testLedger } from "../../../support/ledger/ledger.ts";

const ledger = await testLedger();
const { db, writer } = ledger;
const payer = await makePayer(db, writer, { credit_wei: 1_000_000n });
afterAll(() => ledger.close());

async function held(change: Partial<HoldQuote> = {}): Promise<HoldQuote> {
  const quote = quoteFor(payer, change);
  expect(await writer.apply(holdOf(quote))).toMatchObject({ ok: true });
  return quote;
}

describe("charge", () => {
  const wei = fc.bigInt(0n, 10n ** 20n);
  const tokens = fc.nat(100_000);
  const hold = fc.record({
    prompt_price_wei: wei,
    completion_price_wei: wei,
    fee_bps: fc.integer({ min: 0, max: 10_000 }),
    prompt_bound: tokens,
    completion_bound: tokens,
    amount_wei: fc.bigInt(1n, 10n ** 26n),
    hidden_reasoning: fc.boolean(),
    mode: fc.constantFrom("plain" as const, "stream" as const, "private" as const),
  });
  const usage = fc.record({ prompt_tokens: tokens, completion_tokens: tokens });
  const seen = fc.record({ content_bytes: tokens, events: fc.nat(1_000), reason: fc.constant("complete" as const) });

  test("never above the hold, the claim, the bounds or what was seen, and fee and payout are the charge", () => {
    fc.assert(
      fc.property(hold, usage, seen, (frozen, claimed, observation) => {
        const charged = charge(frozen, claimed, observation);
        expect(charged.charged_wei <= frozen.amount_wei).toBe(true);
        expect(charged.fee_wei + charged.payout_wei).toBe(charged.charged_wei);
        expect(charged.fee_wei * 10_000n <= charged.charged_wei * BigInt(frozen.fee_bps)).toBe(true);
        expect((charged.fee_wei + 1n) * 10_000n > charged.charged_wei * BigInt(frozen.fee_bps)).toBe(true);
        expect(charged.prompt_tokens).toBe(Math.min(claimed.prompt_tokens, frozen.prompt_bound));
        const visible = frozen.hidden_reasoning ? Infinity : observation.content_bytes + observation.events;
        expect(charged.completion_tokens).toBe(Math.min(claimed.completion_tokens, frozen.completion_bound, visible));
        const price =
          BigInt(charged.prompt_tokens) * frozen.prompt_price_wei +
          BigInt(charged.completion_tokens) * frozen.completion_price_wei;
        expect(charged.charged_wei).toBe(price < frozen.amount_wei ? price : frozen.amount_wei);
      }),
    );
  });
});

describe("what settles", () => {
  test("the hold's fee is rounded down, and rows of nothing are not written", async () => {
    const quote = await held({ fee_bps: 1 });
    expect(await writer.apply(settleOf(receiptFor(quote)))).toMatchObject({
      charged_wei: 80n,
      fee_wei: 0n,
      payout_wei: 80n,
    });
    const { rows } = await db.pool.query("select kind, amount_wei from movements where hold_id = $1", [quote.hold_id]);
    expect(rows).toEqual([{ kind: "payout", amount_wei: "80" }]);
  });

  test("zero usage is a settlement of nothing, not a missing one", async () => {
    const quote = await held();
    const before = await accountOf(db, payer);
    expect(await writer.apply(settleOf(receiptFor(quote, { prompt_tokens: 0, completion_tokens: 0 })))).toMatchObject({
      ok: true,
      charged_wei: 0n,
      payout_wei: 0n,
    });
    expect(await accountOf(db, payer)).toMatchObject({
      debited_wei: before.debited_wei,
      reserved_wei: "0",
      open_holds: 0,
    });
    const { rows } = await db.pool.query("select state, charged_wei from holds where hold_id = $1", [quote.hold_id]);
    expect(rows).toEqual([{ state: "settled", charged_wei: "0" }]);
  });

  test("claims above the bounds and above what was seen are clamped, not refused", async () => {
    const receipt = receiptFor(await held(), { prompt_tokens: 5_000, completion_tokens: 5_000 });
    expect(await writer.apply(settleOf(receipt, { content_bytes: 30, events: 4, reason: "cut" }))).toMatchObject({
      prompt_tokens: 100,
      completion_tokens: 34,
      charged_wei: 302n,
    });
    const hidden = receiptFor(await held({ hidden_reasoning: true }), { completion_tokens: 90 });
    expect(await writer.apply(settleOf(hidden, { content_bytes: 3, events: 1, reason: "complete" }))).toMatchObject({
      completion_tokens: 90,
    });
  });

  test("customer, key and policy may be gone", async () => {
    const leaving = await makePayer(db, writer, { credit_wei: 1_000n });
    const quote = quoteFor(leaving);
    await writer.apply(holdOf(quote));
    await db.pool.query("update credentials set revoked_at = now() where credential_id = $1", [leaving.credential_id]);
    await db.pool.query("update customers set status = 'closed' where customer_id = $1", [leaving.customer_id]);
    expect(await writer.apply(settleOf(receiptFor(quote)))).toMatchObject({ ok: true, charged_wei: 80n });
  });

  test("the same receipt again answers the same and moves nothing", async () => {
    const quote = await held();
    const operation = settleOf(receiptFor(quote));
    const first = await writer.apply(operation);
    const account = await accountOf(db, payer);
    expect(await writer.apply(operation)).toEqual(first);
    expect(await writer.apply({ ...operation, operation_id: randomUUID(), observation: null })).toEqual(first);
    expect(await accountOf(db, payer)).toEqual(account);
  });
});

describe("what is recorded and never paid", () => {
  test.each([
    ["superseded", "another node", { node_id: "node_other000000000000000000000" }],
    ["superseded", "another epoch", { node_epoch: 2 }],
    ["superseded", "another fence", { fence: 2 }],
    ["price_mismatch", "another prompt price", { prompt_price_wei: 3n }],
    ["price_mismatch", "another completion price", { completion_price_wei: 4n }],
    ["price_mismatch", "another fee", { fee_bps: 1 }],
  ])("%s: %s", async (reason, _, change) => {
    const quote = await held();
    const operation = settleOf(receiptFor(quote, change));
    expect(await writer.apply(operation)).toEqual({ ok: false, recorded: true, reason, state: "held" });
    expect(await writer.apply(settleOf(receiptFor(quote))), "the right receipt still settles").toMatchObject({
      ok: true,
    });
    expect(await writer.apply(operation), "and the answer to the other stays").toEqual({
      ok: false,
      recorded: true,
      reason,
      state: "held",
    });
  });

  test("an unknown job, and a receipt after the hold was closed", async () => {
    expect(await writer.apply(settleOf(receiptFor(quoteFor(payer))))).toEqual({
      ok: false,
      recorded: true,
      reason: "job_unknown",
      state: "unknown",
    });
    const quote = await held();
    await writer.apply(settleOf(receiptFor(quote)));
    expect(await writer.apply(settleOf(receiptFor(quote)))).toEqual({
      ok: false,
      recorded: true,
      reason: "hold_closed",
      state: "settled",
    });
  });

  test("after a redispatch the earlier node's receipt is superseded and the new one's settles", async () => {
    const quote = await held();
    const next = {
      node_id: "node_next0000000000000000000000",
      node_epoch: 7,
      prompt_price_wei: 1n,
      completion_price_wei: 1n,
    };
    const move = {
      kind: "redispatch" as const,
      operation_id: randomUUID(),
      hold_id: quote.hold_id,
      fence: 2,
      serving: null,
      ...next,
    };
    expect(await writer.apply(move)).toEqual({ ok: true });
    expect(await writer.apply(move)).toEqual({ ok: true });
    expect(await writer.apply({ ...move, operation_id: randomUUID(), node_id: NODE }), "a fence is used once").toEqual({
      ok: false,
      state: "held",
    });
    expect(await writer.apply(settleOf(receiptFor(quote)))).toMatchObject({ reason: "superseded" });
    expect(await writer.apply(settleOf(receiptFor({ ...quote, ...next }, { fence: 2 })))).toMatchObject({
      ok: true,
      charged_wei: 30n,
    });
    expect(await writer.apply({ ...move, operation_id: randomUUID(), fence: 3 })).toEqual({
      ok: false,
      state: "settled",
    });
  });

  test("after a redispatch the clamp is that of the node that serves, by whichever gateway, and windows keep what was reserved", async () => {
    const mine = await makePayer(db, writer, { credit_wei: 1_000_000n, policy: { tokens_per_minute: 10_000 } });
    const other = createLedgerWriter(db);
    const used = async () => {
      const { rows } = await db.pool.query<{ used: string }>(
        `select coalesce(sum(value::numeric), 0)::text as used from limit_windows, jsonb_each_text(buckets)
          where scope_id = $1 and kind = 'tokens'`,
        [mine.customer_id],
      );
      return Number(rows[0]!.used);
    };
    const big = { prompt_bound: 300, completion_bound: 90, hidden_reasoning: true };
    const small = { prompt_bound: 20, completion_bound: 10, hidden_reasoning: false };
    const bounds = { prompt_price_wei: 2n, completion_price_wei: 3n, reserved_tokens: 390, amount_wei: 870n };
    let before = 0;
    for (const [from, to] of [
      [big, small],
      [small, big],
    ] as const) {
      for (const by of [writer, other]) {
        const quote = quoteFor(mine, { ...bounds, ...from, mode: "stream" });
        expect(await writer.apply(holdOf(quote))).toMatchObject({ ok: true });
        expect(await used()).toBe(before + 390);
        const serving = { model_profile_id: "profile-next", route_tier: "next", ...to };
        const prices = { prompt_price_wei: 2n, completion_price_wei: 3n };
        const next = { node_id: "node_next", node_epoch: 7, fence: 2 };
        const { hold_id } = quote;
        const moved = { kind: "redispatch", operation_id: randomUUID(), hold_id, ...next, ...prices, serving } as const;
        expect(await writer.apply(moved)).toEqual({ ok: true });
        expect(await used()).toBe(before + 390);
        const liar = { prompt_tokens: 1_000_000, completion_tokens: 1_000_000, fence: 2 };
        const seen: Observation = { content_bytes: 3, events: 2, reason: "complete" };
        const settled = await by.apply(settleOf(receiptFor({ ...quote, ...next }, liar), seen));
        const completion_tokens = to.hidden_reasoning ? 90 : 5;
        expect(settled).toMatchObject({
          ok: true,
          prompt_tokens: to.prompt_bound,
          completion_tokens,
          charged_wei: BigInt(2 * to.prompt_bound + 3 * completion_tokens),
        });
        expect(await used()).toBe((before += to.prompt_bound + completion_tokens));
        const { rows } = await db.pool.query("select model_profile_id, route_tier from holds where hold_id = $1", [
          hold_id,
        ]);
        expect(rows).toEqual([{ model_profile_id: "profile-next", route_tier: "next" }]);
      }
    }
    await other.close();
  });

  test("a hold of an earlier release has reserved the sum of its bounds", async () => {
    const mine = await makePayer(db, writer, { credit_wei: 1_000_000n, policy: { tokens_per_minute: 10_000 } });
    const quote = quoteFor(mine, {});
    await writer.apply(holdOf(quote));
    await db.pool.query("update holds set reserved_tokens = null where hold_id = $1", [quote.hold_id]);
    const other = createLedgerWriter(db);
    expect((await verifyLedger(db)).violations).toEqual([]);
    expect(await other.apply(settleOf(receiptFor(quote)))).toMatchObject({ ok: true });
    expect((await verifyLedger(db)).violations).toEqual([]);
    await other.close();
  });

  test("one number for two receipts: both are kept, the first stays settled, the second is paid to nobody", async () => {
    const [quote, other] = [await held(), await held()];
    const first = receiptFor(quote);
    const second = receiptFor(other, { node_seq: first.node_seq });
    expect(await writer.apply(settleOf(first))).toMatchObject({ ok: true });
    const verdict = { ok: false, recorded: false, reason: "sequence_reused" };
    expect(await Promise.all([writer.apply(settleOf(second)), writer.apply(settleOf(second))])).toEqual([
      verdict,
      verdict,
    ]);
    const { rows } = await db.pool.query(
      "select encode(receipt_hash, 'hex') as second, encode(first_receipt_hash, 'hex') as first from equivocations",
    );
    expect(rows).toEqual([{ second: second.receipt_hash, first: first.receipt_hash }]);
    await writer.apply(releaseHold(other.hold_id));
  });
});

describe("a receipt that comes by the node's outbox", () => {
  const seen: Observation = { content_bytes: 5, events: 2, reason: "node_failed" };

  test("does not settle a plain answer, which only its gateway delivers", async () => {
    const quote = await held({ mode: "plain" });
    const receipt = receiptFor(quote);
    expect(await writer.apply(settleOf(receipt, null))).toEqual({
      ok: false,
      recorded: false,
      reason: "answer_open",
      state: "held",
    });
    await writer.apply(releaseHold(quote.hold_id));
    expect(await writer.apply(settleOf(receipt, null))).toMatchObject({ recorded: true, reason: "hold_closed" });
  });

  test("waits for the gateway of a stream while that lives, and is clamped by what it wrote", async () => {
    await renewGatewayLease(db, "gateway-alive", 4);
    const quote = await held({ mode: "stream", gateway_id: "gateway-alive", gateway_epoch: 4 });
    const receipt = receiptFor(quote, { completion_tokens: 80 });
    expect(await writer.apply(settleOf(receipt, null))).toMatchObject({ reason: "answer_open" });
    expect(
      await writer.apply({ kind: "observe", operation_id: randomUUID(), hold_id: quote.hold_id, observation: seen }),
    ).toEqual({ ok: true });
    expect(await writer.apply(settleOf(receipt, null))).toMatchObject({
      ok: true,
      completion_tokens: 7,
      unobserved: false,
    });
  });

  test("settles a stream of a gateway that is gone for what that had noted, the most of its notes", async () => {
    const quote = await held({ mode: "stream", gateway_id: "gateway-gone" });
    for (const events of [3, 7, 5])
      expect(await writer.apply(noteOf(quote, { content_bytes: 4 * events, events }))).toEqual({ ok: true });
    expect(await writer.apply(settleOf(receiptFor(quote, { completion_tokens: 80 }), null))).toMatchObject({
      ok: true,
      prompt_tokens: 10,
      completion_tokens: 35,
      unobserved: false,
    });
    const { rows } = await db.pool.query("select observed, noted from holds where hold_id = $1", [quote.hold_id]);
    expect(rows).toEqual([
      {
        observed: { content_bytes: 28, events: 7, reason: "gateway_gone" },
        noted: { content_bytes: 28, events: 7 },
      },
    ]);
  });

  test("does not settle a stream of a gateway that is gone and had noted nothing: it is free", async () => {
    const quote = await held({ mode: "stream", gateway_id: "gateway-gone" });
    const receipt = receiptFor(quote, { completion_tokens: 80 });
    const verdict = { ok: false, recorded: true, reason: "hold_closed", state: "released" };
    expect(await writer.apply(settleOf(receipt, null))).toEqual(verdict);
    expect(await writer.apply(settleOf(receipt, null)), "submitted again").toEqual(verdict);
    expect(await writer.apply(noteOf(quote, { content_bytes: 1, events: 1 }))).toEqual({
      ok: false,
      state: "released",
    });
  });

  test("waits for the end of a stream that runs, whatever was noted of it", async () => {
    await renewGatewayLease(db, "gateway-alive", 4);
    const quote = await held({ mode: "stream", gateway_id: "gateway-alive", gateway_epoch: 4 });
    await writer.apply(noteOf(quote, { content_bytes: 4, events: 1 }));
    const receipt = receiptFor(quote);
    expect(await writer.apply(settleOf(receipt, null))).toMatchObject({ reason: "answer_open" });
    expect(await writer.apply(settleOf(receipt, seen))).toMatchObject({ ok: true, completion_tokens: 7 });
  });

  test("a note that meets the end of its stream in one batch changes nothing", async () => {
    const quotes = await Promise.all(Array.from({ length: 3 }, () => held({ mode: "stream" })));
    const [settled, released, moved] = quotes as [HoldQuote, HoldQuote, HoldQuote];
    const note = (quote: HoldQuote) => writer.apply(noteOf(quote, { content_bytes: 1, events: 1 }));
    const verdicts = await Promise.all([
      note(settled),
      writer.apply(settleOf(receiptFor(settled))),
      note(released),
      writer.apply(releaseHold(released.hold_id)),
      note(moved),
      writer.apply({ kind: "observe", operation_id: randomUUID(), hold_id: moved.hold_id, observation: seen }),
    ]);
    expect(verdicts.map(({ ok }) => ok)).toEqual([false, true, false, true, true, true]);
    expect(await writer.apply(settleOf(receiptFor(moved, { completion_tokens: 80 }), null))).toMatchObject({
      completion_tokens: 7,
    });
  });
});

describe("credits and refunds", () => {
  test("a reference is credited once, whoever asks again", async () => {
    const other = await makePayer(db, writer);
    expect(await credit(writer, other, 5n, "invoice-1")).toEqual({
      ok: true,
      entry_id: "1",
      balance_wei: 5n,
      repeated: false,
    });
    await credit(writer, other, 7n, "invoice-2");
    expect(await credit(writer, other, 5n, "invoice-1")).toEqual({
      ok: true,
      entry_id: "1",
      balance_wei: 5n,
      repeated: true,
    });
    expect(await credit(writer, other, 6n, "invoice-1")).toMatchObject({ ok: false, code: "conflict" });
    expect(await credit(writer, payer, 5n, "invoice-1")).toMatchObject({ ok: false, code: "conflict" });
    expect(await accountOf(db, other)).toMatchObject({ credited_wei: "12", entries: 2 });
  });

  test("refunds of a job are at most its charge", async () => {
    const quote = await held();
    const refund = (refund_id: string, amount_wei: bigint, change = {}) =>
      writer.apply({
        kind: "refund",
        operation_id: randomUUID(),
        refund_id,
        customer_id: payer.customer_id,
        hold_id: quote.hold_id,
        amount_wei,
        reason: "wrong answer",
        ...change,
      });
    expect(await refund("early-01", 1n)).toMatchObject({ ok: false, code: "conflict" });
    await writer.apply(settleOf(receiptFor(quote)));
    const first = await refund("refund-01", 50n);
    expect(first).toMatchObject({ ok: true, repeated: false });
    expect(await refund("refund-01", 50n)).toEqual({ ...first, repeated: true });
    expect(await refund("refund-01", 51n)).toMatchObject({ ok: false, code: "conflict" });
    expect(await refund("refund-02", 31n)).toMatchObject({
      ok: false,
      code: "conflict",
      detail: { refundable_wei: "30" },
    });
    expect(await refund("refund-03", 30n)).toMatchObject({ ok: true });
    expect(await refund("refund-04", 1n, { customer_id: (await makePayer(db, writer)).customer_id })).toMatchObject({
      ok: false,
      code: "not_found",
    });
  });
});

test("what two writers wait for is read behind the lock, so that the second sees what the first did", async () => {
  const [first, second] = [createLedgerWriter(db), createLedgerWriter(db)];
  const { hold_id } = await held();
  const waiting = async () => {
    const { rowCount } = await db.pool.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return rowCount;
  };
  const holder = await db.pool.connect();
  await holder.query("begin");
  await holder.query("select from accounts for update");
  const released = first.apply(releaseHold(hold_id));
  await vi.waitFor(async () => expect(await waiting()).toBe(1), { interval: 5 });
  const late = second.apply(releaseHold(hold_id));
  await vi.waitFor(async () => expect(await waiting()).toBe(2), { interval: 5 });
  await holder.query("commit");
  holder.release();
  expect(await released).toEqual({ ok: true });
  expect(await late).toEqual({ ok: false, state: "released" });
  expect(second.stats().failures.conflict, "the lock, not a retry").toBe(0);
  await Promise.all([first.close(), second.close()]);
});

describe("a hold that this process remembers as it took it", () => {
  let other: ReturnType<typeof createLedgerWriter>;
  beforeAll(() => (other = createLedgerWriter(db)));
  afterAll(() => other.close());

  const conflicts = () => writer.stats().failures.conflict;
  const NEXT = { node_id: "node_next", node_epoch: 1, fence: 2 };
  const move = async (by: LedgerWriter, { hold_id, prompt_price_wei, completion_price_wei }: HoldQuote) => {
    const prices = { prompt_price_wei, completion_price_wei };
    const moved = await by.apply({
      kind: "redispatch",
      operation_id: randomUUID(),
      hold_id,
      serving: null,
      ...NEXT,
      ...prices,
    });
    expect(moved).toEqual({ ok: true });
  };
  const settleByNext = (quote: HoldQuote) =>
    writer.apply(settleOf(receiptFor({ ...quote, ...NEXT }, { fence: NEXT.fence })));

  test("and another one closed is not settled, and the rest of its batch is", async () => {
    const before = conflicts();
    const quotes = [await held(), await held(), await held()];
    expect(await other.apply(releaseHold(quotes[1]!.hold_id))).toEqual({ ok: true });
    const verdicts = await Promise.all(quotes.map((quote) => writer.apply(settleOf(receiptFor(quote)))));
    expect(verdicts).toMatchObject([
      { ok: true, charged_wei: 80n },
      { ok: false, recorded: true, reason: "hold_closed", state: "released" },
      { ok: true, charged_wei: 80n },
    ]);
    expect(conflicts() - before).toBe(1);
  });

  test("and another one moved to the next node is not settled on the first one's receipt", async () => {
    const before = conflicts();
    const quote = await held();
    await move(other, quote);
    expect(await writer.apply(settleOf(receiptFor(quote)))).toMatchObject({ recorded: true, reason: "superseded" });
    expect(await settleByNext(quote)).toMatchObject({ ok: true });
    expect(conflicts() - before).toBe(1);
  });

  test("and another one moved to the next node is settled on that one's receipt", async () => {
    const quote = await held();
    await move(other, quote);
    expect(await settleByNext(quote)).toMatchObject({ ok: true });
  });

  test.each([0, 1])(
    "and settled itself, or another one did, answers a repeat as the first time (%i)",
    async (first) => {
      const operation = settleOf(receiptFor(await held()));
      const settled = await [writer, other][first]!.apply(operation);
      expect(settled).toMatchObject({ ok: true, charged_wei: 80n });
      expect(await writer.apply(operation)).toEqual(settled);
      expect(await Promise.all([writer.apply(operation), other.apply(operation)])).toEqual([settled, settled]);
    },
  );

  test("and moved itself is settled on the receipt of its node", async () => {
    const quote = await held();
    await move(writer, quote);
    expect(await writer.apply(settleOf(receiptFor(quote)))).toMatchObject({ recorded: true, reason: "superseded" });
    expect(await settleByNext(quote)).toMatchObject({ ok: true });
  });
});

test("what was written cannot be changed", async () => {
  for (const table of [
    "entries",
    "transfers",
    "receipts",
    "refunds",
    "equivocations",
    "customer_policies",
    "credential_policies",
  ]) {
    await expect(db.pool.query(`delete from ${table}`), table).rejects.toThrow(/append-only/);
    await expect(db.pool.query(`truncate ${table}`), table).rejects.toThrow(/append-only/);
  }
  await expect(db.pool.query("update entries set amount_wei = 1")).rejects.toThrow(/append-only/);
});
