import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Control } from "../../../../src/core/gateway/control.ts";
import { listOpenHolds } from "../../../../src/store/postgres/ledger/open_holds.ts";
import { testDatabase, type TestDatabase } from "../../../support/database.ts";
import { holdOf, quoteFor, type Payer } from "../../../support/ledger/fixtures.ts";
import { PROFILE, testDesk, type TestDesk } from "../../../support/private_jobs/desk.ts";
import { newJobId } from "../../../support/private_jobs/path.ts";

let db: TestDatabase;
let desk: TestDesk;
let payer: Payer;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(async () => {
  await db.drop();
});
beforeEach(async () => {
  desk = await testDesk(db);
  payer = await desk.payer();
});
afterEach(async () => {
  await desk.close();
});

const create = (body: unknown) => desk.jobs.create(payer.customer_id, body as never);

/** Refused, and the ledger has not moved: nothing was ever reserved. */
async function refusedFree(body: unknown, code: string): Promise<void> {
  const before = await desk.account(payer);
  await expect(create(body)).rejects.toMatchObject({ code });
  expect(await desk.account(payer)).toEqual(before);
}

describe("the price", () => {
  test("is the ciphertext's bytes and the longest answer, or the customer's ceiling if that is lower", async () => {
    const { body } = desk.sealed();
    const bytes = BigInt(Buffer.byteLength(body.encrypted_request.ciphertext, "base64url"));
    const quoted = bytes * 3n + BigInt(PROFILE.max_completion_tokens) * 7n;
    const queued = await create(body);
    expect(queued.billing).toEqual({
      customer_id: payer.customer_id,
      policy_version: "1",
      quoted_price_wei: `${quoted}`,
      reserved_price_wei: `${quoted}`,
      payout_price_wei: "0",
      status: "reserved",
    });
    expect((await desk.account(payer)).reserved_wei).toBe(`${quoted}`);
    const cheap = await create(desk.sealed({ max_price_wei: "50" }).body);
    expect(cheap.billing).toMatchObject({ quoted_price_wei: `${quoted}`, reserved_price_wei: "50" });
    const lease = await desk.lease();
    expect(lease?.payload).toMatchObject({
      client_job_id: body.job_id,
      reserved_wei: `${quoted}`,
      prompt_bound: Number(bytes),
      completion_bound: 100,
      fence: 2,
      node_epoch: 1,
    });
  });

  test("that the balance does not cover is refused, and leaves no job behind", async () => {
    payer = await desk.payer(10n);
    const { body } = desk.sealed();
    await refusedFree(body, "insufficient_balance");
    expect(await desk.lease()).toBeUndefined();
    await expect(desk.jobs.read(payer.customer_id, body.job_id!)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("what was sealed", () => {
  test("for another price, node, model, job or direction is refused before anything is held", async () => {
    const { body } = desk.sealed({ max_price_wei: "1000" });
    const swaps = [
      { max_price_wei: "1001" },
      { max_price_wei: undefined },
      { model_id: "other" },
      { job_id: newJobId() },
      { job_id: undefined },
      { node_id: desk.other_node_id },
    ];
    for (const swap of swaps) await refusedFree({ ...body, ...swap }, "invalid_encrypted_request");
    await create(body);
    const result = desk.answer((await desk.lease())!);
    await refusedFree(
      { ...body, job_id: newJobId(), encrypted_request: result.encrypted_response },
      "invalid_encrypted_request",
    );
  });

  test("has seven fields in one form: each single-bit change of the clear ones is refused before a hold", async () => {
    const { body } = desk.sealed();
    const before = await desk.account(payer);
    for (const field of ["version", "key_id", "algorithm", "client_public_key_x25519", "aad_hash"] as const) {
      const bytes = Buffer.from(body.encrypted_request[field]!);
      const changed = Array.from({ length: bytes.length * 8 }, (_, bit) => {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        return flipped.toString("latin1");
      });
      for (const text of changed) {
        await expect(
          create({ ...body, encrypted_request: { ...body.encrypted_request, [field]: text } }),
          `${field} ${text}`,
        ).rejects.toMatchObject({ code: "invalid_encrypted_request" });
      }
    }
    for (const strange of [
      { plaintext: "hello" },
      { nonce: "AAECAwQFBgcICQo" },
      { nonce: `${body.encrypted_request.nonce}=` },
      { ciphertext: "" },
      { ciphertext: `${body.encrypted_request.ciphertext}=` },
    ]) {
      await expect(
        create({ ...body, encrypted_request: { ...body.encrypted_request, ...strange } }),
      ).rejects.toMatchObject({ code: "invalid_encrypted_request" });
    }
    expect(await desk.account(payer)).toEqual(before);
  });

  test("to a key that has ended is refused, but a repeat of a job that was taken before is not", async () => {
    const { body } = desk.sealed();
    const first = await create(body);
    await db.pool.query(
      `update node_transport_keys set not_before = now() - interval '2 days', not_after = now() - interval '1 day'
       where key_id = $1`,
      [desk.key.key_id],
    );
    expect(await create(body)).toEqual(first);
    await refusedFree(desk.sealed().body, "invalid_encrypted_request");
  });
});

describe("a repeat", () => {
  test("is answered with the first answer, from many at once and after the end", async () => {
    const { body } = desk.sealed();
    const answers = await Promise.all(Array.from({ length: 12 }, () => create(body)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    const { rows } = await db.pool.query(
      "select count(*)::integer as count from holds where node_id = $1 and state = 'held'",
      [desk.caller.node_id],
    );
    expect(rows[0]).toEqual({ count: 1 });
    const lease = await desk.lease();
    await desk.calls.result(desk.caller, lease!.command_id, desk.answer(lease!));
    expect(await create(body)).toEqual(answers[0]);
  });

  test("without a job_id is known by its envelope; many at once hold once", async () => {
    const { job_id: _, ...body } = desk.sealed({ job_id: undefined as never }).body;
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(body)));
    expect(new Set(answers.map((answer) => answer.command_id)).size).toBe(1);
    expect(answers[0]!.job_id).toMatch(/^job_[0-9a-z]{26}$/);
    expect((await desk.account(payer)).open_holds).toBe(1);
  });

  test("with another envelope, or of another customer's envelope, is a conflict", async () => {
    const { body } = desk.sealed();
    await create(body);
    await refusedFree(desk.sealed({ job_id: body.job_id! }).body, "conflict");
    payer = await desk.payer();
    await refusedFree(body, "conflict");
  });
});

describe("the node", () => {
  const change = async (to: object, code: string) => {
    desk.views.set(desk.caller.node_id, { ...desk.views.get(desk.caller.node_id)!, ...to });
    await refusedFree(desk.sealed().body, code);
  };

  test("must be known, serve the model and pass its gates", async () => {
    await refusedFree({ ...desk.sealed().body, node_id: `node_${"z".repeat(26)}` }, "not_found");
    await change({ profiles: [] }, "model_not_found");
    await change({ profiles: [PROFILE], online: false }, "no_healthy_candidates");
    await change({ online: true, status: "suspended" }, "no_healthy_candidates");
    await change(
      { status: "active", profiles: [{ ...PROFILE, benchmark_verified: false }] },
      "model_benchmark_unverified",
    );
    await change({ profiles: [{ ...PROFILE, asking_prompt_price_wei: null }] }, "no_healthy_candidates");
  });

  test("is paused by an incident for private jobs, and not by one for chats", async () => {
    const incident = (target: string): Control["incidents"] => [
      { incident_id: "inc", scope: "route_class", target, opened_at: new Date() },
    ];
    desk.state.control = { ...desk.state.control, incidents: incident("private_job") };
    await refusedFree(desk.sealed().body, "incident_paused");
    desk.state.control = { ...desk.state.control, incidents: incident("pooled_sync") };
    expect((await create(desk.sealed().body)).status).toBe("queued");
    desk.state.control = { ...desk.state.control, benchmarks: new Map() };
    await refusedFree(desk.sealed().body, "observed_benchmark_missing");
  });
});

describe("a gateway that stops between hold and command", () => {
  test("leaves a hold that any gateway's sweep gives back, and recovery leaves queued jobs alone", async () => {
    const quote = quoteFor(payer, {
      mode: "private",
      credential_id: null,
      node_id: desk.caller.node_id,
      gateway_id: "gw_gone",
    });
    expect(await desk.writer.apply(holdOf(quote))).toMatchObject({ ok: true });
    await create(desk.sealed().body);
    const orphans = await listOpenHolds(db, {
      older_than_seconds: 0,
      silent_seconds: 20,
      orphans_only: true,
      limit: 1_000,
    });
    expect(orphans.filter(({ hold }) => hold.mode === "private")).toEqual([]);
    await desk.sweep.round();
    const { rows } = await db.pool.query("select state, close_reason from holds where hold_id = $1", [quote.hold_id]);
    expect(rows).toEqual([{ state: "released", close_reason: "not_queued" }]);
    expect(await desk.account(payer)).toMatchObject({ open_holds: 1 });
    expect(await desk.lease()).toBeDefined();
  });
});
