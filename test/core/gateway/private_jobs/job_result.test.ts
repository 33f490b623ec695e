import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { readBillingJob } from "../../../../src/core/gateway/billing/job.ts";
import { canonicalize } from "../../../../src/core/protocol/bytes/canonical.ts";
import { sha256 } from "../../../../src/core/protocol/bytes/encoding.ts";
import { storeSealedResult } from "../../../../src/store/postgres/private_jobs/results.ts";
import { asAdmin } from "../../../support/audit.ts";
import { testDatabase, type TestDatabase } from "../../../support/database.ts";
import type { Payer } from "../../../support/ledger/fixtures.ts";
import { type DeskOptions, testDesk, type TestDesk } from "../../../support/private_jobs/desk.ts";
import { open, type Sealed } from "../../../support/private_jobs/path.ts";

let db: TestDatabase;
let desk: TestDesk;
let payer: Payer;
let sealed: Sealed;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(async () => {
  await db.drop();
});
afterEach(async () => {
  await desk.close();
});

/** A desk with one queued job. */
async function queued(options: DeskOptions = {}): Promise<void> {
  desk = await testDesk(db, options);
  payer = await desk.payer();
  sealed = desk.sealed();
  await desk.jobs.create(payer.customer_id, sealed.body);
}

/** What billing says of the job, which is what the job says of itself. */
async function expectStatus(status: string): Promise<void> {
  expect((await read()).status).toBe(status);
  expect((await readBillingJob(db, payer.customer_id, sealed.body.job_id!)).status).toBe(status);
}

const read = () => desk.jobs.read(payer.customer_id, sealed.body.job_id!);

/** All money is back, nothing was charged, the sealed request is gone and no result can be read. */
async function expectReleased(reason: string, status: "failed" | "expired" = "failed"): Promise<void> {
  const job = await read();
  expect(job).toMatchObject({
    status,
    encrypted_request: null,
    encrypted_response: null,
    billing: { status: status === "failed" ? "released" : "expired", payout_price_wei: "0" },
  });
  expect(await desk.account(payer)).toMatchObject({ debited_wei: "0", reserved_wei: "0", open_holds: 0 });
  const { rows } = await db.pool.query("select close_reason from holds where client_job_id = $1", [sealed.body.job_id]);
  expect(rows).toEqual([{ close_reason: reason }]);
  const kept = await db.pool.query(
    "select 1 from sealed_results s join private_jobs p on p.hold_id = s.hold_id where p.client_job_id = $1",
    [sealed.body.job_id],
  );
  expect(kept.rowCount).toBe(0);
}

