import { afterAll, describe, expect, test } from "vitest";
import { mintHoldId, mintId } from "../../../../src/core/protocol/bytes/ids.ts";
import { OPEN_POLICY, policyJson } from "../../../../src/core/gateway/billing/policy.ts";
import { policyWindows } from "../../../../src/core/gateway/billing/windows.ts";
import { putPolicy } from "../../../../src/store/postgres/customers/policies.ts";
import {
  accountOf,
  holdOf,
  makePayer,
  quoteFor,
  receiptFor,
  releaseHold,
  settleOf,
} from "../../../support/ledger/fixtures.ts";
import { testLedger } from "../../../support/ledger/ledger.ts";

const ledger = await testLedger();
const { db, writer } = ledger;
afterAll(async () => {
  // The ids of another hold are found when the batch is written, which is then decided anew: twice in this file.
  expect(writer.stats().failures).toEqual({ locked: 0, conflict: 2, away: 0, rejected: 0 });
  await ledger.close();
});

const credit_wei = 10_000n;
const hold = (payer: { customer_id: string; credential_id: string }, change = {}) =>
  writer.apply(holdOf(quoteFor(payer, change)));

describe("who may ask", () => {
  test.each([
    [
      "a frozen customer",
      "customer_frozen",
      "update customers set status = 'frozen' where customer_id = $1 and $2 <> ''",
    ],
    [
      "a revoked key",
      "unauthorized",
      "update credentials set revoked_at = now() where customer_id = $1 and credential_id = $2",
    ],
    [
      "an expired key",
      "unauthorized",
      "update credentials set expires_at = now() where customer_id = $1 and credential_id = $2",
    ],
  ])("%s is refused by the next admission", async (_, code, sql) => {
    const payer = await makePayer(db, writer, { credit_wei });
    expect(await hold(payer)).toMatchObject({ ok: true });
    await db.pool.query(sql, [payer.customer_id, payer.credential_id]);
    expect(await hold(payer)).toMatchObject({ ok: false, code });
  });

  test("an unknown customer, and the key of another", async () => {
    const [payer, other] = [await makePayer(db, writer, { credit_wei }), await makePayer(db, writer, { credit_wei })];
    expect(await hold({ ...payer, customer_id: mintId("cus") })).toMatchObject({ ok: false, code: "unauthorized" });
    expect(await hold({ ...payer, credential_id: other.credential_id })).toMatchObject({
      ok: false,
      code: "unauthorized",
    });
  });
});

describe("policy", () => {
  test("a price above the request's own ceiling names what fits", async () => {
    const payer = await makePayer(db, writer, { credit_wei });
    expect(await hold(payer, { max_price_wei: 350n })).toMatchObject({
      ok: false,
      code: "max_price_exceeded",
      detail: { required_wei: "500", available_wei: "350", affordable_max_tokens: 50, limit: "max_price_wei" },
    });
    expect(await hold(payer, { completion_bound: 50, max_price_wei: 350n })).toMatchObject({ ok: true });
  });

  test.each([
    ["the customer's ceiling", { policy: { max_price_wei: 499n } }, "max_price_exceeded", "customer.max_price_wei"],
    ["the key's ceiling", { key_policy: { max_price_wei: 499n } }, "max_price_exceeded", "key.max_price_wei"],
    [
      "the customer's models",
      { policy: { model_allowlist: ["other"] } },
      "model_not_allowed",
      "customer.model_allowlist",
    ],
    ["the key's models", { key_policy: { model_allowlist: [] } }, "model_not_allowed", "key.model_allowlist"],
    ["the route tiers", { policy: { route_tiers: ["premium"] } }, "route_tier_not_allowed", "customer.route_tiers"],
  ])("%s refuses", async (_, policies, code, limit) => {
    const refused = await hold(await makePayer(db, writer, { credit_wei, ...policies }));
    expect(refused).toMatchObject({ ok: false, code, detail: { limit } });
    expect(refused).not.toHaveProperty("retry_after_ms");
  });
});

