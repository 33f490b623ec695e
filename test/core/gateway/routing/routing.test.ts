import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundsFor, covers, quoteFor } from "../../../../src/core/gateway/chat/quote.ts";
import { quotable } from "../../../../src/core/gateway/chat/quotable.ts";
import { readChatRequest } from "../../../../src/core/gateway/chat/request.ts";
import { NO_PRICE_BOUNDS } from "../../../../src/core/gateway/prices/effective.ts";
import { createRouting } from "../../../../src/core/gateway/routing/routing.ts";
import { createHealth } from "../../../../src/core/gateway/routing/health.ts";
import { pick, seededRandom } from "../../../../src/core/gateway/routing/rank.ts";
import { control, fixed, node, profile } from "../../../support/routing.ts";

const demand = { model: "m", model_profile_id: null, sticky_key: null };
const four = ["node_a", "node_b", "node_c", "node_d"].map((node_id, index) =>
  node({ node_id, profiles: [profile({ asking_prompt_price_wei: BigInt(10 + index) })] }),
);

describe("routing", () => {
  it("keeps three candidates, the same ones under the same seed", () => {
    const route = () =>
      createRouting({ nodes: () => four, control: fixed(control(four)), seed: 7 })
        .candidates(demand)
        .map(({ node_id }) => node_id);
    expect(route().slice(0, 3)).toHaveLength(3);
    expect(route()).toEqual(route());
  });

  it("finds the best of the rest for when all three fail, and an ejected one last", () => {
    const routing = createRouting({ nodes: () => four, control: fixed(control(four)), seed: 7 });
    const tried: string[] = [];
    for (let i = 0; i < 3; i += 1) routing.end("node_a", "failed");
    for (let i = 0; i < 4; i += 1)
      tried.push(routing.another(demand, ({ node_id }) => !tried.includes(node_id))!.node_id);
    expect(tried).toEqual(["node_b", "node_c", "node_d", "node_a"]);
    expect(routing.another(demand, ({ node_id }) => !tried.includes(node_id))).toBeUndefined();
  });

  it("does not eject a node whose tunnel was lost, but ranks it lower", () => {
    const routing = createRouting({ nodes: () => four, control: fixed(control(four)), seed: 7 });
    for (let i = 0; i < 8; i += 1) routing.end("node_a", "lost");
    const found = routing.explain(demand).candidates.find(({ node_id }) => node_id === "node_a")!;
    expect(found.rank).toBe(4);
    expect(found.score!.failures).toBe(8);
  });

  it("lets a node that asks next to nothing make up for three failures, and no more", () => {
    const [asks_one, usual] = [1n, 1_000n].map((price) =>
      node({
        node_id: `node_${price}`,
        profiles: [profile({ asking_prompt_price_wei: price, asking_completion_price_wei: price })],
      }),
    );
    const both = [usual!, asks_one!];
    const routing = createRouting({ nodes: () => both, control: fixed(control(both)), seed: 7 });
    const first = () => routing.explain(demand).candidates.find(({ rank }) => rank === 1)!.node_id;
    for (let i = 0; i < 2; i += 1) routing.end("node_1", "lost");
    expect(first()).toBe("node_1");
    for (let i = 0; i < 2; i += 1) routing.end("node_1", "lost");
    expect(first()).toBe("node_1000");
  });

  it("moves a request only to a candidate that its hold covers", () => {
    const request = readChatRequest({ model: "m", messages: [{ role: "user", content: "Hello" }] } as never);
    const made = fc.record({
      price: fc.bigInt({ min: 1n, max: 20n }),
      context_length: fc.constantFrom(2_000, 4_000),
      template_tokens: fc.constantFrom(8, 80),
    });
    fc.assert(
      fc.property(fc.array(made, { minLength: 1, maxLength: 12 }), fc.integer(), (offers, seed) => {
        const nodes = offers.map(({ price, ...more }, index) =>
          node({
            node_id: `node_${index}`,
            profiles: [profile({ asking_prompt_price_wei: price, asking_completion_price_wei: price, ...more })],
          }),
        );
        const routing = createRouting({ nodes: () => nodes, control: fixed(control(nodes)), seed });
        const kept = routing.candidates(demand);
        expect(new Set(kept.map(({ node_id }) => node_id)).size).toBe(Math.min(3, nodes.length));
        const quote = quoteFor(request, kept);
        routing.another(demand, (other) => {
          expect(covers(quote, boundsFor(request, other), other)).toBe(
            isDeepStrictEqual(quoteFor(request, [...kept, other]), quote),
          );
          return false;
        });
      }),
    );
  });

  it("looks at a part of a large field only, and at the node that served before", () => {
    const looked = new Set<string>();
    const many = Array.from({ length: 2_000 }, (_, index) => {
      const one = node({ node_id: `node_${index}` });
      return {
        ...one,
        get online() {
          looked.add(one.node_id);
          return index % 2 === 0;
        },
      };
    });
    const routing = createRouting({ nodes: () => many, control: fixed(control(many)), seed: 1 });
    const kept = routing.candidates(demand);
    expect(new Set(kept.map(({ node_id }) => node_id)).size).toBe(3);
    expect(looked.size).toBeLessThan(200);
    routing.stick("k", "node_1998");
    expect(routing.candidates({ ...demand, sticky_key: "k" })[0]!.node_id).toBe("node_1998");
    routing.stick("k", "node_1999");
    expect(routing.candidates({ ...demand, sticky_key: "k" }).map(({ node_id }) => node_id)).not.toContain("node_1999");
    const rare = many.map((one, index) => ({ ...one, online: index === 777 }));
    const found = createRouting({ nodes: () => rare, control: fixed(control(rare)), seed: 1 }).candidates(demand);
    expect(found.map(({ node_id }) => node_id)).toEqual(["node_777"]);
  });

  it("never gives the worst of the field the first place", () => {
    const routing = createRouting({ nodes: () => four, control: fixed(control(four)), seed: 3 });
    const first = new Set(Array.from({ length: 200 }, () => routing.candidates(demand)[0]!.node_id));
    expect(first.has("node_a")).toBe(true);
    expect(first.has("node_d")).toBe(false);
  });

  it("prefers the node that served the conversation before, unless it became much worse", () => {
    const two = four.slice(0, 2);
    const routing = createRouting({ nodes: () => two, control: fixed(control(two)), seed: 5 });
    routing.stick("k", "node_b");
    expect(routing.candidates({ ...demand, sticky_key: "k" })[0]!.node_id).toBe("node_b");
    expect(routing.candidates(demand)[0]!.node_id).toBe("node_a");
    for (let i = 0; i < 4; i += 1) routing.begin("node_b");
    expect(routing.candidates({ ...demand, sticky_key: "k" })[0]!.node_id).toBe("node_a");
  });

  it("ejects a node after three failures in a row, and uses it when nobody else is left", () => {
    const two = four.slice(0, 2);
    const routing = createRouting({ nodes: () => two, control: fixed(control(two)), seed: 5 });
    for (let i = 0; i < 3; i += 1) {
      routing.begin("node_a");
      routing.end("node_a", "failed");
    }
    expect(routing.candidates(demand).map(({ node_id }) => node_id)).toEqual(["node_b"]);
    const alone = createRouting({ nodes: () => [two[0]!], control: fixed(control(two)), seed: 5 });
    for (let i = 0; i < 3; i += 1) {
      alone.begin("node_a");
      alone.end("node_a", "failed");
    }
    expect(alone.candidates(demand).map(({ node_id }) => node_id)).toEqual(["node_a"]);
  });

  it("keeps nodes behind two gateways where it can: a gateway that dies takes all of its own along", () => {
    const far = four.map((one, index) =>
      node({ ...one, profiles: one.profiles, tunnel_at: index === 3 ? "gw_other" : "gw_here" }),
    );
    const routing = createRouting({ nodes: () => far, control: fixed(control(far)), seed: 3 });
    for (let i = 0; i < 50; i += 1) {
      const kept = routing.candidates(demand).map(({ node_id }) => node_id);
      expect(new Set(kept).size).toBe(kept.length);
      expect(kept.slice(0, 3)).toContain("node_d");
    }
  });

  it("tells an unknown model and a parameter that no node has apart from nodes that are not ready", () => {
    const routing = createRouting({ nodes: () => four, control: fixed(control(four)), seed: 5 });
    expect(() => routing.candidates({ ...demand, model: "none" })).toThrow(
      expect.objectContaining({ code: "model_not_found", param: "model" }),
    );
    expect(() => routing.candidates({ ...demand, needs: ["tools"] })).toThrow(
      expect.objectContaining({ code: "unsupported_parameter", param: "tools" }),
    );
    expect(() => routing.candidates({ ...demand, route_tiers: [] })).toThrow(
      expect.objectContaining({ code: "route_tier_not_allowed", status: 403 }),
    );
  });

  it("counts an attempt as load until its end is known, and doubles ejections", () => {
    let now = 0;
    const health = createHealth(() => now);
    health.begin("n");
    expect(health.of("n").in_flight).toBe(1);
    for (let i = 0; i < 3; i += 1) {
      health.begin("n");
      health.end("n", "failed");
    }
    expect(health.of("n")).toMatchObject({ in_flight: 1, recent_failures: 3 });
    now = 10_001;
    expect(health.ejected("n")).toBe(false);
    for (let i = 0; i < 3; i += 1) health.end("n", "failed");
    now = 20_001;
    expect(health.ejected("n")).toBe(true);
    now = 61_000;
    expect(health.of("n").recent_failures).toBe(3);
  });

  it("picks without repetition whatever the scores", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 10, noNaN: true }), { maxLength: 12 }),
        fc.integer(),
        (totals, seed) => {
          const field = totals.map((total, index) => ({
            candidate: { node_id: String(index) } as never,
            score: { total, price: 0, load: 0, speed: 0, failures: 0, sticky: 0, usage: 0 },
          }));
          const picked = pick(field, 3, seededRandom(seed)).map(
            (ranked) => (ranked.candidate as { node_id: string }).node_id,
          );
          return picked.length === Math.min(3, totals.length) && new Set(picked).size === picked.length;
        },
      ),
    );
  });
});

