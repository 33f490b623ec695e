import { requireScope } from "../../core/host/access/local_callers.ts";
import { queueOf } from "../../core/host/machine/diagnostics.ts";
import { localBlockers } from "../../core/host/machine/local_blockers.ts";
import type { LocalHandler } from "./local_handler.ts";

export const listLocalModels: LocalHandler<"listLocalModels"> = async (_input, call, core) => {
  requireScope(core, call.principal, "models:read");
  const data = core.agent.profiles.list().map((profile) => ({
    id: profile.id,
    object: "model" as const,
    created: 0,
    owned_by: "local",
    b3iq: {
      model_profile_id: profile.model_profile_id,
      runtime_kind: profile.runtime_kind,
      context_length: profile.context_length,
      max_completion_tokens: profile.max_completion_tokens,
      supported_parameters: [...profile.supported_parameters],
    },
  }));
  return { status: 200, body: { object: "list", data } };
};

export const listModelProfiles: LocalHandler<"listModelProfiles"> = async ({ query }, _call, core) => {
  if (query.fresh === true) await core.managed?.ask();
  const data = core.agent.profiles.list().map((profile) => {
    const blockers = localBlockers(core, profile);
    return {
      model_profile_id: profile.model_profile_id,
      model_id: profile.id,
      status: "installed" as const,
      runtime_kind: profile.runtime_kind,
      route_tier: profile.route_tier,
      network_eligible: core.agent.settings.get("network_eligible") !== "0",
      benchmark_verified: profile.benchmark_verified,
      observed_benchmark: null,
      paid_route_eligible: blockers.length === 0,
      queue_health: queueOf(core.agent).health,
      context_length: profile.context_length,
      max_completion_tokens: profile.max_completion_tokens,
      supported_parameters: [...profile.supported_parameters],
      prompt_price_wei_per_token: profile.prompt_price_wei,
      completion_price_wei_per_token: profile.completion_price_wei,
      blockers,
    };
  });
  return { status: 200, body: { data } };
};