describe("rates", () => {
  test("requests a minute, with what is left and when to come back", async () => {
    const payer = await makePayer(db, writer, { credit_wei, policy: { requests_per_minute: 2 } });
    expect(await hold(payer)).toMatchObject({ ok: true, limits: { requests: { limit: 2, remaining: 1 } } });
    expect(await hold(payer)).toMatchObject({ ok: true, limits: { requests: { limit: 2, remaining: 0 } } });
    const refused = await hold(payer);
    expect(refused).toMatchObject({
      ok: false,
      code: "rate_limited",
      detail: { limit: "customer.requests_per_minute", window_seconds: 60, remaining: 0 },
      limits: { requests: { remaining: 0 } },
    });
    expect(refused).toHaveProperty("retry_after_ms", expect.closeTo(60_000, -4));
  });

  test("tokens a minute are reserved by the bounds and corrected by the receipt", async () => {
    const payer = await makePayer(db, writer, { credit_wei, key_policy: { tokens_per_minute: 300 } });
    const quote = quoteFor(payer);
    await writer.apply(holdOf(quote));
    expect(await hold(payer)).toMatchObject({
      ok: false,
      code: "rate_limited",
      detail: { limit: "key.tokens_per_minute", required: 200, remaining: 100 },
    });
    await writer.apply(settleOf(receiptFor(quote)));
    expect(await hold(payer)).toMatchObject({ ok: true, limits: { tokens: { limit: 300, remaining: 70 } } });
  });

  test("what can never fit has no time to come back", async () => {
    const refused = await hold(await makePayer(db, writer, { credit_wei, policy: { tokens_per_minute: 199 } }));
    expect(refused).toMatchObject({
      ok: false,
      code: "rate_limited",
      message: expect.stringContaining("can never fit") as string,
    });
    expect(refused).not.toHaveProperty("retry_after_ms");
  });

  test("requests at once are the open holds", async () => {
    const payer = await makePayer(db, writer, { credit_wei, key_policy: { max_concurrent_requests: 1 } });
    const quote = quoteFor(payer);
    await writer.apply(holdOf(quote));
    expect(await hold(payer)).toMatchObject({
      ok: false,
      code: "rate_limited",
      detail: { limit: "key.max_concurrent_requests" },
      retry_after_ms: 1_000,
    });
    await writer.apply(releaseHold(quote.hold_id));
    expect(await hold(payer)).toMatchObject({ ok: true });
  });
});

describe("money", () => {
  test("a balance that is too low says what is needed, there, and what would fit", async () => {
    const payer = await makePayer(db, writer, { credit_wei: 350n });
    const refused = await hold(payer);
    expect(refused).toMatchObject({
      ok: false,
      code: "insufficient_balance",
      detail: { required_wei: "500", available_wei: "350", affordable_max_tokens: 50 },
    });
    expect(refused).not.toHaveProperty("retry_after_ms");
    expect(await accountOf(db, payer)).toMatchObject({ reserved_wei: "0", entries: 1 });
    expect(await hold(payer, { completion_bound: 50 })).toMatchObject({ ok: true });
    expect(await hold(payer, { completion_bound: 20 }), "only the open request is in the way").toMatchObject({
      ok: false,
      retry_after_ms: 1_000,
    });
  });

  test("a cap counts what is reserved, to the last wei, and gives back what was not used", async () => {
    const payer = await makePayer(db, writer, {
      credit_wei,
      policy: { spend_caps: [{ window_seconds: 3600, cap_wei: 1_000n }] },
    });
    const quotes = [quoteFor(payer), quoteFor(payer)];
    expect(await Promise.all(quotes.map((quote) => writer.apply(holdOf(quote))))).toMatchObject([
      { ok: true },
      { ok: true },
    ]);
    expect(await hold(payer, { prompt_bound: 0, completion_bound: 1 })).toMatchObject({
      ok: false,
      code: "gateway_spend_cap_exceeded",
      detail: {
        limit: "customer.spend_cap",
        available_wei: "0",
        window_seconds: 3600,
        cap_wei: "1000",
        affordable_max_tokens: 0,
      },
    });
    await writer.apply(settleOf(receiptFor(quotes[0]!)));
    expect(await hold(payer, { amount_wei: 421n })).toMatchObject({
      ok: false,
      code: "gateway_spend_cap_exceeded",
      detail: { available_wei: "420" },
    });
    expect(await hold(payer, { amount_wei: 420n })).toMatchObject({ ok: true });
  });

  test("a cap that is set later counts what was spent before, for customer and key", async () => {
    const payer = await makePayer(db, writer, { credit_wei });
    const quote = quoteFor(payer);
    await writer.apply(holdOf(quote));
    await writer.apply(settleOf(receiptFor(quote)));
    await hold(payer);
    const policy = policyJson({
      ...OPEN_POLICY,
      spend_caps: [{ window_seconds: 86_400, cap_wei: 600n }],
      requests_per_minute: 100,
    });
    await putPolicy(db, { table: "customer", customer_id: payer.customer_id }, policy, policyWindows(policy));
    const key_policy = policyJson({ ...OPEN_POLICY, tokens_per_minute: 1_000 });
    const key = { table: "credential" as const, credential_id: payer.credential_id };
    await putPolicy(db, key, key_policy, policyWindows(key_policy));
    const expected = { requests: { limit: 100, remaining: 98 }, tokens: { limit: 1_000, remaining: 770 } };
    expect(await hold(payer)).toMatchObject({
      ok: false,
      code: "gateway_spend_cap_exceeded",
      detail: { available_wei: "20" },
      limits: expected,
    });
  });
});

