import type { components } from "../../../../generated/hosted.ts";
import { formatWei } from "../../protocol/bytes/wei.ts";
import type { ControlView } from "../control.ts";
import { effectivePrice } from "../prices/effective.ts";
import { CANDIDATES_MAX, type Routing } from "../routing/routing.ts";
import { quotable } from "./quotable.ts";
import { quoteFor } from "./quote.ts";
import type { ChatRequest } from "./request.ts";

type Schemas = components["schemas"];

export type ExplainPorts = {
  routing: Routing;
  control: ControlView;
  demandOf: (
    customer_id: string | undefined,
    key_id: string | undefined,
  ) => Promise<{ model_allowlist: string[] | null; route_tiers: string[] | null }>;
};

/** The routing decision for a chat of this outline, without a dispatch: all candidates with gates, scores and ranks. */
export async function explainRoute(
  { routing, control, demandOf }: ExplainPorts,
  body: Schemas["route_explain_request"],
): Promise<Schemas["route_explanation"]> {
  const limits = await demandOf(body.customer_id, body.key_id);
  const request = outline(body);
  const { model, model_profile_id, needs } = request;
  const customer = body.customer_id ? { customer_id: body.customer_id } : {};
  const trace = routing.explain(
    { model, model_profile_id, sticky_key: null, needs, ...limits, ...customer },
    quotable(request),
  );
  const ordered = [...trace.candidates].sort((one, other) => (one.rank ?? Infinity) - (other.rank ?? Infinity));
  const blockers: Record<string, number> = {};
  for (const { gates } of ordered)
    for (const { blocker } of gates) if (blocker) blockers[blocker] = (blockers[blocker] ?? 0) + 1;
  const best = ordered.flatMap(({ candidate }) => (candidate ? [candidate] : [])).slice(0, CANDIDATES_MAX);
  const quote = best.length > 0 ? quoteFor(request, best) : null;
  const { prices } = control.current();
  return {
    model,
    candidates: ordered.map(({ node_id, profile, gates, score, rank }) => {
      const price = effectivePrice(profile, prices.get(profile.model_id));
      return {
        node_id,
        model_profile_id: profile.model_profile_id,
        eligible: rank !== null,
        rank,
        prompt_price_wei: price.ok ? formatWei(price.prompt_price_wei) : null,
        completion_price_wei: price.ok ? formatWei(price.completion_price_wei) : null,
        score,
        gates: gates.map(({ gate, blocker }) => ({ gate, passed: blocker === null, blocker })),
      };
    }),
    quote: quote && { ...quote, amount_wei: formatWei(quote.amount_wei) },
    blockers,
    reason: trace.reason,
    evaluated_at: new Date().toISOString(),
  };
}

/** A request with the given outline, as far as routing and quote read it. */
function outline(body: Schemas["route_explain_request"]): ChatRequest {
  return {
    model: body.model,
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
