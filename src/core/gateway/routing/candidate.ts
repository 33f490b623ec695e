import type { ProfileView } from "../nodes/types.ts";
import type { Priced } from "../prices/effective.ts";
import type { Demand } from "./gates.ts";

/** A node and profile that passed every gate, with the price at which the node would serve. */
export type Candidate = Priced & {
  node_id: string;
  /** The profile, its claims cut to the ceilings. */
  profile: ProfileView;
  route_tier: string;
  tokens_per_second: number;
  active: number;
  queued: number;
  capacity: number;
};

/** The needs of a request that routing matches. */
export type RouteDemand = Demand & {
  model: string;
  model_profile_id: string | null;
  sticky_key: string | null;
  /** The place of the request's first image; every other need has the name of its field. */
  first_image?: string | null;
};

/**
 * Selects the candidates of one quote. `proven` is true for a candidate without a failed dispatch lately
 * (chat/quotable.ts).
 */
export type CandidateFilter = (candidates: Candidate[], proven: (candidate: Candidate) => boolean) => Candidate[];
