import { afterAll, expect, test } from "vitest";
import { pruneIdempotency } from "../../../../src/store/postgres/ledger/idempotency.ts";
import {
  accountOf,
  holdOf,
  makePayer,
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

const payer = (credit_wei = 10_000n) => makePayer(db, writer, { credit_wei });
const ask = (who: Payer, key: string, body = "body", change = {}) => {
  const operation = holdOf(quoteFor(who, change), { key, body });
  return { quote: operation.quote, verdict: writer.apply(operation) };
};

test("of five at once one runs; the others hear that it is in flight, then what it cost", async () => {
  const who = await payer();
  const five = Array.from({ length: 5 }, () => ask(who, "order-1"));
  const verdicts = await Promise.all(five.map((sent) => sent.verdict));
  const [winner] = five.filter((_, index) => verdicts[index]!.ok);
  expect(verdicts.filter((verdict) => verdict.ok)).toHaveLength(1);
  expect(
    verdicts.filter(
      (verdict) => !verdict.ok && verdict.code === "idempotency_in_flight" && verdict.retry_after_ms! > 0,
    ),
  ).toHaveLength(4);
  const receipt = receiptFor(winner!.quote);
  await writer.apply(settleOf(receipt));
  const repeat = await ask(who, "order-1").verdict;
  expect(repeat).toMatchObject({
    ok: false,
    code: "idempotency_completed",
    detail: {
      receipt_hash: receipt.receipt_hash,
      charged_wei: "80",
      prompt_tokens: 10,
      completion_tokens: 20,
      job_id: winner!.quote.job_id,
    },
  });
  expect(repeat).not.toHaveProperty("retry_after_ms");
  expect(await accountOf(db, who)).toMatchObject({ debited_wei: "80", open_holds: 0 });
});

test("another body under the same key is refused whatever became of the first", async () => {
  const who = await payer();
  const first = ask(who, "order-2", "one");
  await first.verdict;
  expect(await ask(who, "order-2", "two").verdict).toMatchObject({ code: "idempotency_key_reused" });
  await writer.apply(releaseHold(first.quote.hold_id));
  expect(await ask(who, "order-2", "two").verdict).toMatchObject({ code: "idempotency_key_reused" });
  expect(await ask(await payer(), "order-2", "two").verdict, "another customer's key is another key").toMatchObject({
    ok: true,
  });
});

test("an attempt that cost nothing may run again, under the same reference too", async () => {
  const who = await payer();
  const first = ask(who, "order-3", "body", { client_job_id: "mine" });
  await first.verdict;
  await writer.apply(releaseHold(first.quote.hold_id));
  const second = ask(who, "order-3", "body", { client_job_id: "mine" });
  expect(await second.verdict).toMatchObject({ ok: true });
  await writer.apply(settleOf(receiptFor(second.quote)));
  expect(await ask(who, "order-3").verdict).toMatchObject({ code: "idempotency_completed" });
});

test("a refused admission leaves no key behind", async () => {
  const who = await payer(100n);
  expect(await ask(who, "order-4").verdict).toMatchObject({ code: "insufficient_balance" });
  expect(await ask(who, "order-4", "smaller body", { completion_bound: 0, prompt_bound: 1 }).verdict).toMatchObject({
    ok: true,
  });
});

test("a key is forgotten after its day, but never while its hold is open", async () => {
  const who = await payer();
  const [open, settled] = [ask(who, "open"), ask(who, "settled")];
  await Promise.all([open.verdict, settled.verdict]);
  await writer.apply(settleOf(receiptFor(settled.quote)));
  await db.pool.query("update idempotency set expires_at = now() - interval '1 second' where hold_id = any($1)", [
    [open.quote.hold_id, settled.quote.hold_id],
  ]);
  expect(await ask(who, "open").verdict).toMatchObject({ code: "idempotency_in_flight" });
  expect(await pruneIdempotency(db, 100)).toBe(1);
  expect(await ask(who, "open").verdict).toMatchObject({ code: "idempotency_in_flight" });
  expect(await ask(who, "settled").verdict).toMatchObject({ ok: true });
});
