import { LRUCache } from "lru-cache";
import { imageRefused } from "../../chat_content.ts";
import { ApiError } from "../../errors.ts";
import type { Control, ControlView } from "../control.ts";
import type { NodeView, ProfileView } from "../nodes/types.ts";
import { effectivePrice, type Priced } from "../prices/effective.ts";
import { withinCeilings } from "./claims.ts";
import { type BlockerCode, blockersOf, type Demand, evaluateGates, type GateResult, tierOf } from "./gates.ts";
import { createHealth } from "./health.ts";
import { bestOf, pick, type Ranked, scoreOf, seededRandom, spread } from "./rank.ts";

/** A node and profile that passed every gate, with the price at which it would serve. */
export type Candidate = Priced & {
  node_id: string;
  /** Its claims are within the ceilings. */
  profile: ProfileView;
  route_tier: string;
  tokens_per_second: number;
  active: number;
  queued: number;
  capacity: number;
};

export type RouteDemand = Demand & {
  model: string;
  model_profile_id: string | null;
  sticky_key: string | null;
  /** Where the request's first image stands; a need has the name of its field otherwise. */
  first_image?: string | null;
};

/** What `explainRoute` shows to admins; holds nothing of a customer or a prompt. */
export type RouteTrace = {
  candidates: {
    node_id: string;
    model_profile_id: string;
    gates: GateResult[];
    score: Ranked["score"] | null;
    rank: number | null;
    candidate: Candidate | null;
  }[];
  reason: string;
};

/** So many candidates decide the quote, and are tried first (docs/design/chat.md, step 3). */
export const KEPT = 3;
/** As many are compared at most: with two choices more would change little, and cost every request time. */
const FIELD = 32;

type Offer = { node: NodeView; profile: ProfileView };
type Placed = { candidate: Candidate; tunnel_at: string | null };

/** Which of a field may be asked together; `proven`: none of its dispatches failed lately (chat/quotable.ts). */
export type Among = (field: Candidate[], proven: (candidate: Candidate) => boolean) => Candidate[];
const EVERYONE: Among = (field) => field;

