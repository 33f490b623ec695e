import { LRUCache } from "lru-cache";
import { ApiError } from "../../errors.ts";
import type { Control, ControlView } from "../control.ts";
import type { NodeView, ProfileView } from "../nodes/types.ts";
import { effectivePrice } from "../prices/effective.ts";
import type { BlockerCode } from "./blockers.ts";
import type { Candidate, CandidateFilter, RouteDemand } from "./candidate.ts";
import { withinCeilings } from "./claims.ts";
import { blockersOf, type Demand, evaluateGates, type GateResult, tierOf } from "./gates.ts";
import { createHealth, type Health } from "./health.ts";
import { noCandidates, type NodeProfile } from "./no_candidates.ts";
import { bestOf, pick, type Ranked, scoreOf, seededRandom, spread } from "./rank.ts";

export type RoutingPorts = {
  nodes: () => readonly NodeView[];
  control: ControlView;
  /** The seed of the random draws. */
  seed: number;
  /** The addition to a node's score for overstated token counts. */
  usage_penalty?: (node_id: string) => number;
};

type RoutingState = RoutingPorts & {
  /** Random numbers in [0, 1). */
  random: () => number;
  health: Health;
  /** The node that answered last for each sticky key. */
  sticky: LRUCache<string, string>;
};

/** The answer of `explainRoute` for admins; contains nothing of a customer or a prompt. */
export type RouteTrace = {
  candidates: {
    node_id: string;
    profile: ProfileView;
    gates: GateResult[];
    score: Ranked["score"] | null;
    rank: number | null;
    candidate: Candidate | null;
  }[];
  reason: string;
};

/** The number of candidates that decide the quote and are tried first (docs/design/chat.md, Steps). */
export const CANDIDATES_MAX = 3;
/** The most profiles compared for one request: with power of two choices, more would cost time and change little. */
const COMPARED_MAX = 32;

const keepAll: CandidateFilter = (candidates) => candidates;

/** Routing over the registry's snapshot; nothing here waits for the network or the database. */
export function createRouting(ports: RoutingPorts) {
  const state: RoutingState = {
    ...ports,
    random: seededRandom(ports.seed),
    health: createHealth(),
    sticky: new LRUCache<string, string>({ max: 50_000 }),
  };
  return {
    candidates: (demand: RouteDemand, filter = keepAll) => candidatesFor(state, demand, filter),
    another: (demand: RouteDemand, fits: (candidate: Candidate) => boolean) => another(state, demand, fits),
    stillEligible: (candidate: Candidate, demand: RouteDemand) => stillEligible(state, candidate, demand),
    explain: (demand: RouteDemand, filter = keepAll) => explain(state, demand, filter),
    /** Counts a dispatch as load of its node, until `end`. */
    begin: state.health.begin,
    end: state.health.end,
    /** Sends the next requests with this key to this node where possible. */
    stick(key: string, node_id: string): void {
      state.sticky.set(key, node_id);
    },
  };
}

export type Routing = ReturnType<typeof createRouting>;

/**
 * Up to three candidates in the order in which they are tried. Throws `model_not_found`, `unsupported_parameter` (no
 * profile of the model has it) or `no_healthy_candidates` with counts of blockers by code.
 */
function candidatesFor(state: RoutingState, demand: RouteDemand, filter: CandidateFilter): Candidate[] {
  const control = state.control.current();
  const sticky = demand.sticky_key === null ? undefined : state.sticky.get(demand.sticky_key);
  const healthy = (pair: NodeProfile) => !state.health.ejected(pair.node.node_id) && passes(pair, control, demand);
  let profiles = draw(state, demand, healthy);
  const earlier = sticky === undefined ? undefined : state.nodes().find(({ node_id }) => node_id === sticky);
  if (earlier && !profiles.some(({ node }) => node === earlier))
    profiles.push(...profilesOf(earlier, demand).filter(healthy));
  // An ejected node is better than none: real work probes it.
  if (profiles.length === 0) profiles = draw(state, demand, (pair) => passes(pair, control, demand));
  if (profiles.length === 0) throw noCandidates(allProfiles(state, demand), control, demand);
  const ranked = scored(state, filtered(state, filter, placed(profiles, control)), sticky);
  return spread(pick(ranked, CANDIDATES_MAX, state.random), ranked).map(({ candidate }) => candidate);
}

/**
 * The next node of a chat whose candidates all failed: the best one that passes every gate now and fits the chat; an
 * ejected one only when there is no other.
 */
