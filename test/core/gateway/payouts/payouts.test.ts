import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createNodePayouts } from "../../../../src/core/gateway/payouts/node_report.ts";
import { createPayouts } from "../../../../src/core/gateway/payouts/payouts.ts";
import { treasuryPayouts } from "../../../../src/core/gateway/payouts/payout_totals.ts";
import { verifyLedger } from "../../../../src/core/gateway/billing/verify.ts";
import type { LedgerWriter } from "../../../../src/core/gateway/billing/operations.ts";
import { generateIdentity, verify } from "../../../../src/core/protocol/bytes/ed25519.ts";
import { payoutEntry } from "../../../../src/core/protocol/log/log_entry.ts";
import { leafHash, verifyInclusion } from "../../../../src/core/protocol/log/merkle.ts";
import {
  PAYOUT_DOMAIN,
  isPayoutAddress,
  payoutCommitmentText,
  payoutLeaf,
  payoutTree,
  signPayoutAddress,
} from "../../../../src/core/protocol/receipt/payout.ts";
import { utcSeconds } from "../../../../src/core/protocol/envelope/transport_key.ts";
import { verifyProof } from "../../../../src/core/protocol/log/tlog_proof.ts";
import { openDatabase } from "../../../../src/store/postgres/database.ts";
import { findBatch } from "../../../../src/store/postgres/payouts/batches.ts";
import { testLog } from "../../../support/log.ts";
import type { Payer } from "../../../support/ledger/fixtures.ts";
import { asAdmin } from "../../../support/audit.ts";
import { testDatabase } from "../../../support/database.ts";
import type { TestDatabase } from "../../../support/database.ts";
import { NODE_A, NODE_B, fixedControl, ledger, refund, settledJob, unobservedJob } from "../../../support/payouts.ts";

const OPS = asAdmin("payouts");
let db: TestDatabase;
let log: ReturnType<typeof testLog>;
let writer: LedgerWriter;
let payer: Payer;

beforeEach(async () => {
  db = await testDatabase();
  log = testLog(db);
  ({ writer, payer } = await ledger(db));
});
afterEach(async () => {
  expect((await verifyLedger(db)).violations).toEqual([]);
  await writer.close();
  await log.stop();
  await db.drop();
});

const payouts = (maturity_ms = 0, control = fixedControl()) =>
  createPayouts({ db, control, receiptLog: log, maturity_ms });
const report = (maturity_ms = 0) => createNodePayouts({ db, keys: () => [], refresh: async () => {}, maturity_ms });

test("a batch holds what matured, pinned to the log; everyone can compute root and commitment", async () => {
  const jobs = [];
  for (let at = 0; at < 7; at++)
    jobs.push(await settledJob(writer, payer, at % 3 === 0 ? NODE_B : NODE_A, { completion_tokens: 10 + at }));
  // Nothing of it is in the log yet.
  await expect(payouts().create({}, OPS)).rejects.toMatchObject({ code: "conflict" });
  await log.round();
  const preview = await payouts().preview({});
  const batch = await payouts().create({}, OPS);
  const detail = await payouts().getPublic(batch.batch_id);
  expect(preview).toMatchObject({
    merkle_root: batch.merkle_root,
    total_amount_wei: batch.total_amount_wei,
    lines: detail.lines,
    withheld_wei: "0",
    set_off_wei: "0",
  });
  expect(detail.lines.map(({ node_id, receipt_count }) => [node_id, receipt_count])).toEqual([
    [NODE_A, 4],
    [NODE_B, 3],
  ]);
  expect(BigInt(batch.total_amount_wei)).toBe(jobs.reduce((sum, job) => sum + job.payout_wei, 0n));
  expect(payoutTree(detail.lines).root.toString("hex")).toBe(batch.merkle_root);
  expect(batch.tree_size).toBe(7);
  expect(
    verify(PAYOUT_DOMAIN, payoutCommitmentText(detail.batch), batch.commitment_signature, log.key.public_key),
  ).toBe(true);
  expect(
    verify(
      PAYOUT_DOMAIN,
      payoutCommitmentText({ ...detail.batch, total_amount_wei: "1" }),
      batch.commitment_signature,
      log.key.public_key,
    ),
  ).toBe(false);
  await expect(payouts().create({}, OPS)).rejects.toMatchObject({ code: "conflict" });

  const [line] = (await report().report(NODE_B, {})).data;
  expect(line).toMatchObject({ batch_id: batch.batch_id, index: 1, receipt_count: 3, status: "created" });
  const proof = line!.proof.map((hash) => Buffer.from(hash, "hex"));
  expect(
    verifyInclusion(
      payoutLeaf({ ...line!, node_id: NODE_B }),
      1,
      line!.payout_count,
      proof,
      Buffer.from(line!.merkle_root, "hex"),
    ),
  ).toBe(true);
  expect(
    verifyInclusion(
      payoutLeaf({ ...line!, node_id: NODE_B, amount_wei: "9" }),
      1,
      line!.payout_count,
      proof,
      Buffer.from(line!.merkle_root, "hex"),
    ),
  ).toBe(false);
});