/** Routing over the registry's snapshot; nothing here waits for the network or the database. */
export function createRouting(ports: {
  nodes: () => readonly NodeView[];
  control: ControlView;
  seed: number;
  /** What overstated counts add to a node's score. */ usage_penalty?: (node_id: string) => number;
}) {
  const random = seededRandom(ports.seed);
  const health = createHealth();
  const sticky = new LRUCache<string, string>({ max: 50_000 });

  const passes = ({ node, profile }: Offer, control: Control, demand: Demand) =>
    blockersOf(node, profile, control, demand).length === 0;

  const offersOf = (node: NodeView, { model, model_profile_id }: RouteDemand): Offer[] =>
    node.profiles
      .filter(
        (profile) =>
          profile.model_id === model && (model_profile_id === null || profile.model_profile_id === model_profile_id),
      )
      .map((profile) => ({ node, profile }));

  const serving = (demand: RouteDemand): Offer[] => ports.nodes().flatMap((node) => offersOf(node, demand));

  /** About `FIELD` of the offers that are `wanted`, of nodes drawn at random; no others are looked at. */
  function draw(demand: RouteDemand, wanted: (offer: Offer) => boolean): Offer[] {
    const left = [...ports.nodes()];
    const drawn: Offer[] = [];
    for (let count = left.length; count > 0 && drawn.length < FIELD; count -= 1) {
      const at = Math.floor(random() * count);
      drawn.push(...offersOf(left[at]!, demand).filter(wanted));
      left[at] = left[count - 1]!;
    }
    return drawn;
  }

  /**
   * Up to three candidates in the order in which they are tried. Throws `model_not_found`, `unsupported_parameter` (no
   * profile of the model has it) or `no_healthy_candidates` with counts of blockers by code.
   */
  function candidates(demand: RouteDemand, among = EVERYONE): Candidate[] {
    const control = ports.control.current();
    const stuck = demand.sticky_key === null ? undefined : sticky.get(demand.sticky_key);
    const healthy = (offer: Offer) => !health.ejected(offer.node.node_id) && passes(offer, control, demand);
    let field = draw(demand, healthy);
    const old = stuck === undefined ? undefined : ports.nodes().find(({ node_id }) => node_id === stuck);
    if (old && !field.some(({ node }) => node === old)) field.push(...offersOf(old, demand).filter(healthy));
    // With nobody else left, an ejected node is better than none: it is probed by real work.
    if (field.length === 0) field = draw(demand, (offer) => passes(offer, control, demand));
    if (field.length === 0) throw noneLeft(serving(demand), control, demand);
    const ranked = scored(those(among, placed(field, control)), (node_id) => node_id === stuck);
    return spread(pick(ranked, KEPT, random), ranked).map(({ candidate }) => candidate);
  }

  /**
   * For a chat whose own candidates all failed: the best of those that pass every gate now and fit it, an ejected one
   * only when there is no other.
   */
  function another(demand: RouteDemand, fits: (candidate: Candidate) => boolean): Candidate | undefined {
    const control = ports.control.current();
    const field = draw(
      demand,
      (offer) => passes(offer, control, demand) && fits(candidateOf(offer.node, offer.profile, control)),
    );
    const ejected = ({ candidate }: Ranked) => Number(health.ejected(candidate.node_id));
    return scored(placed(field, control), () => false).sort(
      (one, other) => ejected(one) - ejected(other) || one.score.total - other.score.total,
    )[0]?.candidate;
  }

  const placed = (offers: Offer[], control: Control): Placed[] =>
    offers.map(({ node, profile }) => ({ candidate: candidateOf(node, profile, control), tunnel_at: node.tunnel_at }));

  function those(among: Among, field: Placed[]): Placed[] {
    const all = field.map(({ candidate }) => candidate);
    const kept = new Set(among(all, ({ node_id }) => health.record(node_id).recent_failures === 0));
    return field.filter(({ candidate }) => kept.has(candidate));
  }

  function scored(field: Placed[], isSticky: (node_id: string) => boolean): Ranked[] {
    if (field.length === 0) return [];
    const best = bestOf(field.map(({ candidate }) => candidate));
    return field.map(({ candidate, tunnel_at }) => ({
      candidate,
      score: scoreOf(
        candidate,
        best,
        health.record(candidate.node_id),
        isSticky(candidate.node_id),
        ports.usage_penalty?.(candidate.node_id),
      ),
      tunnel_at,
    }));
  }

  /** Re-checks one candidate just before a dispatch: what changed since the quote counts (docs/design/chat.md, step 1). */
  function stillEligible(candidate: Candidate, demand: RouteDemand): BlockerCode[] {
    const node = ports.nodes().find(({ node_id }) => node_id === candidate.node_id);
    const profile = node?.profiles.find(
      ({ model_profile_id }) => model_profile_id === candidate.profile.model_profile_id,
    );
    if (!node || !profile) return ["node_offline"];
    return blockersOf(node, profile, ports.control.current(), demand);
  }

  /** A candidate that passes the gates and is left out of the quote shows so as its price. */
  function explain(demand: RouteDemand, among = EVERYONE): RouteTrace {
    const control = ports.control.current();
    const all = serving(demand);
    const healthy = all.filter((offer) => !health.ejected(offer.node.node_id) && passes(offer, control, demand));
    const field = placed(healthy, control);
    const kept = those(among, field);
    const asked = new Set(kept.map(({ candidate }) => nameOf(candidate)));
    const left_out = new Set(field.map(({ candidate }) => nameOf(candidate)).filter((name) => !asked.has(name)));
    const order = scored(kept, () => false).sort((one, other) => one.score.total - other.score.total);
    return {
      candidates: all.map(({ node, profile }) => {
        const rank = order.findIndex(
          ({ candidate }) =>
            candidate.node_id === node.node_id && candidate.profile.model_profile_id === profile.model_profile_id,
        );
        return {
          node_id: node.node_id,
          model_profile_id: profile.model_profile_id,
          gates: evaluateGates(node, profile, control, demand).map((gate) =>
            gate.gate === "price" && left_out.has(nameOf({ node_id: node.node_id, profile }))
              ? { ...gate, blocker: "price_out_of_bounds" }
              : gate,
          ),
          score: order[rank]?.score ?? null,
          rank: rank < 0 ? null : rank + 1,
          candidate: order[rank]?.candidate ?? null,
        };
      }),
      reason:
        all.length === 0
          ? "no node serves this model"
          : order.length === 0
            ? "every candidate is blocked by a gate"
            : "lowest score first; two are drawn at random and the better one goes next",
    };
  }

  return {
    candidates,
    another,
    stillEligible,
    explain,
    begin: health.begin,
    end: health.end,
    stick(key: string, node_id: string) {
      sticky.set(key, node_id);
    },
  };
}