function another(
  state: RoutingState,
  demand: RouteDemand,
  fits: (candidate: Candidate) => boolean,
): Candidate | undefined {
  const control = state.control.current();
  const profiles = draw(
    state,
    demand,
    (pair) => passes(pair, control, demand) && fits(candidateOf(pair.node, pair.profile, control)),
  );
  const ejected = ({ candidate }: Ranked) => Number(state.health.ejected(candidate.node_id));
  return scored(state, placed(profiles, control)).sort(
    (one, other) => ejected(one) - ejected(other) || one.score.total - other.score.total,
  )[0]?.candidate;
}

/** The gates that a candidate fails just before its dispatch, since its node may have changed after the quote. */
function stillEligible({ nodes, control }: RoutingState, candidate: Candidate, demand: RouteDemand): BlockerCode[] {
  const node = nodes().find(({ node_id }) => node_id === candidate.node_id);
  const profile = node?.profiles.find(
    ({ model_profile_id }) => model_profile_id === candidate.profile.model_profile_id,
  );
  if (!node || !profile) return ["node_offline"];
  return blockersOf(node, profile, control.current(), demand);
}

/** All profiles with gates, scores and ranks. A candidate that the filter leaves out of the quote shows a blocked price. */
function explain(state: RoutingState, demand: RouteDemand, filter: CandidateFilter): RouteTrace {
  const control = state.control.current();
  const all = allProfiles(state, demand);
  const healthy = all.filter((pair) => !state.health.ejected(pair.node.node_id) && passes(pair, control, demand));
  const field = placed(healthy, control);
  const kept = filtered(state, filter, field);
  const left_out = new Set(field.filter((one) => !kept.includes(one)).map(({ candidate }) => nameOf(candidate)));
  const order = scored(state, kept).sort((one, other) => one.score.total - other.score.total);
  return {
    candidates: all.map(({ node, profile }) => {
      const name = nameOf({ node_id: node.node_id, profile });
      const rank = order.findIndex(({ candidate }) => nameOf(candidate) === name);
      return {
        node_id: node.node_id,
        profile,
        gates: evaluateGates(node, profile, control, demand).map((gate) =>
          gate.gate === "price" && left_out.has(name) ? { ...gate, blocker: "price_out_of_bounds" } : gate,
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

function passes({ node, profile }: NodeProfile, control: Control, demand: Demand): boolean {
  return blockersOf(node, profile, control, demand).length === 0;
}

function profilesOf(node: NodeView, { model, model_profile_id }: RouteDemand): NodeProfile[] {
  return node.profiles
    .filter(
      (profile) =>
        profile.model_id === model && (model_profile_id === null || profile.model_profile_id === model_profile_id),
    )
    .map((profile) => ({ node, profile }));
}

function allProfiles({ nodes }: RoutingState, demand: RouteDemand): NodeProfile[] {
  return nodes().flatMap((node) => profilesOf(node, demand));
}

/** About `COMPARED_MAX` of the `wanted` profiles, of nodes drawn at random; no other profile is examined. */
function draw(
  { nodes, random }: RoutingState,
  demand: RouteDemand,
  wanted: (pair: NodeProfile) => boolean,
): NodeProfile[] {
  const left = [...nodes()];
  const drawn: NodeProfile[] = [];
  for (let count = left.length; count > 0 && drawn.length < COMPARED_MAX; count -= 1) {
    const at = Math.floor(random() * count);
    drawn.push(...profilesOf(left[at]!, demand).filter(wanted));
    left[at] = left[count - 1]!;
  }
  return drawn;
}

/** A candidate with the gateway that holds its node's tunnel. */
type Placed = { candidate: Candidate; tunnel_at: string | null };

function placed(profiles: NodeProfile[], control: Control): Placed[] {
  return profiles.map(({ node, profile }) => ({
    candidate: candidateOf(node, profile, control),
    tunnel_at: node.tunnel_at,
  }));
}

function filtered({ health }: RoutingState, filter: CandidateFilter, field: Placed[]): Placed[] {
  const all = field.map(({ candidate }) => candidate);
  const kept = new Set(filter(all, ({ node_id }) => health.of(node_id).recent_failures === 0));
  return field.filter(({ candidate }) => kept.has(candidate));
}

function scored({ health, usage_penalty }: RoutingState, field: Placed[], sticky?: string): Ranked[] {
  if (field.length === 0) return [];
  const best = bestOf(field.map(({ candidate }) => candidate));
  return field.map(({ candidate, tunnel_at }) => {
    const { node_id } = candidate;
    const score = scoreOf(candidate, best, health.of(node_id), node_id === sticky, usage_penalty?.(node_id));
    return { candidate, score, tunnel_at };
  });
}

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
