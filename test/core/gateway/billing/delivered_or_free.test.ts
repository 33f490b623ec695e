import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { createCommitter } from "../../../../src/core/gateway/billing/commit.ts";
import type { CommitBatch } from "../../../../src/core/gateway/billing/commit.ts";
import type { HoldQuote, LedgerOperation } from "../../../../src/core/gateway/billing/operations.ts";
import { createGroupCommit } from "../../../../src/core/gateway/billing/writer.ts";
import { accountOf, holdOf, makePayer, quoteFor, receiptFor, settleOf } from "../../../support/ledger/fixtures.ts";
import type { Payer } from "../../../support/ledger/fixtures.ts";
import { testLedger } from "../../../support/ledger/ledger.ts";

/** A plain answer is delivered or free: whoever stopped waiting for its settlement keeps no charge (R1). */

const ledger = await testLedger();
const { db, writer } = ledger;
let payer: Payer;
beforeEach(async () => {
  payer = await makePayer(db, writer, { credit_wei: 10_000n });
});
afterAll(() => ledger.close());

/** A writer on the real transaction, with what `around` does to each batch that has a settlement. */
function around(tamper: (go: () => ReturnType<CommitBatch>, attempt: number) => ReturnType<CommitBatch>) {
  const committer = createCommitter(db);
  let attempt = 0;
  const group = createGroupCommit((operations, locking, hooks) => {
    const go = () => committer.commit(operations, locking, hooks);
    return operations.some(({ kind }) => kind === "settle") ? tamper(go, ++attempt) : go();
  });
  return {
    ...group,
    async close() {
      await group.close();
      await committer.close();
    },
  };
}

const KEY = { key: "retry", body: "same" };
const settlePlain = (quote: HoldQuote, deliver_within_ms = 60_000) => ({
  ...settleOf(receiptFor(quote)),
  deliver_within_ms,
});

async function kindsOf(quote: HoldQuote): Promise<string[]> {
  const { rows } = await db.pool.query<{ kind: string }>("select kind from entries where hold_id = $1 order by seq", [
    quote.hold_id,
  ]);
  return rows.map(({ kind }) => kind);
}

const lost = () => Object.assign(new Error("Connection terminated unexpectedly"), { code: "ECONNRESET" });