export type Routing = ReturnType<typeof createRouting>;

const nameOf = ({ node_id, profile }: Pick<Candidate, "node_id" | "profile">): string =>
  `${node_id} ${profile.model_profile_id}`;

function candidateOf(node: NodeView, profile: ProfileView, control: Control): Candidate {
  const price = effectivePrice(profile, control.prices.get(profile.model_id));
  if (!price.ok) throw new ApiError("internal_error", "A candidate passed the price gate without a price.");
  const observed = control.benchmarks.get(`${node.node_id} ${profile.model_profile_id}`);
  return {
    node_id: node.node_id,
    profile: withinCeilings(profile, control),
    route_tier: tierOf(node, profile),
    prompt_price_wei: price.prompt_price_wei,
    completion_price_wei: price.completion_price_wei,
    usual: price.usual,
    tokens_per_second: observed?.tokens_per_second ?? 0,
    active: node.queue.active,
    queued: node.queue.queued,
    capacity: node.queue.capacity,
  };
}

/** Why nobody can be asked, for all that serve the model. */
function noneLeft(wanted: Offer[], control: Control, demand: RouteDemand): ApiError {
  if (wanted.length === 0)
    return new ApiError(
      "model_not_found",
      demand.model_profile_id === null
        ? "No node serves this model; GET /v1/models lists what can be used."
        : "No node serves this model profile.",
      { param: demand.model_profile_id === null ? "model" : "b3iq.model_profile_id" },
    );
  for (const need of demand.needs ?? []) {
    if (wanted.some(({ profile }) => profile.supported_parameters.includes(need))) continue;
    return need === "images" && demand.first_image
      ? imageRefused(demand.first_image)
      : new ApiError(
          "unsupported_parameter",
          `No node that serves this model supports ${need}; supported_parameters in GET /v1/models says what each model can do.`,
          { param: need },
        );
  }
  const blockers: Record<string, number> = {};
  let onlyPolicy = false;
  for (const { node, profile } of wanted) {
    const found = blockersOf(node, profile, control, demand);
    onlyPolicy ||= found.every((code) => code === "customer_policy_rejected");
    for (const code of found) blockers[code] = (blockers[code] ?? 0) + 1;
  }
  if (onlyPolicy)
    return new ApiError(
      "route_tier_not_allowed",
      "This customer's policy does not allow the route tiers of the nodes that serve this model.",
      { detail: { route_tiers: demand.route_tiers ?? [] } },
    );
  return new ApiError(
    "no_healthy_candidates",
    "No node that serves this model passes every gate right now; error.b3iq.blockers counts why.",
    {
      detail: { blockers, nodes: wanted.length },
      retry_after_ms: 5_000,
    },
  );
}