test("created, submitted, finalized: each once, repeats answered alike; what is submitted is in the log", async () => {
  await settledJob(writer, payer, NODE_A);
  await log.round();
  const service = payouts();
  const { batch_id } = await service.create({}, OPS);
  const transaction_hash = `0x${"ab".repeat(32)}`;
  await expect(service.finalize(batch_id, { reason: "early" }, OPS)).rejects.toMatchObject({ code: "conflict" });
  const submitted = await service.submit(batch_id, { transaction_hash }, OPS);
  expect(submitted).toMatchObject({ status: "submitted", transaction_hash });
  expect(await service.submit(batch_id, { transaction_hash }, OPS)).toEqual(submitted);
  await expect(service.submit(batch_id, {}, OPS)).rejects.toMatchObject({ code: "conflict" });
  await expect(service.reset(batch_id, "too late", OPS)).rejects.toMatchObject({ code: "conflict" });
  const finalized = await service.finalize(batch_id, { reason: "paid", block_number: 5 }, OPS);
  expect(finalized).toMatchObject({ status: "finalized", block_number: 5 });
  expect(await service.finalize(batch_id, { reason: "paid", block_number: 5 }, OPS)).toEqual(finalized);
  await expect(service.finalize(batch_id, { reason: "again", block_number: 5 }, OPS)).rejects.toMatchObject({
    code: "conflict",
  });
  await log.round();
  const row = (await findBatch(db, batch_id))!;
  const { rows } = await db.pool.query<{ leaf_index: number }>(
    "select leaf_index from log_leaves where batch_id = $1",
    [batch_id],
  );
  const proof = await log.proof(rows[0]!.leaf_index);
  expect(verifyProof(proof, leafHash(payoutEntry(row.commitment, row.commitment_signature)), log.key)).toMatchObject({
    ok: true,
  });
  await expect(service.get("pay_00000000000000000000000000")).rejects.toMatchObject({ code: "not_found" });
});

test("a batch that is taken back frees its rows, and stays on record", async () => {
  await settledJob(writer, payer, NODE_A);
  await log.round();
  const service = payouts();
  const first = await service.create({}, OPS);
  expect(await service.reset(first.batch_id, "wrong period", OPS)).toMatchObject({
    status: "reset",
    reset_reason: "wrong period",
  });
  await expect(service.submit(first.batch_id, {}, OPS)).rejects.toMatchObject({ code: "conflict" });
  const second = await service.create({}, OPS);
  expect(second.total_amount_wei).toBe(first.total_amount_wei);
  expect((await service.getPublic(first.batch_id)).lines).toHaveLength(1);
  expect((await report().report(NODE_A, {})).data.map(({ batch_id }) => batch_id)).toEqual([second.batch_id]);
  const page = await service.listPublic({ limit: 1 });
  expect(page.data[0]!.batch_id).toBe(second.batch_id);
  const rest = await service.listPublic({ limit: 1, cursor: page.next_cursor! });
  expect(rest).toMatchObject({ data: [{ batch_id: first.batch_id }], next_cursor: null });
});

test("what has not matured, is not in the log, or was settled later than the period stays out", async () => {
  await settledJob(writer, payer, NODE_A);
  await log.round();
  await expect(payouts(60_000).create({}, OPS)).rejects.toMatchObject({ code: "conflict" });
  expect((await report(60_000).report(NODE_A, {})).totals).toMatchObject({ matured_wei: "0" });
  const unlogged = await settledJob(writer, payer, NODE_A);
  const batch = await payouts().create({}, OPS);
  expect((await db.pool.query("select 1 from payout_items where hold_id = $1", [unlogged.hold_id])).rowCount).toBe(0);
  await log.round();
  expect((await payouts().create({}, OPS)).payout_count).toBe(1);
  await settledJob(writer, payer, NODE_A);
  await log.round();
  await expect(payouts().create({ period_end: batch.period_end }, OPS)).rejects.toMatchObject({ code: "conflict" });
  await expect(payouts().preview({ period_end: "2999-01-01T00:00:00Z" })).rejects.toMatchObject({
    code: "invalid_request",
  });
});

