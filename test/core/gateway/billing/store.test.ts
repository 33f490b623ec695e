import { afterAll, expect, test } from "vitest";
import { noWrites } from "../../../../src/core/gateway/billing/batch_state.ts";
import type { Hold, Writes } from "../../../../src/core/gateway/billing/model.ts";
import { verifyLedger } from "../../../../src/core/gateway/billing/verify.ts";
import { findViolations, INVARIANTS } from "../../../../src/store/postgres/ledger/invariants.ts";
import { CLOSED } from "../../../../src/store/postgres/ledger/columns.ts";
import { mintHoldId } from "../../../../src/core/protocol/bytes/ids.ts";
import { connectLedger } from "../../../../src/store/postgres/ledger/connection.ts";
import type { LedgerConnection } from "../../../../src/store/postgres/ledger/connection.ts";
import { loadHolds } from "../../../../src/store/postgres/ledger/load_holds.ts";
import {
  abandonBatch,
  beginStore,
  sendCommit,
  storeClosed,
  storeOpened,
  storeRest,
} from "../../../../src/store/postgres/ledger/store_batch.ts";
import { holdOf, makePayer, quoteFor, receiptFor, releaseHold, settleOf } from "../../../support/ledger/fixtures.ts";
import { testLedger } from "../../../support/ledger/ledger.ts";

const ledger = await testLedger();
const { db, writer } = ledger;
afterAll(() => ledger.close());

/** The SQLSTATEs of the statements that failed when these rows were written. */
async function refusals(connection: LedgerConnection, change: Partial<Writes>): Promise<unknown[]> {
  const store = beginStore(connection, Date.now());
  const writes = { ...noWrites(), ...change };
  storeClosed(store, writes);
  storeRest(store, writes);
  sendCommit(store);
  const answers = await Promise.allSettled(store.sent);
  return answers.flatMap((answer) => (answer.status === "rejected" ? [(answer.reason as { code: unknown }).code] : []));
}

async function settledHold() {
  const payer = await makePayer(db, writer, { credit_wei: 2n ** 120n });
  const price = 2n ** 90n + 1n;
  const quote = quoteFor(payer, { prompt_price_wei: price, completion_price_wei: price });
  await writer.apply(holdOf(quote));
  const connection = await connectLedger(db);
  const [open] = await loadHolds(connection, {
    hold_ids: [quote.hold_id],
    job_ids: [],
    client_jobs: [],
  });
  await writer.apply(settleOf(receiptFor(quote)));
  return { connection, open: open!, quote, price };
}

test("a row is read back as it was written, to the last wei", async () => {
  const { connection, open, quote, price } = await settledHold();
  expect(open).toMatchObject({
    amount_wei: 200n * price,
    prompt_price_wei: price,
    state: "held",
    hold_id: quote.hold_id,
    job_id: quote.job_id,
    fence: 1,
    observed: null,
  });
  const [closed] = await loadHolds(connection, {
    hold_ids: [],
    job_ids: [quote.job_id],
    client_jobs: [],
  });
  expect(closed).toMatchObject({ charged_wei: 30n * price, state: "settled", prompt_tokens: 10 });
  expect(closed!.fee_wei! + closed!.payout_wei!).toBe(30n * price);
  await connection.end();
});

test("a hold that is closed cannot be closed or moved again, even by a batch that believes it open", async () => {
  const { connection, open } = await settledHold();
  const stale = { ...open, state: "released" as const, close_reason: "stale", closed_by: mintHoldId() };
  const closing = await refusals(connection, { closed: new Set([stale]) });
  expect(closing).toEqual(["40001", "40001"]); // its row among those that are open, and the hold
  expect(await refusals(connection, { moved: new Set([open]) })).toEqual(["40001"]);
  await connection.end();
});

test("a batch that is given up amid its rows leaves its connection in step", async () => {
  const { connection, open } = await settledHold();
  const row = (): Hold => ({ ...open, hold_id: mintHoldId(), job_id: mintHoldId() });
  await connection.query("", "begin");
  const store = beginStore(connection, Date.now());
  storeOpened(store, [row(), row()]);
  storeOpened(store, [row()]);
  abandonBatch(store);
  await connection.query("", "rollback");
  expect((await connection.query("", "select 1 as one")).rows).toEqual([{ one: 1 }]);
  await connection.end();
});

test("a customer's reference passes to a new hold only when the one before ended without charge", async () => {
  const payer = await makePayer(db, writer, { credit_wei: 10_000n });
  const connection = await connectLedger(db);
  const open = async () => {
    const quote = quoteFor(payer, { client_job_id: "mine" });
    expect((await writer.apply(holdOf(quote))).ok).toBe(true);
    return quote;
  };
  const released = await open();
  await writer.apply(releaseHold(released.hold_id));
  const quote = await open();
  const names = { hold_ids: [quote.hold_id], job_ids: [], key_hashes: [], client_jobs: [] };
  const [held] = await loadHolds(connection, names);
  for (const state of ["held", "settled"]) {
    const another: Hold = { ...held!, hold_id: mintHoldId(), job_id: mintHoldId() };
    await connection.query("", "begin");
    expect(await refusals(connection, { opened: new Set([another]) }), state).toEqual(["40001"]);
    if (state === "held") await writer.apply(settleOf(receiptFor(quote)));
  }
  await connection.end();
});

