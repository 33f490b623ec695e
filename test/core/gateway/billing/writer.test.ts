import { afterAll, beforeAll, expect, test } from "vitest";
import { verifyLedger } from "../../../../src/core/gateway/billing/verify.ts";
import { createLedgerWriter } from "../../../../src/core/gateway/billing/writer.ts";
import { INVARIANTS } from "../../../../src/store/postgres/ledger/invariants.ts";
import { testDatabase } from "../../../support/database.ts";
import type { TestDatabase } from "../../../support/database.ts";
import {
  accountOf,
  holdOf,
  makePayer,
  NODE,
  quoteFor,
  receiptFor,
  releaseHold,
  settleOf,
} from "../../../support/ledger/fixtures.ts";

let db: TestDatabase;
let writer: ReturnType<typeof createLedgerWriter>;
const failures: unknown[] = [];
beforeAll(async () => {
  db = await testDatabase();
  writer = createLedgerWriter(db, { onFailure: (_, error) => failures.push(error) });
});
afterAll(async () => {
  await writer.close();
  await db.drop();
});

test("a hold reserves, a receipt settles, the rest comes back", async () => {
  const payer = await makePayer(db, writer, { credit_wei: 1_000n });
  const quote = quoteFor(payer);
  expect(await writer.apply(holdOf(quote))).toMatchObject({ ok: true, hold_id: quote.hold_id, policy_version: 1 });
  expect(await accountOf(db, payer)).toMatchObject({ reserved_wei: "500", open_holds: 1 });
  expect(await writer.apply(settleOf(receiptFor(quote)))).toEqual({
    ok: true,
    hold_id: quote.hold_id,
    customer_id: payer.customer_id,
    charged_wei: 80n,
    fee_wei: 2n,
    payout_wei: 78n,
    prompt_tokens: 10,
    completion_tokens: 20,
    unobserved: false,
  });
  expect(await accountOf(db, payer)).toMatchObject({
    credited_wei: "1000",
    debited_wei: "80",
    reserved_wei: "0",
    open_holds: 0,
    entries: 3,
  });
  const { rows } = await db.pool.query(
    "select kind, node_id, amount_wei from movements where hold_id = $1 order by kind",
    [quote.hold_id],
  );
  expect(rows).toEqual([
    { kind: "fee", node_id: null, amount_wei: "2" },
    { kind: "payout", node_id: NODE, amount_wei: "78" },
  ]);
  expect(failures).toEqual([]);
});

test("a release gives everything back, once", async () => {
  const payer = await makePayer(db, writer, { credit_wei: 1_000n });
  const quote = quoteFor(payer);
  await writer.apply(holdOf(quote));
  expect(await writer.apply(releaseHold(quote.hold_id))).toEqual({ ok: true });
  expect(await writer.apply(releaseHold(quote.hold_id))).toEqual({ ok: false, state: "released" });
  expect(await writer.apply(settleOf(receiptFor(quote)))).toEqual({
    ok: false,
    recorded: true,
    reason: "hold_closed",
    state: "released",
  });
  expect(await accountOf(db, payer)).toMatchObject({ debited_wei: "0", reserved_wei: "0", open_holds: 0 });
});

test("the books are right", async () => {
  expect(await verifyLedger(db)).toEqual({ checked: INVARIANTS.length, violations: [] });
});