describe("a waiter that leaves", () => {
  const patience = () => new AbortController();

  test("while the settlement waits behind a batch that hangs: it is not settled", async () => {
    const first = Promise.withResolvers<void>();
    const slow = around(async (go, attempt) => {
      if (attempt === 1) await first.promise;
      return go();
    });
    const [other, quote] = [quoteFor(payer), quoteFor(payer)];
    await Promise.all([slow.apply(holdOf(other)), slow.apply(holdOf(quote, KEY))]);
    const leaving = patience();
    const before = slow.apply(settlePlain(other));
    await new Promise(setImmediate);
    const waiting = slow.apply(settlePlain(quote), leaving.signal);
    leaving.abort(new Error("gave up"));
    await expect(waiting).rejects.toThrow("gave up");
    first.resolve();
    expect(await before).toMatchObject({ ok: true });
    await slow.close();
    expect(await kindsOf(quote)).toEqual(["reserve", "release"]);
    expect(await writer.apply(holdOf(quoteFor(payer), KEY)), "the repeat runs").toMatchObject({ ok: true });
    expect(await accountOf(db, payer)).toMatchObject({ debited_wei: "80" });
  });

  test("before the answer of a database that hangs, by whose clock it is late: it is released", async () => {
    const back = Promise.withResolvers<void>();
    const slow = around(async (go) => {
      await back.promise;
      return go();
    });
    const quote = quoteFor(payer);
    await slow.apply(holdOf(quote));
    const leaving = patience();
    const waiting = slow.apply(settlePlain(quote, 20), leaving.signal);
    await new Promise((resolve) => setTimeout(resolve, 40)); // the batch is on its way, with the settlement as it was
    leaving.abort(new Error("gave up"));
    await expect(waiting).rejects.toThrow("gave up");
    back.resolve();
    await slow.close();
    expect(await kindsOf(quote)).toEqual(["reserve", "release"]);
  });

  test.each([
    ["whose commit is confirmed late", false],
    ["whose connection is lost behind the commit", true],
  ])("a settlement %s is undone, and a repeat runs and pays once", async (_how, breaks) => {
    const committed = Promise.withResolvers<void>();
    const confirmed = Promise.withResolvers<void>();
    const slow = around(async (go, attempt) => {
      const outcomes = await go();
      if (attempt > 1) return outcomes;
      committed.resolve();
      await confirmed.promise;
      if (breaks) throw lost();
      return outcomes;
    });
    const quote = quoteFor(payer, { client_job_id: "my-own-reference" });
    await slow.apply(holdOf(quote, KEY));
    const leaving = patience();
    const waiting = slow.apply(settlePlain(quote), leaving.signal);
    await committed.promise;
    leaving.abort(new Error("gave up"));
    await expect(waiting).rejects.toThrow("gave up");
    expect(await kindsOf(quote), "the ledger had settled it").toEqual(["reserve", "debit"]);
    const again = quoteFor(payer, { client_job_id: "my-own-reference" });
    const repeated = slow.apply(holdOf(again, KEY));
    confirmed.resolve();
    expect(await repeated, "the repeat comes behind the undo").toMatchObject({ ok: true });
    expect(await slow.apply(settlePlain(again))).toMatchObject({ ok: true, charged_wei: 80n });
    await slow.close();
    expect(await kindsOf(quote)).toEqual(["reserve", "debit", "refund"]);
    const account = await accountOf(db, payer);
    expect(BigInt(account.credited_wei) - BigInt(account.debited_wei)).toBe(10_000n - 80n);
    expect(await writer.apply(settleOf(receiptFor(quote), null)), "a later receipt").toMatchObject({
      reason: "hold_closed",
    });
  });

  test("after the commit gets the verdict, hold or settlement: it came too late", async () => {
    const quotes = Array.from({ length: 40 }, () => quoteFor(payer, { amount_wei: 100n }));
    const leaving = patience();
    const waiting = quotes.map((quote, index) => {
      const verdict = writer.apply(holdOf(quote), index === 39 ? leaving.signal : undefined);
      // The first waiters go on before the last has its answer.
      return index === 0 ? verdict.finally(() => leaving.abort(new Error("left"))) : verdict;
    });
    const verdicts = await Promise.all(waiting);
    expect(leaving.signal.aborted).toBe(true);
    expect(verdicts.every(({ ok }) => ok)).toBe(true);
    expect(await accountOf(db, payer)).toMatchObject({ open_holds: 40 });
  });
});

test("an undo is sent again until it is written, and counts once", async () => {
  const kinds: LedgerOperation["kind"][] = [];
  const committer = createCommitter(db);
  let failures = 0;
  const group = createGroupCommit(async (operations, locking, hooks) => {
    const outcomes = await committer.commit(operations, locking, hooks);
    kinds.push(...operations.map(({ kind }) => kind));
    if (operations.some(({ kind }) => kind === "undo") && failures++ < 2) throw lost();
    return outcomes;
  });
  const quote = quoteFor(payer);
  await group.apply(holdOf(quote));
  const leaving = new AbortController();
  const settling = group.apply(settlePlain(quote), leaving.signal);
  await new Promise(setImmediate); // in its batch
  leaving.abort(new Error("gave up"));
  await expect(settling).rejects.toThrow("gave up");
  await group.close();
  await committer.close();
  expect(kinds).toEqual(["hold", "settle", "undo", "undo", "undo"]);
  expect(await kindsOf(quote)).toEqual(["reserve", "debit", "refund"]);
  expect(await writer.apply({ kind: "undo", operation_id: randomUUID(), hold_id: quote.hold_id })).toEqual({
    ok: true,
  });
});
