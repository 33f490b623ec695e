import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, expect, test } from "vitest";
import type { Delivered } from "../../../../src/core/gateway/billing/model.ts";
import type { HoldQuote, VerifiedReceipt } from "../../../../src/core/gateway/billing/operations.ts";
import { createTakeOver, recoverReservations } from "../../../../src/core/gateway/billing/recovery.ts";
import type { AskNode } from "../../../../src/core/gateway/billing/recovery.ts";
import { startBillingWorkers, sweepExpired } from "../../../../src/core/gateway/billing/workers.ts";
import { renewGatewayLease } from "../../../../src/store/postgres/gateways/leases.ts";
import {
  accountOf,
  holdOf,
  makePayer,
  noteOf,
  quoteFor,
  receiptFor,
  releaseHold,
  settleOf,
} from "../../../support/ledger/fixtures.ts";
import type { Payer } from "../../../support/ledger/fixtures.ts";
import { testLedger } from "../../../support/ledger/ledger.ts";

const NOTED: Delivered = { content_bytes: 400, events: 100 };

const ledger = await testLedger();
const { db, writer } = ledger;
let payer: Payer;
beforeEach(async () => {
  await startedBefore(3_600, "alive");
  payer = await makePayer(db, writer, { credit_wei: 10_000n });
});
afterAll(() => ledger.close());

/** A hold of a gateway that fell silent long ago; of a stream it had noted so much. */
async function orphan(change: Partial<HoldQuote> = {}, noted: Delivered | null = NOTED): Promise<HoldQuote> {
  const quote = quoteFor(payer, { mode: "stream", gateway_id: "gone", ...change });
  await writer.apply(holdOf(quote));
  if (quote.mode === "stream" && noted !== null) await writer.apply(noteOf(quote, noted));
  await db.pool.query("update holds set created_at = created_at - interval '60 seconds' where hold_id = $1", [
    quote.hold_id,
  ]);
  return quote;
}
/** A gateway that renewed its lease last so many seconds ago. */
async function renewedBefore(seconds: number, gateway_id = `silent-${randomUUID()}`): Promise<string> {
  await renewGatewayLease(db, gateway_id, 1);
  await db.pool.query("update gateway_leases set renewed_at = now() - $2 * interval '1 second' where gateway_id = $1", [
    gateway_id,
    seconds,
  ]);
  return gateway_id;
}
/** A gateway that lives, and started so many seconds ago. */
async function startedBefore(seconds: number, gateway_id: string): Promise<void> {
  await renewGatewayLease(db, gateway_id, 1);
  await db.pool.query("update gateway_leases set started_at = now() - $2 * interval '1 second' where gateway_id = $1", [
    gateway_id,
    seconds,
  ]);
}
const stateOf = async (quote: HoldQuote) =>
  (await db.pool.query("select state, close_reason, charged_wei from holds where hold_id = $1", [quote.hold_id]))
    .rows[0] as unknown;
const answering =
  (answers: Map<string, VerifiedReceipt[] | "running" | "unknown" | "unreachable">): AskNode =>
  (hold) =>
    Promise.resolve(answers.get(hold.job_id) ?? "unknown");

test("orphans are settled by the node's receipt or given back; those of the living are left", async () => {
  const finished = await orphan();
  const plain = await orphan({ mode: "plain" });
  const unknown = await orphan();
  const superseded = await orphan();
  const alive = await orphan({ gateway_id: "alive" });
  const answers = new Map([
    [finished.job_id, [receiptFor(finished)]],
    [plain.job_id, [receiptFor(plain)]],
    [superseded.job_id, [receiptFor(superseded, { fence: 9 })]],
  ]);
  const takeOver = createTakeOver({ db, writer, askNode: answering(answers) });
  expect(await takeOver()).toEqual({ settled: 1, released: 3, left: 0 });
  expect(await stateOf(finished)).toEqual({ state: "settled", close_reason: "ok", charged_wei: "80" });
  expect(await stateOf(plain), "what was not delivered is not charged").toMatchObject({
    state: "released",
    close_reason: "not_delivered",
  });
  expect(await stateOf(unknown)).toMatchObject({ state: "released", close_reason: "node_says_unknown" });
  expect(await stateOf(superseded)).toMatchObject({ state: "released" });
  expect(await stateOf(alive)).toMatchObject({ state: "held" });
  await writer.apply(releaseHold(alive.hold_id));
  expect(await accountOf(db, payer)).toMatchObject({ open_holds: 0, reserved_wei: "0", debited_wei: "80" });
});

