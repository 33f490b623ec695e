import { expect, it } from "vitest";
import { explainRoute } from "../../../../src/core/gateway/chat/explain_route.ts";
import { createRouting } from "../../../../src/core/gateway/routing/routing.ts";
import { control, fixed, node, profile } from "../../../support/routing.ts";

const explain = (nodes: ReturnType<typeof node>[], body: object = {}) => {
  const view = fixed(control(nodes));
  const routing = createRouting({ nodes: () => nodes, control: view, seed: 7 });
  const demandOf = async () => ({ model_allowlist: null, route_tiers: null });
  return explainRoute({ routing, control: view, demandOf }, { model: "m", messages: 1, prompt_bytes: 1_000, ...body });
};

it("a route is explained by every profile of the model, the ranked ones first, with gates, prices and quote", async () => {
  const cheap = node({ node_id: "cheap" });
  const paused = node({ node_id: "paused", paused: true });
  const dear = node({ node_id: "dear", profiles: [profile({ asking_prompt_price_wei: 11n })] });
  const { candidates, blockers, quote, reason } = await explain([paused, dear, cheap], { max_completion_tokens: 10 });
  expect(candidates.map(({ node_id, rank, eligible }) => [node_id, rank, eligible])).toEqual([
    ["cheap", 1, true],
    ["dear", 2, true],
    ["paused", null, false],
  ]);
  expect(candidates[1]).toMatchObject({ prompt_price_wei: "11", completion_price_wei: "20" });
  expect(candidates[2]!.gates.filter(({ passed }) => !passed)).toEqual([
    { gate: "online", passed: false, blocker: "node_paused" },
  ]);
  expect(blockers).toEqual({ node_paused: 1 });
  expect(quote).toEqual({
    prompt_bound: quote!.prompt_bound,
    completion_bound: 10,
    amount_wei: String(quote!.prompt_bound * 11 + 200),
  });
  expect(reason).toContain("lowest score first");
});

it("a candidate beyond the reach of the quote shows a blocked price; without candidates there is no quote", async () => {
  const far = node({ node_id: "far", profiles: [profile({ asking_prompt_price_wei: 10_000n })] });
  const { candidates } = await explain([node(), far]);
  const { gates, eligible } = candidates.find(({ node_id }) => node_id === "far")!;
  expect([eligible, gates.find(({ gate }) => gate === "price")!.blocker]).toEqual([false, "price_out_of_bounds"]);
  expect(await explain([])).toMatchObject({ candidates: [], quote: null, reason: "no node serves this model" });
});
