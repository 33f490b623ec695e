import type { components } from "../../../../generated/hosted.ts";
import { formatWei } from "../../protocol/bytes/wei.ts";
import { quoteFor } from "../chat/quote.ts";
import { quotable } from "../chat/quotable.ts";
import type { ChatRequest } from "../chat/request.ts";
import type { ControlView } from "../control.ts";
import type { NodeView } from "../nodes/types.ts";
import { effectivePrice } from "../prices/effective.ts";
import { KEPT, type Routing } from "./candidates.ts";

type Schemas = components["schemas"];

/**
 * The decision that a chat of this outline would meet, without dispatch: every candidate with gates, scores and rank.
 */
export function createExplain(ports: {
  routing: Routing;
  nodes: () => readonly NodeView[];
  control: ControlView;
  demandOf: (
    customer_id: string | undefined,
    key_id: string | undefined,
  ) => Promise<{ model_allowlist: string[] | null; route_tiers: string[] | null }>;
}) {
  return async function explain(body: Schemas["route_explain_request"]): Promise<Schemas["route_explanation"]> {
    const control = ports.control.current();
    const limits = await ports.demandOf(body.customer_id, body.key_id);
    const request = outline(body);
    const trace = ports.routing.explain(
      {
        model: body.model,
        model_profile_id: body.model_profile_id ?? null,
        sticky_key: null,
        needs: body.needs ?? [],
        ...limits,
        ...(body.customer_id ? { customer_id: body.customer_id } : {}),
      },
      quotable(request),
    );
    const ordered = [...trace.candidates].sort((one, other) => (one.rank ?? Infinity) - (other.rank ?? Infinity));
    const blockers: Record<string, number> = {};
    for (const candidate of ordered)
      for (const { blocker } of candidate.gates) if (blocker) blockers[blocker] = (blockers[blocker] ?? 0) + 1;
    const best = ordered
      .filter(({ rank }) => rank !== null)
      .slice(0, KEPT)
      .flatMap(({ candidate }) => (candidate ? [candidate] : []));
    const quote = best.length > 0 ? quoteFor(request, best) : null;
    return {
      model: body.model,
      candidates: ordered.map(({ node_id, model_profile_id, gates, score, rank }) => {
        const profile = ports
          .nodes()
          .find((node) => node.node_id === node_id)
          ?.profiles.find((one) => one.model_profile_id === model_profile_id);
        const price = profile ? effectivePrice(profile, control.prices.get(profile.model_id)) : null;
        return {
          node_id,
          model_profile_id,
          eligible: rank !== null,
          rank,
          prompt_price_wei: price?.ok ? formatWei(price.prompt_price_wei) : null,
          completion_price_wei: price?.ok ? formatWei(price.completion_price_wei) : null,
          score,
          gates: gates.map(({ gate, blocker }) => ({ gate, passed: blocker === null, blocker })),
        };
      }),
      quote: quote
        ? {
            prompt_bound: quote.prompt_bound,
            completion_bound: quote.completion_bound,
            amount_wei: formatWei(quote.amount_wei),
          }
        : null,
      blockers,
      reason: trace.reason,
      evaluated_at: new Date().toISOString(),
    };
  };
}

/** A request with the given outline; only what the quote reads. */
function outline(body: Schemas["route_explain_request"]): ChatRequest {
  return {
    model: body.model,
    messages: [],
    stream: false,
    include_usage: false,
    forwarded: {},
    needs: body.needs ?? [],
    max_tokens_asked: body.max_completion_tokens ?? null,
    size: { text_bytes: body.prompt_bytes ?? 1_000, messages: body.messages ?? 1, tools: 0, images: 0 },
    first_image: null,
    sticky_text: null,
    model_profile_id: body.model_profile_id ?? null,
    client_job_id: null,
    max_price_wei: null,
  };
}