describe("quote", () => {
  const request = (body: object) =>
    readChatRequest({ model: "m", messages: [{ role: "user", content: "hällo" }], ...body } as never);
  const candidates = (changes: object[]) =>
    changes.map((change, index) => {
      const of = profile(change);
      const prices = {
        prompt_price_wei: of.asking_prompt_price_wei!,
        completion_price_wei: of.asking_completion_price_wei!,
      };
      return {
        node_id: `node_${index}`,
        profile: of,
        route_tier: of.route_tier,
        ...prices,
        usual: prices,
        tokens_per_second: 1,
        active: 0,
        queued: 0,
        capacity: 1,
      };
    });

  it("bounds the prompt by its bytes and the allowances, the output by what was asked", () => {
    // 6 bytes + 8 template + 4 for the message; 100 asked.
    expect(quoteFor(request({ max_tokens: 100 }), candidates([{}]))).toEqual({
      prompt_bound: 18,
      completion_bound: 100,
      amount_wei: 18n * 10n + 100n * 20n,
    });
  });

  it("takes the smaller of both maxima, else the profile's default", () => {
    expect(quoteFor(request({ max_tokens: 100, max_completion_tokens: 50 }), candidates([{}])).completion_bound).toBe(
      50,
    );
    expect(quoteFor(request({}), candidates([{}])).completion_bound).toBe(1024);
    expect(quoteFor(request({ max_tokens: 1_000_000 }), candidates([{}])).completion_bound).toBe(2048);
  });

  it("covers the dearest of all candidates, not the first one only", () => {
    const quote = quoteFor(
      request({ max_tokens: 1 }),
      candidates([{}, { asking_prompt_price_wei: 11n }, { asking_completion_price_wei: 21n }]),
    );
    expect(quote.amount_wei).toBe(18n * 11n + 20n);
  });

  it("is the most that any candidate may cost by its own bounds, and no more", () => {
    const price = fc.bigInt({ min: 1n, max: 10n ** 30n });
    const rates = fc.array(
      fc.record({
        asking_prompt_price_wei: price,
        asking_completion_price_wei: price,
        context_length: fc.integer({ min: 1, max: 10_000 }),
        growth_factor_milli: fc.integer({ min: 1000, max: 3000 }),
      }),
      { minLength: 1, maxLength: 3 },
    );
    fc.assert(
      fc.property(rates, fc.integer({ min: 1, max: 5000 }), (changes, max_tokens) => {
        const found = candidates(changes);
        const asked = request({ max_tokens });
        const costs = found.map((one) => {
          const { prompt_bound, completion_bound } = boundsFor(asked, one);
          return BigInt(prompt_bound) * one.prompt_price_wei + BigInt(completion_bound) * one.completion_price_wei;
        });
        const { amount_wei } = quoteFor(asked, found);
        return costs.includes(amount_wei) && costs.every((cost) => cost <= amount_wei);
      }),
    );
  });

  it("takes a candidate's own count of the prompt as far as it is below the bytes", () => {
    expect(quoteFor(request({ max_tokens: 1 }), candidates([{}]), 5).prompt_bound).toBe(5);
    expect(quoteFor(request({ max_tokens: 1 }), candidates([{}]), 1_000_000).prompt_bound).toBe(18);
  });
});