test("a stream costs at most what its gateway had noted, and nothing without a note, whatever its node says", async () => {
  const begun = await orphan({}, { content_bytes: 3, events: 1 });
  const before_first_byte = await orphan({}, null);
  const unreachable = await orphan({}, null);
  const answers = new Map<string, VerifiedReceipt[] | "unreachable">([
    [begun.job_id, [receiptFor(begun, { completion_tokens: 90 })]],
    [before_first_byte.job_id, [receiptFor(before_first_byte, { completion_tokens: 0 })]],
    [unreachable.job_id, "unreachable"],
  ]);
  const askNode = answering(answers);
  const dry = await recoverReservations({ db, writer, askNode }, { dry_run: true });
  expect(dry).toMatchObject({ settled_wei: String(10 * 2 + 4 * 3), released_wei: "1000" });
  const takeOver = createTakeOver({ db, writer, askNode });
  expect(await takeOver()).toEqual({ settled: 1, released: 2, left: 0 });
  expect(await stateOf(begun)).toEqual({ state: "settled", close_reason: "ok", charged_wei: "32" });
  for (const quote of [before_first_byte, unreachable])
    expect(await stateOf(quote)).toEqual({ state: "released", close_reason: "not_delivered", charged_wei: null });
});

test("a node that cannot be asked is asked again for a while, then the money is given back", async () => {
  const away = await orphan();
  const running = await orphan();
  let now_ms = 0;
  const answers = new Map<string, "running" | "unreachable">([
    [away.job_id, "unreachable"],
    [running.job_id, "running"],
  ]);
  const takeOver = createTakeOver({
    db,
    writer,
    askNode: answering(answers),
    patience_ms: 6_000,
    now_ms: () => now_ms,
  });
  expect(await takeOver()).toEqual({ settled: 0, released: 0, left: 2 });
  now_ms = 5_999;
  expect(await takeOver()).toEqual({ settled: 0, released: 0, left: 2 });
  now_ms = 6_000;
  expect(await takeOver()).toEqual({ settled: 0, released: 2, left: 0 });
  expect(await writer.apply(settleOf(receiptFor(away), null))).toMatchObject({ recorded: true, reason: "hold_closed" });
});

test("patience counts from the owner's silence, so that one who takes over may be killed too", async () => {
  const owner = await renewedBefore(20 + 4);
  const running = await orphan({ gateway_id: owner });
  const answers = new Map([[running.job_id, "running" as const]]);
  // Each round by another gateway, which has seen nothing before.
  const round = () => createTakeOver({ db, writer, askNode: answering(answers), now_ms: () => 0 })();
  expect(await round()).toEqual({ settled: 0, released: 0, left: 1 });
  await renewedBefore(20 + 7, owner);
  expect(await round()).toEqual({ settled: 0, released: 1, left: 0 });
});

test("after a time without any gateway, patience lasts until the nodes could find their way back", async () => {
  await db.pool.query("delete from gateway_leases");
  const owner = await renewedBefore(40);
  await db.pool.query("update gateway_leases set started_at = now() - interval '1 hour'");
  const away = await orphan({ gateway_id: owner });
  const answers = new Map<string, "unreachable" | VerifiedReceipt[]>([[away.job_id, "unreachable"]]);
  const round = () => createTakeOver({ db, writer, askNode: answering(answers), now_ms: () => 0 })();
  await startedBefore(2, "first");
  await startedBefore(0, "second");
  expect(await round(), "a gateway of two seconds").toEqual({ settled: 0, released: 0, left: 1 });
  await startedBefore(12, "first");
  expect(await round(), "of twelve").toEqual({ settled: 0, released: 0, left: 1 });
  answers.set(away.job_id, [receiptFor(away)]);
  expect(await round(), "the node is back").toEqual({ settled: 1, released: 0, left: 0 });

  const never_back = await orphan({ gateway_id: owner });
  answers.set(never_back.job_id, "unreachable");
  expect(await round(), "of twelve").toEqual({ settled: 0, released: 0, left: 1 });
  await startedBefore(21, "first");
  expect(await round(), "of twenty-one").toEqual({ settled: 0, released: 1, left: 0 });

  const handed_over = await orphan({ gateway_id: owner });
  answers.set(handed_over.job_id, "unreachable");
  await startedBefore(2, "first");
  await db.pool.query("update gateway_leases set renewed_at = now() - interval '30 seconds' where gateway_id = $1", [
    owner,
  ]);
  expect(await round(), "the owner lived until 28 s before").toEqual({ settled: 0, released: 0, left: 1 });
  await startedBefore(15, "first");
  await renewedBefore(21, owner);
  await db.pool.query("update gateway_leases set started_at = now() - interval '1 hour' where gateway_id = $1", [
    owner,
  ]);
  const other = await renewedBefore(27);
  await db.pool.query("update holds set gateway_id = $2 where hold_id = $1", [handed_over.hold_id, other]);
  expect(await round(), "no time without a gateway").toEqual({ settled: 0, released: 1, left: 0 });
});