describe("a result", () => {
  test("settles the hold, is read by the customer, and is deleted an hour after that", async () => {
    await queued();
    await expectStatus("queued");
    const lease = (await desk.lease())!;
    await expectStatus("claimed");
    const result = desk.answer(lease);
    expect(await desk.calls.result(desk.caller, lease.command_id, result)).toMatchObject({
      status: "accepted",
      receipt: { status: "settled" },
    });
    const { rows: kept } = await db.pool.query("select payload from commands where command_id = $1", [
      lease.command_id,
    ]);
    expect(kept[0].payload).not.toHaveProperty("encrypted_request");
    expect(await desk.account(payer)).toMatchObject({
      debited_wei: `${10 * 3 + 20 * 7}`,
      reserved_wei: "0",
      open_holds: 0,
    });

    const before = await db.pool.query(
      `select delete_at - stored_at = interval '24 hours' as a_day
       from sealed_results s join private_jobs p using (hold_id) where p.client_job_id = $1`,
      [sealed.body.job_id],
    );
    expect(before.rows).toEqual([{ a_day: true }]);
    const job = await read();
    expect(job).toMatchObject({
      status: "completed",
      receipt_hash: result.receipt!.receipt_hash,
      billing: { status: "settled", payout_price_wei: "153" },
    });
    expect(open(job, sealed.session)).toEqual({ content: "there" });
    const { rows } = await db.pool.query(
      `select delete_at < now() + interval '61 minutes' as soon
       from sealed_results s join private_jobs p using (hold_id) where p.client_job_id = $1`,
      [sealed.body.job_id],
    );
    expect(rows).toEqual([{ soon: true }]);
    await db.pool.query("update sealed_results set delete_at = now() - interval '1 second'");
    await Promise.all([desk.sweep.round(), desk.sweep.round()]);
    expect(await read()).toMatchObject({ status: "completed", encrypted_response: null });
    await expectStatus("completed");
    expect(desk.ended).toEqual(["completed"]);
  });

  test("is signed under the node's newest epoch, also when its poll began before the first tunnel", async () => {
    await queued();
    const lease = (await desk.lease(0, 0))!;
    expect(lease.payload["node_epoch"]).toBe(1);
    await desk.calls.result({ ...desk.caller, epoch: 0 }, lease.command_id, desk.answer(lease));
    expect((await read()).status).toBe("completed");
  });

  test("sent again is answered the same; another one is a conflict", async () => {
    await queued();
    const lease = (await desk.lease())!;
    const result = desk.answer(lease);
    await desk.calls.result(desk.caller, lease.command_id, result);
    expect(await desk.calls.result(desk.caller, lease.command_id, result)).toMatchObject({
      status: "accepted",
      receipt: { status: "settled" },
    });
    await expect(
      desk.calls.result(desk.caller, lease.command_id, { ...result, receipt: desk.answer({ ...lease }).receipt! }),
    ).rejects.toMatchObject({ code: "conflict" });
    expect((await desk.account(payer)).debited_wei).toBe("170");
  });

  test("counts completion tokens up to the sealed bytes, and never more than the hold", async () => {
    await queued();
    const lease = (await desk.lease())!;
    const result = desk.answer(lease, {
      prompt_tokens: 1_000_000,
      completion_tokens: 1_000_000,
      total_tokens: 2_000_000,
    });
    await desk.calls.result(desk.caller, lease.command_id, result);
    const { billing } = await read();
    expect((await desk.account(payer)).debited_wei).toBe(billing.reserved_price_wei);
  });

  test("counts only under the newest lease, whose receipt alone has the right fence; late is no harm", async () => {
    await queued({ commands: { lease_ms: 40, grace_ms: 60_000 } });
    const first = (await desk.lease())!;
    const early = desk.answer(first);
    await sleep(60);
    const second = (await desk.lease(2, 2))!;
    expect(second).toMatchObject({ lease_token: 2, attempt: 2, payload: { fence: 3, node_epoch: 2 } });
    await expect(desk.calls.result(desk.caller, first.command_id, early)).rejects.toMatchObject({
      code: "lease_superseded",
    });
    await expect(desk.calls.result(desk.caller, first.command_id, { ...early, lease_token: 2 })).rejects.toMatchObject({
      code: "invalid_request",
    });
    expect(await desk.receipts.submit(desk.caller.node_id, early.receipt!)).toEqual({
      status: "recorded",
      reason: "superseded",
    });
    await sleep(60);
    await desk.calls.result(desk.caller, second.command_id, desk.answer(second));
    const job = await read();
    expect(job.status).toBe("completed");
    expect(open(job, sealed.session)).toEqual({ content: "there" });
  });

  test("that is not of this lease, node, job, price or mode is refused, and the job goes on", async () => {
    await queued();
    const lease = (await desk.lease())!;
    const wrong = [
      { job_id: `job_${"a".repeat(26)}` },
      { fence: 1 },
      { prompt_price_wei: "4" },
      { completion_price_wei: "8" },
      { fee_bps: 0 },
      { model_profile_id: "other" },
      { dispatch_mode: "pooled_sync" as const },
      { outcome: "error" as const },
      { outcome: "cancelled" as const },
    ];
    for (const change of wrong) {
      await expect(
        desk.calls.result(desk.caller, lease.command_id, desk.answer(lease, change)),
        JSON.stringify(change),
      ).rejects.toMatchObject({ code: "invalid_request" });
    }
    const good = desk.answer(lease);
    const other = desk.sealed().body.encrypted_request;
    await expect(
      desk.calls.result(desk.caller, lease.command_id, { ...good, encrypted_response: other }),
    ).rejects.toMatchObject({ code: "invalid_request" });
    await expect(
      desk.calls.result(desk.caller, lease.command_id, { lease_token: 1, status: "succeeded", result: {} }),
    ).rejects.toMatchObject({ code: "invalid_request" });
    const forged = { ...good, receipt: { ...good.receipt!, signature_ed25519: "A".repeat(86) } };
    await expect(desk.calls.result(desk.caller, lease.command_id, forged)).rejects.toMatchObject({
      code: "invalid_signature",
    });
    await expect(
      desk.calls.result({ node_id: desk.other_node_id, epoch: 1 }, lease.command_id, good),
    ).rejects.toMatchObject({ code: "not_found" });
    expect((await read()).status).toBe("claimed");
    await desk.calls.result(desk.caller, lease.command_id, good);
    expect((await read()).status).toBe("completed");
  });

  test("comes before its receipt by the outbox counts: no receipt is paid without a result", async () => {
    await queued();
    const lease = (await desk.lease())!;
    const result = desk.answer(lease);
    expect(await desk.receipts.submit(desk.caller.node_id, result.receipt!)).toEqual({
      status: "retry",
      reason: "answer_open",
    });
    await desk.calls.result(desk.caller, lease.command_id, result);
    expect(await desk.receipts.submit(desk.caller.node_id, result.receipt!)).toEqual({ status: "settled" });
    expect((await desk.account(payer)).debited_wei).toBe("170");
  });

  test("that was kept before its gateway stopped is settled by the sweep", async () => {
    await queued();
    const lease = (await desk.lease())!;
    const { encrypted_response, receipt, lease_token } = desk.answer(lease);
    const stored = {
      command_id: lease.command_id,
      node_id: desk.caller.node_id,
      lease_token,
      encrypted_response: encrypted_response as Record<string, unknown>,
      receipt: receipt!,
      sealed_bytes: 600,
      result_hash: sha256(canonicalize({ encrypted_response, receipt })),
    };
    expect(await storeSealedResult(db, stored)).toBe(true);
    expect(await read()).toMatchObject({
      status: "awaiting_receipt",
      encrypted_response: null,
      billing: { status: "reserved" },
    });
    await desk.sweep.round();
    expect(open(await read(), sealed.session)).toEqual({ content: "there" });
  });

  test("with a receipt whose number was used before suspends the node and pays nothing", async () => {
    await queued();
    const lease = (await desk.lease())!;
    const number = 77_000;
    await desk.receipts.submit(
      desk.caller.node_id,
      desk.answer(lease, { node_seq: number, job_id: `job_${"b".repeat(26)}` }).receipt!,
    );
    await desk.calls.result(desk.caller, lease.command_id, desk.answer(lease, { node_seq: number }));
    expect(desk.suspended).toEqual([desk.caller.node_id]);
    await expectReleased("sequence_reused");
  });
});