describe("names", () => {
  test("a customer's own reference is taken while its job is open or charged, and free after one that cost nothing", async () => {
    const [payer, other] = [await makePayer(db, writer, { credit_wei }), await makePayer(db, writer, { credit_wei })];
    const quote = quoteFor(payer, { client_job_id: "order 17" });
    expect(await writer.apply(holdOf(quote))).toMatchObject({ ok: true });
    expect(await hold(payer, { client_job_id: "order 17" })).toMatchObject({ ok: false, code: "conflict" });
    expect(await hold(other, { client_job_id: "order 17" })).toMatchObject({ ok: true });
    await writer.apply(releaseHold(quote.hold_id));
    expect(await hold(payer, { client_job_id: "order 17" })).toMatchObject({ ok: true });
  });

  test("ids of others cannot be taken", async () => {
    const [payer, other] = [await makePayer(db, writer, { credit_wei }), await makePayer(db, writer, { credit_wei })];
    const quote = quoteFor(payer);
    await writer.apply(holdOf(quote));
    expect(await hold(other, { job_id: quote.job_id })).toMatchObject({ ok: false, code: "conflict" });
    expect(await hold(other, { hold_id: quote.hold_id })).toMatchObject({ ok: false, code: "conflict" });
  });

  test("the same operation again answers the same, and a hold that was given up is not taken for open", async () => {
    const payer = await makePayer(db, writer, { credit_wei });
    const operation = holdOf(quoteFor(payer), { key: "once", body: "body" });
    const first = await writer.apply(operation);
    expect(await writer.apply(operation)).toEqual(first);
    expect(await accountOf(db, payer)).toMatchObject({ open_holds: 1, reserved_wei: "500" });
    await writer.apply(releaseHold(operation.quote.hold_id));
    expect(await writer.apply(operation)).toMatchObject({ ok: false, code: "admission_unavailable" });
  });
});

test("what cannot be stored is refused before any batch", async () => {
  const payer = await makePayer(db, writer, { credit_wei });
  await expect(hold(payer, { amount_wei: 0n })).rejects.toMatchObject({ code: "invalid_request", param: "amount_wei" });
  await expect(hold(payer, { client_job_id: "a\0b" })).rejects.toMatchObject({
    code: "invalid_request",
    param: "client_job_id",
  });
  await expect(hold(payer, { model_id: "\ud800" })).rejects.toMatchObject({ code: "invalid_request" });
  await expect(hold(payer, { amount_wei: 2n ** 256n })).rejects.toMatchObject({ code: "invalid_request" });
  await expect(hold(payer, { hold_id: "'); drop table holds" })).rejects.toMatchObject({ code: "invalid_request" });
  await expect(hold(payer, { hold_id: mintHoldId(), prompt_bound: 1.5, amount_wei: 1n })).rejects.toMatchObject({
    code: "invalid_request",
  });
  const quote = quoteFor(payer, { client_job_id: `"quoted", {braced} \\ NULL 'x'` });
  await writer.apply(holdOf(quote));
  expect((await db.pool.query("select client_job_id from holds where hold_id = $1", [quote.hold_id])).rows).toEqual([
    { client_job_id: quote.client_job_id },
  ]);
});
