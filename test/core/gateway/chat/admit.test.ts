import { describe, expect, it } from "vitest";
import { admit } from "../../../../src/core/gateway/chat/admit.ts";
import { readChatRequest } from "../../../../src/core/gateway/chat/request.ts";
import { type FakeChat, fakeChat, nodeAnswer } from "../../../support/chat.ts";
import { node } from "../../../support/routing.ts";

const REFUSED = { ok: false, message: "no", detail: {} };

/** Admits a chat; what the ledger was asked, and what the client was told. */
function admission(given: FakeChat & { started_ms_ago?: number }) {
  const fake = fakeChat({ nodes: [node({ node_id: "node_a" }), node({ node_id: "node_b" })], ...given });
  const { ports, call, caller } = fake;
  const asked = {
    request: readChatRequest(call.body),
    caller,
    call,
    policy: ports.policies("cus_a", "key_a"),
    started: performance.now() - (given.started_ms_ago ?? 0),
  };
  const quotes = () => fake.operations.flatMap((one) => (one.kind === "hold" ? [one.quote] : []));
  return { ...fake, quotes, admitted: admit(ports, asked) };
}

describe("an admission", () => {
  it("holds the dearest of the candidates, and hands over the hold with the epoch of its first node", async () => {
    const { admitted, quotes } = admission({});
    const { hold, candidates, quote, node_epoch, mode } = await admitted;
    expect(quotes()).toHaveLength(1);
    expect(quotes()[0]).toMatchObject({ hold_id: hold.hold_id, amount_wei: quote.amount_wei, mode: "plain" });
    expect([candidates.length, node_epoch, mode]).toEqual([2, 1, "plain"]);
  });

  it("that is refused says so with its limits, and counts the code", async () => {
    const limits = { requests: { limit: 5, remaining: 0, reset_ms: 1_500 } };
    const refused = { ...REFUSED, code: "idempotency_key_reused", retry_after_ms: 1_500, limits };
    const { admitted, quotes, client, ports } = admission({ verdicts: { hold: () => refused } });
    await expect(admitted).rejects.toMatchObject({ code: "idempotency_key_reused", retry_after_ms: 1_500 });
    expect(quotes()).toHaveLength(1);
    expect(client.headers).toMatchObject({ "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "2s" });
    expect(await ports.metrics.registry.metrics()).toContain(
      'b3iq_admissions_refused_total{code="idempotency_key_reused"} 1',
    );
  });

  it("that is refused for money is tried once more, by an exact count and for that node alone", async () => {
    let first = true;
    const hold = ({ quote }: { quote: { hold_id: string } }) => {
      const verdict = first ? { ...REFUSED, code: "insufficient_balance" } : { ok: true, ...quote, limits: {} };
      first = false;
      return verdict;
    };
    const other = () => nodeAnswer(200, { prompt_tokens: 3 });
    const { admitted, quotes, calls } = admission({ verdicts: { hold }, other });
    const { candidates, quote } = await admitted;
    expect(calls.map(({ path }) => path)).toEqual(["/v1/tunnel/count"]);
    expect(calls[0]!.body).toMatchObject({ model: "m", messages: [{ content: "hi" }] });
    expect([quote.prompt_bound, candidates.map(({ node_id }) => node_id)]).toEqual([3, [calls[0]!.node_id]]);
    const [by_bytes, exact] = quotes();
    expect(exact!.job_id).toBe(by_bytes!.job_id);
    expect(exact!.amount_wei).toBeLessThan(by_bytes!.amount_wei);
  });

  it("that an exact count does not lift is refused as it was", async () => {
    const refused = { ...REFUSED, code: "insufficient_balance" };
    const other = () => nodeAnswer(200, { prompt_tokens: 4_000 });
    const { admitted, quotes } = admission({ verdicts: { hold: () => refused }, other });
    await expect(admitted).rejects.toMatchObject({ code: "insufficient_balance" });
    expect(quotes()).toHaveLength(1);
  });
});

describe("a repeat of a request that another gateway holds", () => {
  const held_by = { gateway_id: "gw_gone", gateway_epoch: 1 };
  const refused = { ...REFUSED, code: "idempotency_in_flight", held_by };

  it("waits for one that is gone, and then runs", async () => {
    let tries = 0;
    const hold = ({ quote }: { quote: { hold_id: string } }) =>
      (tries += 1) === 1 ? refused : { ok: true, ...quote, limits: {} };
    const { admitted } = admission({ verdicts: { hold }, ports: { alive: async () => false } });
    expect(await admitted).toMatchObject({ mode: "plain" });
    expect(tries).toBe(2);
  });

  it.each([
    ["that is alive", {}],
    ["while this gateway drains", { draining: () => true, alive: async () => false }],
  ] as [string, FakeChat["ports"]][])("does not wait for one %s", async (_which, ports) => {
    const { admitted, quotes } = admission({ verdicts: { hold: () => refused }, ports });
    await expect(admitted).rejects.toMatchObject({ code: "idempotency_in_flight" });
    expect(quotes()).toHaveLength(1);
  });

  it("waits no longer than a take-over takes", async () => {
    const gone = { verdicts: { hold: () => refused }, ports: { alive: async () => false }, started_ms_ago: 31_000 };
    const { admitted, quotes } = admission(gone);
    await expect(admitted).rejects.toMatchObject({ code: "idempotency_in_flight" });
    expect(quotes(), "asked once more after the wait").toHaveLength(2);
  });
});