test("refunds and reviews stay back; what was paid is set off, never below zero, and the sums add up", async () => {
  const whole = await settledJob(writer, payer, NODE_A);
  const part = await settledJob(writer, payer, NODE_A);
  const unseen = await unobservedJob(db, writer, payer, NODE_A);
  const plain = await settledJob(writer, payer, NODE_A);
  await refund(writer, payer, whole.hold_id, whole.charged_wei);
  await refund(writer, payer, part.hold_id, 1_000n);
  await log.round();
  const service = payouts();
  const first = await service.create({}, OPS);
  const part_share = (part.payout_wei * 1_000n + part.charged_wei - 1n) / part.charged_wei;
  expect(first).toMatchObject({
    withheld_wei: String(whole.payout_wei + unseen.payout_wei + part_share),
    set_off_wei: "0",
    total_amount_wei: String(plain.payout_wei + part.payout_wei - part_share),
  });
  await service.submit(first.batch_id, {}, OPS);

  // Refunded after it was paid: more than the node earns next.
  await refund(writer, payer, plain.hold_id, plain.charged_wei);
  const small = await settledJob(writer, payer, NODE_A, { completion_tokens: 0 });
  const other = await settledJob(writer, payer, NODE_B);
  await log.round();
  const second = await service.create({}, OPS);
  expect(small.payout_wei).toBeLessThan(plain.payout_wei);
  expect(second).toMatchObject({
    set_off_wei: String(small.payout_wei),
    total_amount_wei: String(other.payout_wei),
    payout_count: 1,
  });
  const third_job = await settledJob(writer, payer, NODE_A, { completion_tokens: 90 });
  await log.round();
  const third = await service.create({}, OPS);
  const rest = plain.payout_wei - small.payout_wei;
  expect(third).toMatchObject({ set_off_wei: String(rest), total_amount_wei: String(third_job.payout_wei - rest) });
  // Taken back, its set-off is open again.
  await service.reset(third.batch_id, "test", OPS);
  expect(await service.preview({})).toMatchObject({ set_off_wei: String(rest) });

  const { totals } = await report().report(NODE_A, {});
  const earned = [whole, part, unseen, plain, small, third_job].reduce((sum, job) => sum + job.payout_wei, 0n);
  expect(Object.values(totals).reduce((sum, wei) => sum + BigInt(wei), 0n)).toBe(earned);
  expect(totals).toMatchObject({
    set_off_wei: String(small.payout_wei),
    matured_wei: String(third_job.payout_wei),
    batched_wei: first.total_amount_wei,
  });
  const treasury = await treasuryPayouts(db, { since: new Date(0), maturity_ms: 0 });
  const all = treasury.settlement_statuses.reduce((sum, row) => sum + BigInt(row.total_payout_wei), 0n);
  expect(all + part_share).toBe(earned + other.payout_wei);
  expect(BigInt(treasury.withheld_wei)).toBe(whole.payout_wei + unseen.payout_wei + part_share);
});

test("nothing is paid to a suspended node, and to nobody while payouts are paused or incidents unread", async () => {
  await settledJob(writer, payer, NODE_A);
  await settledJob(writer, payer, NODE_B);
  await db.pool.query(
    `insert into nodes (node_id, status, agent_version, protocol_version, router_secret_wrapped)
     values ($1, 'suspended', '1', 1, $2)`,
    [NODE_A, randomBytes(60)],
  );
  await log.round();
  for (const control of [
    fixedControl([{ scope: "payouts", target: "*" }]),
    fixedControl([{ scope: "global", target: "*" }]),
    fixedControl([], false),
  ]) {
    await expect(payouts(0, control).create({}, OPS)).rejects.toMatchObject({ code: "incident_paused" });
  }
  const batch = await payouts(0, fixedControl([{ scope: "node", target: "x" }])).create({}, OPS);
  expect((await payouts().get(batch.batch_id)).lines.map(({ node_id }) => node_id)).toEqual([NODE_B]);
  for (const move of ["submit", "finalize"] as const) {
    await expect(
      payouts(0, fixedControl([{ scope: "payouts", target: "*" }]))[move](batch.batch_id, { reason: "x" }, OPS),
    ).rejects.toMatchObject({ code: "incident_paused" });
  }
  await db.pool.query("update nodes set status = 'active'");
  expect((await payouts().preview({})).lines.map(({ node_id }) => node_id)).toEqual([NODE_A]);
});

