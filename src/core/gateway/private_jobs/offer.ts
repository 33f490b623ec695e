import { ApiError, type ErrorCode } from "../../errors.ts";
import type { Control } from "../control.ts";
import type { NodeView, ProfileView } from "../nodes/types.ts";
import { effectivePrice } from "../prices/effective.ts";
import { type BlockerCode, BLOCKERS } from "../routing/blockers.ts";
import { withinCeilings } from "../routing/claims.ts";
import { blockersOf, tierOf } from "../routing/gates.ts";

/** The prices and bounds at which a node takes a private job. */
export type Offer = {
  profile: ProfileView;
  route_tier: string;
  prompt_price_wei: bigint;
  completion_price_wei: bigint;
  /** Bytes of the ciphertext, at most the context: no tokenizer makes more tokens than there are bytes. */
  prompt_bound: number;
  completion_bound: number;
  /** The price of the whole prompt bound and of the longest answer. */
  quoted_wei: bigint;
  /** The quote or, if lower, the customer's own ceiling: the amount at which the node stops. */
  reserved_wei: bigint;
};

/** Blockers that have an error code of their own; all others are `no_healthy_candidates`. */
const OWN_CODES: Partial<Record<BlockerCode, ErrorCode>> = {
  model_benchmark_unverified: "model_benchmark_unverified",
  observed_benchmark_missing: "observed_benchmark_missing",
  observed_benchmark_stale: "observed_benchmark_missing",
  protocol_unregistered: "protocol_stake_unsatisfied",
  protocol_inactive: "protocol_stake_unsatisfied",
  protocol_stake_unsatisfied: "protocol_stake_unsatisfied",
  incident_paused: "incident_paused",
};

/**
 * Puts the node through the gates of routing and quotes the job. The ledger checks the customer's policy later, with the
 * hold. Throws `model_not_found`, the code of the first blocker, or `no_healthy_candidates` with the blockers.
 */
export function offerOf(
  node: NodeView,
  control: Control,
  job: { customer_id: string; model_id: string; ciphertext_bytes: number; max_price_wei: bigint | null },
): Offer {
  const profiles = node.profiles.filter(({ model_id }) => model_id === job.model_id);
  if (profiles.length === 0)
    throw new ApiError("model_not_found", "This node does not serve this model.", { param: "model_id" });
  const demand = { customer_id: job.customer_id, route_class: "private_job" as const };
  const judged = profiles.map((profile) => ({ profile, blockers: blockersOf(node, profile, control, demand) }));
  const ready = judged.find(({ blockers }) => blockers.length === 0);
  if (!ready) throw blocked(judged[0]!.blockers);
  const profile = withinCeilings(ready.profile, control);
  const price = effectivePrice(profile, control.prices.get(profile.model_id));
  if (!price.ok) throw blocked([price.blocker]);
  const { prompt_price_wei, completion_price_wei } = price;
  const prompt_bound = Math.min(job.ciphertext_bytes, profile.context_length);
  const completion_bound = profile.max_completion_tokens;
  const quoted_wei = BigInt(prompt_bound) * prompt_price_wei + BigInt(completion_bound) * completion_price_wei;
  const reserved_wei = job.max_price_wei !== null && job.max_price_wei < quoted_wei ? job.max_price_wei : quoted_wei;
  return {
    profile,
    route_tier: tierOf(node, profile),
    prompt_price_wei,
    completion_price_wei,
    prompt_bound,
    completion_bound,
    quoted_wei,
    reserved_wei,
  };
}

/** The error for a node that may not take the job. */
export function blocked(blockers: BlockerCode[]): ApiError {
  const own = blockers.find((code) => OWN_CODES[code] !== undefined);
  const code = blockers.every((blocker) => OWN_CODES[blocker] !== undefined)
    ? OWN_CODES[own!]!
    : "no_healthy_candidates";
  const detail = { blockers: Object.fromEntries(blockers.map((blocker) => [blocker, 1])) };
  return new ApiError(code, `This node may not take the job now: ${BLOCKERS[blockers[0]!].message}`, {
    detail,
    retry_after_ms: 5_000,
  });
}
