/** The owner's choices for this node: pause, offer to the network, slots kept for local use, asking prices. */
import type { NodeSettings, NodeSettingsUpdate } from "../../../../generated/local.ts";
import { ApiError } from "../../errors.ts";
import type { LocalCore } from "../access/local_callers.ts";

/** The settings as they are now. */
export function readNodeSettings({ agent }: LocalCore): NodeSettings {
  return {
    paused: agent.paused,
    network_eligible: agent.settings.get("network_eligible") !== "0",
    slots_kept_for_owner: Number(agent.settings.get("slots_kept_for_owner") ?? 0),
    prices: agent.profiles.list().map((profile) => ({
      model_profile_id: profile.model_profile_id,
      prompt_price_wei_per_token: profile.prompt_price_wei,
      completion_price_wei_per_token: profile.completion_price_wei,
    })),
  };
}

/**
 * Applies the given changes, all or none, and tells the gateway. Throws `not_found` for an unknown profile,
 * `conflict` for more slots than the runtime can spare.
 */
export function updateNodeSettings(core: LocalCore, changes: NodeSettingsUpdate): NodeSettings {
  const { settings, profiles, slots } = core.agent;
  const known = new Set(profiles.list().map((profile) => profile.model_profile_id));
  for (const price of changes.prices ?? []) {
    if (!known.has(price.model_profile_id)) {
      throw new ApiError("not_found", "This machine has no profile with this id; GET /v1/model-profiles lists them.");
    }
  }
  const kept = changes.slots_kept_for_owner;
  if (kept !== undefined && kept >= slots.state.capacity) {
    throw new ApiError(
      "conflict",
      `slots_kept_for_owner must stay below the ${slots.state.capacity} slots of the runtime; pause the node to keep all.`,
      { param: "slots_kept_for_owner" },
    );
  }
  if (changes.paused !== undefined) settings.set("paused", changes.paused ? "1" : "0");
  if (changes.network_eligible !== undefined) settings.set("network_eligible", changes.network_eligible ? "1" : "0");
  if (kept !== undefined) settings.set("slots_kept_for_owner", String(kept));
  for (const price of changes.prices ?? []) {
    settings.setPrice(price.model_profile_id, {
      prompt_price_wei: price.prompt_price_wei_per_token,
      completion_price_wei: price.completion_price_wei_per_token,
    });
  }
  core.managed?.notify();
  return readNodeSettings(core);
}