test("two admins who build at once get one batch", async () => {
  for (let at = 0; at < 5; at++) await settledJob(writer, payer, NODE_A);
  await log.round();
  const built = await Promise.allSettled(Array.from({ length: 4 }, () => payouts().create({}, OPS)));
  expect(built.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect((await db.pool.query("select 1 from payout_items")).rowCount).toBe(5);
});

test("a payout address is signed by the identity and applies after a day; the one before stays till then", async () => {
  const identity = generateIdentity();
  await db.pool.query(
    `insert into nodes (node_id, status, agent_version, protocol_version, router_secret_wrapped)
     values ($1, 'active', '1', 1, $2)`,
    [NODE_A, randomBytes(60)],
  );
  const service = createNodePayouts({
    db,
    keys: () => [{ ed25519_public_key: identity.public_key, from: new Date(0), to: null }],
    refresh: async () => {},
    maturity_ms: 0,
  });
  const put = (payout_address: string, signed_ms: number, private_key = identity.private_key) => {
    const signed_at = utcSeconds(signed_ms);
    return service.putAddress(NODE_A, {
      payout_address,
      signed_at,
      signature_ed25519: signPayoutAddress({ node_id: NODE_A, payout_address, signed_at }, private_key),
    });
  };
  const one = "0x52908400098527886E0F7030069857D2E4169EE7";
  const two = "0x8617E340B3D01FA5F11F306F4090FD50E238070D";
  const now = Date.now();
  const waiting = await put(one, now - 60_000);
  expect(waiting).toMatchObject({ payout_address: null, pending_payout_address: one });
  expect(Date.parse(waiting.applies_at!) - Date.parse(waiting.server_time)).toBeGreaterThan(86_390_000);
  await expect(put(two, now - 60_000)).rejects.toMatchObject({ code: "conflict" });
  await expect(put(two, now - 90_000)).rejects.toMatchObject({ code: "conflict" });
  await expect(put(two, now + 3_600_000)).rejects.toMatchObject({ code: "clock_skew" });
  await expect(put(two, now, generateIdentity().private_key)).rejects.toMatchObject({ code: "invalid_signature" });
  await expect(put(two.toLowerCase().replace("0x8617e", "0x8617E"), now)).rejects.toMatchObject({
    code: "invalid_request",
  });
  await db.pool.query(
    `update payout_addresses
     set received_at = received_at - interval '25 hours', applies_at = applies_at - interval '25 hours'`,
  );
  expect(await put(two, now - 30_000)).toMatchObject({ payout_address: one, pending_payout_address: two });
  const three = "0xde709f2102306220921060314715629080e2fb77";
  expect(await put(three, now - 10_000)).toMatchObject({ payout_address: one, pending_payout_address: three });
  await settledJob(writer, payer, NODE_A);
  await log.round();
  await payouts().create({}, OPS);
  expect((await service.report(NODE_A, {})).data[0]).toMatchObject({ payout_address: one });
});

test("addresses in mixed case carry the checksum of EIP-55", () => {
  for (const good of [
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
  ]) {
    expect(isPayoutAddress(good)).toBe(true);
    expect(isPayoutAddress(good.toLowerCase())).toBe(true);
    expect(isPayoutAddress(good.replace(/.$/, (digit) => (digit === "0" ? "1" : "0")))).toBe(false);
    expect(isPayoutAddress(good.replace(/[a-f]/, (digit) => digit.toUpperCase()))).toBe(false);
  }
  expect(isPayoutAddress(`0x${"0".repeat(40)}`)).toBe(false);
});

test("a batch needs one connection", async () => {
  await settledJob(writer, payer, NODE_A);
  await log.round();
  const narrow = openDatabase({ url: db.url }, { pool_max: 1, connect_timeout_ms: 1_000 });
  const narrow_log = testLog({ ...db, ...narrow });
  const service = createPayouts({ db: narrow, control: fixedControl(), receiptLog: narrow_log, maturity_ms: 0 });
  expect((await service.create({}, OPS)).payout_count).toBe(1);
  await narrow_log.stop();
  await narrow.close();
});
