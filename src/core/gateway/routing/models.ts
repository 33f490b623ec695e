import { ApiError } from "../../errors.ts";
import { formatWei } from "../../protocol/bytes/wei.ts";
import type { Control, ControlView, ObservedBenchmark } from "../control.ts";
import type { NodeView, ProfileView } from "../nodes/types.ts";
import { effectivePrice, type Priced } from "../prices/effective.ts";
import { quotedPrices } from "../prices/reach.ts";
import { withinCeilings } from "./claims.ts";
import { blockersOf } from "./gates.ts";

type Serving = Priced & {
  node: NodeView;
  profile: ProfileView;
  observed: ObservedBenchmark | undefined;
};

/**
 * The models that a paid request could use now: the same gates as routing, without a customer. Holds nothing of a node.
 */
export function createModels(ports: { nodes: () => readonly NodeView[]; control: ControlView }) {
  function serving(): Map<string, Serving[]> {
    const control = ports.control.current();
    const models = new Map<string, Serving[]>();
    for (const node of ports.nodes()) {
      for (const profile of node.profiles) {
        if (blockersOf(node, profile, control).length > 0) continue;
        const found = servingOf(node, profile, control);
        if (!found) continue;
        const same = models.get(profile.model_id);
        if (same) same.push(found);
        else models.set(profile.model_id, [found]);
      }
    }
    return models;
  }

  return {
    list() {
      const entries = [...serving()].sort(([one], [other]) => (one < other ? -1 : 1));
      return { object: "list" as const, data: entries.map(([model_id, by]) => toModel(model_id, by)) };
    },
    retrieve(model_id: string) {
      const by = serving().get(model_id);
      if (!by)
        throw new ApiError("model_not_found", "No node serves this model now; GET /v1/models lists what can be used.", {
          param: "model",
        });
      return toModel(model_id, by);
    },
  };
}

function servingOf(node: NodeView, profile: ProfileView, control: Control): Serving | null {
  const price = effectivePrice(profile, control.prices.get(profile.model_id));
  return price.ok
    ? {
        node,
        profile: withinCeilings(profile, control),
        ...price,
        observed: control.benchmarks.get(`${node.node_id} ${profile.model_profile_id}`),
      }
    : null;
}

function toModel(id: string, by: Serving[]) {
  const observed = by.flatMap((one) => (one.observed ? [one.observed] : []));
  const freshest = observed.reduce((newest, one) => Math.max(newest, one.observed_at.getTime()), 0);
  const prices = quotedPrices(by);
  const lowest = (prices: bigint[]) => formatWei(prices.reduce((low, price) => (price < low ? price : low)));
  const highest = (prices: bigint[]) => formatWei(prices.reduce((high, price) => (price > high ? price : high)));
  return {
    id,
    object: "model" as const,
    created: Math.floor(freshest / 1000),
    owned_by: "b3iq" as const,
    b3iq: {
      prompt_price_wei_per_token_lowest: lowest(prices.map((one) => one.prompt_price_wei)),
      prompt_price_wei_per_token_highest: highest(prices.map((one) => one.prompt_price_wei)),
      completion_price_wei_per_token_lowest: lowest(prices.map((one) => one.completion_price_wei)),
      completion_price_wei_per_token_highest: highest(prices.map((one) => one.completion_price_wei)),
      context_length: Math.max(...by.map((one) => one.profile.context_length)),
      max_completion_tokens: Math.max(...by.map((one) => one.profile.max_completion_tokens)),
      supported_parameters: [...new Set(by.flatMap((one) => one.profile.supported_parameters))].sort(),
      benchmark_observed_at: freshest > 0 ? new Date(freshest).toISOString() : null,
      observed_tokens_per_second:
        observed.length > 0 ? round(Math.max(...observed.map((one) => one.tokens_per_second))) : null,
      observed_ttft_ms: observed.length > 0 ? Math.min(...observed.map((one) => one.ttft_ms)) : null,
      serving_nodes: new Set(by.map((one) => one.node.node_id)).size,
    },
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