test("a batch that does not know of an entry cannot write over it", async () => {
  const { connection, open } = await settledHold();
  const entry = {
    account_id: open.account_id,
    seq: 2,
    kind: "reserve" as const,
    amount_wei: 1n,
    balance_after_wei: 1n,
    reserved_after_wei: 1n,
    hold_id: mintHoldId(),
    reference: null,
  };
  expect(await refusals(connection, { entries: [entry] })).toEqual(["23505"]);
  await connection.end();
});

/** Damage that each invariant must find; run without triggers, as somebody with the database's password could. */
const DAMAGE: Record<string, string> = {
  I1: "update accounts set reserved_wei = reserved_wei + 1, credited_wei = credited_wei + 1 where owner_kind = 'customer'",
  I2: "update accounts set open_holds = open_holds + 1",
  I3: "update accounts set debited_wei = debited_wei + 1 where owner_kind = 'customer'",
  I4: "update accounts set credited_wei = credited_wei + 1 where owner_kind = 'customer'",
  I5: "alter table accounts drop constraint never_overdrawn; update accounts set debited_wei = credited_wei + 1 where owner_kind = 'customer'",
  I6: "update transfers set fee_wei = fee_wei + 1 where kind = 'settlement'",
  I7: "insert into transfers (kind, account_id, hold_id, amount_wei, created_at) select 'fee', account_id, hold_id, 1, now() from holds where state = 'released'",
  I8: "delete from entries where kind = 'debit'",
  I9: "update entries set balance_after_wei = balance_after_wei + 1 where kind = 'reserve'",
  I10: "update accounts set entries = entries + 1 where owner_kind = 'customer'",
  I11: "delete from receipts where status = 'settled'",
  I12: "insert into refunds (refund_id, account_id, hold_id, amount_wei, reason, entry_seq, created_at) select 'x', account_id, hold_id, charged_wei + 1, 'x', 1, now() from holds where state = 'settled' limit 1",
  I13: "update limit_windows set buckets = jsonb_build_object(floor(extract(epoch from now()) / bucket_seconds)::bigint::text, '1')",
  I14: "update key_counters set open_holds = open_holds + 1",
  I15: "update idempotency set account_id = account_id + 1000",
  I16: "update accounts set owner_id = 'cus_00000000000000000000000000' where account_id = (select min(account_id) from accounts)",
  I17: "insert into accounts (owner_kind, owner_id, credited_wei) values ('node', 'node_x', 5)",
  I18: "insert into open_holds select hold_id from holds where state = 'settled' limit 1",
  I19: "insert into unobserved_settlements select hold_id from holds where state = 'released' limit 1",
  I20: "update holds set close_reason = 'not_delivered' where state = 'settled'",
};

test("no index of holds names what a close changes, so that it is a heap-only update", async () => {
  const { rows } = await db.pool.query<{ indexdef: string }>(
    "select indexdef from pg_indexes where tablename = 'holds' and indexdef not ilike '%using brin%'",
  );
  expect(rows.length).toBeGreaterThan(1);
  const changed = new RegExp(`\\b(${[...CLOSED.map((column) => column.name), "closed_at"].join("|")})\\b`);
  expect(rows.filter(({ indexdef }) => changed.test(indexdef.replace(/ ON \S+/, "")))).toEqual([]);
});

test("each invariant finds its damage", async () => {
  const payer = await makePayer(db, writer, { credit_wei: 10_000n, policy: { tokens_per_minute: 100_000 } });
  const [settled, released] = [quoteFor(payer), quoteFor(payer)];
  await writer.apply(holdOf(settled, { key: "k", body: "b" }));
  await writer.apply(settleOf(receiptFor(settled)));
  await writer.apply(holdOf(released));
  await writer.apply(releaseHold(released.hold_id));
  expect((await verifyLedger(db)).violations).toEqual([]);
  const own = INVARIANTS.filter((invariant) => invariant.name.startsWith("I")); // the log and the payouts test theirs
  expect(Object.keys(DAMAGE)).toEqual(own.map((invariant) => invariant.name));
  for (const invariant of own) {
    const client = await db.connect();
    try {
      await client.query("begin; set local session_replication_role = replica");
      await client.query(DAMAGE[invariant.name]!);
      expect((await client.query(invariant.sql)).rowCount, `${invariant.name}: ${invariant.sentence}`).toBeGreaterThan(
        0,
      );
      await client.query("rollback");
    } finally {
      await client.end();
    }
  }
  expect(await findViolations(db)).toEqual([]);
});
