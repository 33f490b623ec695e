import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_PRICE_BOUNDS } from "../../../../src/core/gateway/prices/effective.ts";
import { offerOf } from "../../../../src/core/gateway/private_jobs/offer.ts";
import { withinCeilings } from "../../../../src/core/gateway/routing/claims.ts";
import { createModels } from "../../../../src/core/gateway/routing/models.ts";
import { control, fixed, node, profile } from "../../../support/routing.ts";

const CLAIMS = ["template_tokens", "tokens_per_message", "growth_factor_milli"] as const;
const ROOM = ["context_length", "max_completion_tokens", "default_max_tokens"] as const;
const allowed = (hidden_reasoning: boolean) =>
  new Map([
    [
      "m",
      {
        model_id: "m",
        default_prompt_price_wei: null,
        default_completion_price_wei: null,
        ...NO_PRICE_BOUNDS,
        hidden_reasoning,
      },
    ],
  ]);

describe("what a node says of a profile", () => {
  it("stands up to its ceiling, and not beyond", () => {
    const number = fc.integer({ min: 0, max: 100_000_000 });
    const claims = fc.record(Object.fromEntries([...CLAIMS, ...ROOM].map((name) => [name, number])));
    fc.assert(
      fc.property(claims, fc.integer({ min: 1_024, max: 1_000_000 }), (claimed, context_length_max) => {
        const said = profile(claimed);
        const cut = withinCeilings(said, { context_length_max, prices: new Map() });
        const ceilings = { template_tokens: 256, tokens_per_message: 16, growth_factor_milli: 4_000 };
        for (const name of CLAIMS) expect(cut[name]).toBe(Math.min(said[name], ceilings[name]));
        const room = [context_length_max, said.context_length];
        expect(cut.context_length).toBe(Math.min(...room));
        expect(cut.max_completion_tokens).toBe(Math.min(...room, said.max_completion_tokens));
        expect(cut.default_max_tokens).toBe(Math.min(...room, said.max_completion_tokens, said.default_max_tokens));
        expect(withinCeilings(cut, { context_length_max, prices: new Map() })).toEqual(cut);
      }),
    );
  });

  it("hides reasoning only where an admin allowed it for the model, and the node says so", () => {
    const said = (hidden_reasoning: boolean, prices = allowed(true)) =>
      withinCeilings(profile({ hidden_reasoning }), { context_length_max: 4_096, prices }).hidden_reasoning;
    expect([said(true), said(false), said(true, allowed(false)), said(true, new Map())]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it("bounds a private job too", () => {
    const claimed = profile({ context_length: 1e8, max_completion_tokens: 1e8, hidden_reasoning: true });
    const one = node({ profiles: [claimed] });
    const job = { customer_id: "cus_1", model_id: "m", ciphertext_bytes: 1_000_000, max_price_wei: null };
    const offer = offerOf(one, control([one], { prices: allowed(false) }), job);
    expect(offer).toMatchObject({ prompt_bound: 131_072, completion_bound: 131_072, quoted_wei: 131_072n * 30n });
    expect(offer.profile.hidden_reasoning).toBe(false);
    expect(offerOf(one, control([one]), { ...job, ciphertext_bytes: 500 }).prompt_bound).toBe(500);
    expect(offerOf(one, control([one], { prices: allowed(true) }), job).profile.hidden_reasoning).toBe(true);
    const absurd = node({ profiles: [profile({ asking_prompt_price_wei: 2n ** 255n })] });
    expect(() => offerOf(absurd, control([absurd]), job)).toThrow(
      expect.objectContaining({
        status: 503,
        code: "no_healthy_candidates",
        detail: { blockers: { price_out_of_bounds: 1 } },
      }),
    );
  });

  it("is shown to callers as it counts, and prices without those that are left out of quotes", () => {
    const asks = [10n, 40n, 41n, 2n ** 180n, 2n ** 255n];
    const nodes = asks.map((price, index) =>
      node({
        node_id: `node_${index}`,
        profiles: [
          profile({
            context_length: 1e8,
            max_completion_tokens: 1e8,
            asking_prompt_price_wei: price,
            asking_completion_price_wei: price,
          }),
        ],
      }),
    );
    const [model] = createModels({ nodes: () => nodes, control: fixed(control(nodes)) }).list().data;
    expect(model!.b3iq).toMatchObject({
      context_length: 131_072,
      max_completion_tokens: 131_072,
      prompt_price_wei_per_token_lowest: "10",
      prompt_price_wei_per_token_highest: "40",
      completion_price_wei_per_token_highest: "40",
      serving_nodes: 4,
    });
  });
});