test("a dry run says what it would do and why, and does nothing", async () => {
  const finished = await orphan();
  const alive = await orphan({ gateway_id: "alive" });
  const plain = await orphan({ mode: "plain" });
  const ports = { db, writer, askNode: answering(new Map([[finished.job_id, [receiptFor(finished)]]])) };
  const dry = await recoverReservations(ports, { dry_run: true });
  expect(dry).toMatchObject({ dry_run: true, examined: 3, settled_wei: "80", released_wei: "500" });
  expect(dry.items).toMatchObject([
    { job_id: finished.job_id, customer_id: payer.customer_id, action: "settle", reason: "receipt_found", done: false },
    { job_id: alive.job_id, action: "leave", reason: "owner_alive", done: false },
    {
      job_id: plain.job_id,
      action: "release",
      reason: "not_delivered",
      done: false,
      message: expect.stringContaining("not delivered") as string,
    },
  ]);
  expect(await accountOf(db, payer)).toMatchObject({ open_holds: 3 });
  expect(await recoverReservations(ports, { dry_run: true, older_than_seconds: 3_600 })).toMatchObject({ examined: 0 });
  const done = await recoverReservations(ports, { dry_run: false });
  expect(done.items.map((item) => item.done)).toEqual([true, false, true]);
  expect(await accountOf(db, payer)).toMatchObject({ open_holds: 1, debited_wei: "80" });
  await writer.apply(releaseHold(alive.hold_id));
});

test("expiry goes by the database's clock, and a sweep that lost to a settlement changes nothing", async () => {
  const due = await orphan({ gateway_id: "alive" });
  const later = await orphan({ gateway_id: "alive" });
  await db.pool.query(
    "update holds set deadline_at = now() - interval '2 seconds', expires_at = now() - interval '1 second' where hold_id = $1",
    [due.hold_id],
  );
  const operation = { kind: "expire" as const, operation_id: randomUUID(), hold_id: due.hold_id };
  expect(await writer.apply({ ...operation, operation_id: randomUUID(), hold_id: later.hold_id }), "not due").toEqual({
    ok: false,
    state: "held",
  });
  const [settled, swept] = await Promise.all([writer.apply(settleOf(receiptFor(due))), writer.apply(operation)]);
  expect([settled.ok, swept]).toEqual([true, { ok: false, state: "settled" }]);
  await db.pool.query(
    "update holds set deadline_at = now() - interval '2 seconds', expires_at = now() - interval '1 second' where hold_id = $1",
    [later.hold_id],
  );
  expect(await sweepExpired(db, writer)).toBe(1);
  expect(await stateOf(later)).toMatchObject({ state: "expired" });
});

test("workers hold the lease before they return, and stop", async () => {
  const failures: unknown[] = [];
  const workers = await startBillingWorkers({
    db,
    writer,
    gateway: { gateway_id: "worker", epoch: 3 },
    peer_address: "127.0.0.1:1",
    askNode: () => Promise.resolve("unknown"),
    onFailure: (_, error) => failures.push(error),
  });
  const { rows } = await db.pool.query(
    "select gateway_epoch::integer, peer_address from gateway_leases where gateway_id = 'worker' and renewed_at > now() - interval '5 seconds'",
  );
  expect(rows).toEqual([{ gateway_epoch: 3, peer_address: "127.0.0.1:1" }]);
  await workers.stop();
  expect(failures).toEqual([]);
});