describe("who may be quoted together", () => {
  const LONG = { messages: [{ role: "user", content: "x".repeat(1_000) }] };
  const read = (body: object = {}) => readChatRequest({ model: "m", ...LONG, ...body } as never);
  type Asks = { price?: bigint; default_wei?: bigint } & Partial<ReturnType<typeof profile>>;

  /** Names of those that are kept of nodes a, b, c, ... that ask this much for every token, whatever the seed. */
  function kept(asks: Asks[], body: object = {}, prepare = (_: ReturnType<typeof createRouting>) => {}): string[] {
    const nodes = asks.map(({ price = 10n, default_wei: _, ...more }, index) =>
      node({
        node_id: "abcdef"[index]!,
        profiles: [profile({ asking_prompt_price_wei: price, asking_completion_price_wei: price, ...more })],
      }),
    );
    const default_wei = asks.find((one) => one.default_wei !== undefined)?.default_wei ?? null;
    const prices = {
      model_id: "m",
      default_prompt_price_wei: default_wei,
      default_completion_price_wei: default_wei,
      ...NO_PRICE_BOUNDS,
      hidden_reasoning: false,
    };
    const view = fixed(control(nodes, { prices: new Map([["m", prices]]) }));
    const found = new Set<string>();
    for (let seed = 0; seed < 20; seed += 1) {
      const routing = createRouting({ nodes: () => nodes, control: view, seed });
      prepare(routing);
      const field = routing.candidates(demand, quotable(read(body)));
      for (const { node_id } of field) found.add(node_id);
    }
    return [...found].sort();
  }

  it("are those that ask at most four times what the cheapest asks, however many ask more", () => {
    expect(kept([{ price: 10n }, { price: 40n }, { price: 41n }])).toEqual(["a", "b"]);
    expect(kept([{ price: 10n }, { price: 2n ** 190n }, { price: 2n ** 191n }, { price: 2n ** 192n }])).toEqual(["a"]);
    expect(kept([{ price: 2n ** 190n }])).toEqual(["a"]);
  });

  it("are those whose bounds are at most four times the smallest", () => {
    expect(kept([{}, { price: 1n, default_max_tokens: 2_048, max_completion_tokens: 100_000 }])).toEqual(["b"]);
    const long = { context_length: 100_000, default_max_tokens: 100_000, max_completion_tokens: 100_000 };
    expect(kept([{ default_wei: 10n }, { price: 1n, ...long }]), "cheap, but it would use up token limits").toEqual([
      "a",
    ]);
  });

  it("are not pushed out of short requests by a node that claims no template", () => {
    const short = { messages: [{ role: "user", content: "hi" }], max_tokens: 1 };
    const large = { template_tokens: 256, tokens_per_message: 16 };
    expect(kept([large, { template_tokens: 0, tokens_per_message: 0 }], short)).toEqual(["a", "b"]);
  });

  it("are not pushed out by a node that claims little room", () => {
    const tiny = { context_length: 1, max_completion_tokens: 1, default_max_tokens: 1, template_tokens: 0 };
    expect(kept([{}, tiny])).toEqual(["a", "b"]);
    expect(kept([{}, tiny], { max_tokens: 2_000 })).toEqual(["a", "b"]);
  });

  it("are not pushed out by a node that asks less than the operator's default, nor by one that failed lately", () => {
    expect(kept([{ price: 1_000n }, { price: 1n }])).toEqual(["b"]);
    expect(kept([{ price: 1_000n, default_wei: 1_000n }, { price: 1n }])).toEqual(["a", "b"]);
    expect(kept([{ price: 1_000n }, { price: 1n }], {}, (routing) => routing.end("b", "failed"))).toEqual(["a", "b"]);
    const both = (routing: ReturnType<typeof createRouting>) => {
      routing.end("a", "failed");
      routing.end("b", "failed");
    };
    expect(kept([{ price: 1_000n }, { price: 1n }], {}, both)).toEqual(["b"]);
  });
});
