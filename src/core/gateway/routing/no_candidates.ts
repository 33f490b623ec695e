import { imageRefused } from "../../chat_content.ts";
import { ApiError } from "../../errors.ts";
import type { Control } from "../control.ts";
import type { NodeView, ProfileView } from "../nodes/types.ts";
import type { RouteDemand } from "./candidate.ts";
import { blockersOf } from "./gates.ts";

/** A profile of the requested model and its node, which may fail gates. */
export type NodeProfile = { node: NodeView; profile: ProfileView };

/** The error of a request without a candidate, made from all profiles of its model. */
export function noCandidates(profiles: NodeProfile[], control: Control, demand: RouteDemand): ApiError {
  if (profiles.length === 0) return modelNotFound(demand);
  for (const need of demand.needs ?? [])
    if (!profiles.some(({ profile }) => profile.supported_parameters.includes(need))) return unsupported(need, demand);
  const blockers: Record<string, number> = {};
  let onlyPolicy = false;
  for (const { node, profile } of profiles) {
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
    { detail: { blockers, nodes: profiles.length }, retry_after_ms: 5_000 },
  );
}

function modelNotFound({ model_profile_id }: RouteDemand): ApiError {
  return model_profile_id === null
    ? new ApiError("model_not_found", "No node serves this model; GET /v1/models lists what can be used.", {
        param: "model",
      })
    : new ApiError("model_not_found", "No node serves this model profile.", { param: "b3iq.model_profile_id" });
}

function unsupported(need: string, { first_image }: RouteDemand): ApiError {
  return need === "images" && first_image
    ? imageRefused(first_image)
    : new ApiError(
        "unsupported_parameter",
        `No node that serves this model supports ${need}; supported_parameters in GET /v1/models says what each model can do.`,
        { param: need },
      );
}