describe("every failure ends in a release", () => {
  test("a node that refuses: at once, with its reason if that is a known word", async () => {
    await queued();
    const lease = (await desk.lease())!;
    const failed = {
      lease_token: lease.lease_token,
      status: "failed" as const,
      failure: { code: "request_refused", message: "No." },
    };
    await desk.calls.result(desk.caller, lease.command_id, failed);
    await expectReleased("request_refused");
  });

  test("a node's own words reach nobody", async () => {
    await queued();
    const lease = (await desk.lease())!;
    await desk.calls.result(desk.caller, lease.command_id, {
      lease_token: lease.lease_token,
      status: "failed",
      failure: { code: "the_prompt_was_hi", message: "hi" },
    });
    await expectReleased("node_failed");
  });

  test("a lease that is lost three times", async () => {
    await queued({ commands: { lease_ms: 30, grace_ms: 30, expire_every_ms: 20 } });
    for (const attempt of [1, 2, 3]) {
      expect(await desk.lease(2)).toMatchObject({ attempt });
      await sleep(50);
    }
    await vi.waitFor(async () => {
      await desk.sweep.round();
      await expectReleased("node_gave_no_result");
    });
    expect(await desk.lease()).toBeUndefined();
  });

  test("a node that never polls: after the deadline, long before the hold would expire", async () => {
    await queued({ deadline_ms: 1_000, commands: { expire_every_ms: 20, grace_ms: 20 } });
    await vi.waitFor(async () => {
      await desk.sweep.round();
      await expectReleased("node_gave_no_result");
    }, 5_000);
    const { rows } = await db.pool.query(
      "select expires_at > closed_at + interval '50 seconds' as early from holds where client_job_id = $1",
      [sealed.body.job_id],
    );
    expect(rows).toEqual([{ early: true }]);
  });

  test("a lease is never longer than the deadline, however often it is renewed", async () => {
    await queued({ deadline_ms: 1_500 });
    const lease = (await desk.lease())!;
    const deadline = Date.parse(lease.payload["deadline_at"] as string);
    expect(Date.parse(lease.lease_until)).toBe(deadline);
    const renewed = await desk.calls.result(desk.caller, lease.command_id, { lease_token: 1, status: "running" });
    expect(Date.parse(renewed.lease_until!)).toBe(deadline);
  });

  test("an admin who cancels; the request is gone, so nobody can queue it again", async () => {
    await queued();
    const lease = (await desk.lease())!;
    await desk.commands.cancel(lease.command_id, "a test", asAdmin("commands"));
    await Promise.all([desk.sweep.round(), desk.sweep.round()]);
    await expectReleased("cancelled");
    await expectStatus("failed");
    expect(desk.ended).toEqual(["failed"]);
    await expect(desk.commands.retry(lease.command_id, "a test", asAdmin("commands"))).rejects.toMatchObject({
      code: "conflict",
    });
    await expect(
      desk.calls.result(desk.caller, lease.command_id, { lease_token: 1, status: "running" }),
    ).rejects.toMatchObject({ code: "lease_superseded" });
  });

  test("a hold that something else closed: its command is taken back, and not given out", async () => {
    await queued();
    const { rows } = await db.pool.query<{ hold_id: string }>("select hold_id from holds where client_job_id = $1", [
      sealed.body.job_id,
    ]);
    await desk.jobs.release(rows[0]!.hold_id, "admin");
    expect(await desk.lease()).toBeUndefined();
    await expectReleased("admin");
    const state = await db.pool.query("select state from commands where hold_id = $1", [rows[0]!.hold_id]);
    expect(state.rows).toEqual([{ state: "cancelled" }]);
  });

  test("a result for a hold that is closed is not kept", async () => {
    await queued();
    const lease = (await desk.lease())!;
    const { rows } = await db.pool.query<{ hold_id: string }>("select hold_id from holds where client_job_id = $1", [
      sealed.body.job_id,
    ]);
    await desk.jobs.release(rows[0]!.hold_id, "admin");
    expect(await desk.calls.result(desk.caller, lease.command_id, desk.answer(lease))).toMatchObject({
      receipt: { status: "recorded", reason: "hold_closed" },
    });
    await expectReleased("admin");
  });
});
