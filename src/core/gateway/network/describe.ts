import type { components } from "../../../../generated/hosted.ts";
import { formatWei } from "../../protocol/bytes/wei.ts";
import type { Control } from "../control.ts";
import type { NodeKey, NodeView, ProfileView } from "../nodes/types.ts";
import { effectivePrice } from "../prices/effective.ts";

type Schemas = components["schemas"];

/** The last measurement of a profile, and whether the measurement still counts. */
export function describeBenchmark(
  node_id: string,
  profile: ProfileView,
  control: Control,
): Schemas["observed_benchmark"] | null {
  const found = control.benchmarks.get(`${node_id} ${profile.model_profile_id}`);
  if (!found) return null;
  return {
    observed_at: found.observed_at.toISOString(),
    ttft_ms: found.ttft_ms,
    tokens_per_second: found.tokens_per_second,
    fresh: control.now_ms - found.observed_at.getTime() <= control.benchmark_age_max_ms,
  };
}

/** The price at which a profile would be served now; null where the price is unknown or out of bounds. */
export function describePrice(
  profile: ProfileView,
  control: Control,
): { prompt_price_wei: string | null; completion_price_wei: string | null } {
  const price = effectivePrice(profile, control.prices.get(profile.model_id));
  return price.ok
    ? {
        prompt_price_wei: formatWei(price.prompt_price_wei),
        completion_price_wei: formatWei(price.completion_price_wei),
      }
    : { prompt_price_wei: null, completion_price_wei: null };
}

/** Identity keys with their periods, newest first: receipts of the node verify under these keys. */
export function describeKeys(keys: readonly NodeKey[]): Schemas["node_key"][] {
  return [...keys]
    .sort((one, other) => other.from.getTime() - one.from.getTime())
    .map((key) => ({
      ed25519_public_key: key.ed25519_public_key,
      from: key.from.toISOString(),
      to: key.to?.toISOString() ?? null,
    }));
}

/** The state of a node's stake, as the protocol gate judges it. */
export function stakeStatus(node: NodeView, control: Control): Schemas["stake_status"] {
  const { stake } = node;
  if (!stake) return control.stake_min_wei === 0n ? "not_required" : "unregistered";
  if (!stake.registered) return "unregistered";
  if (!stake.active) return "inactive";
  if (control.stake_min_wei === 0n) return "not_required";
  if (stake.stake_wei < control.stake_min_wei) return "unsatisfied";
  return control.now_ms - stake.observed_at.getTime() > control.stake_age_max_ms ? "stale" : "satisfied";
}

/** The time of a node's last heartbeat, rounded so that it does not show its owner's habits. */
export function lastSeen(node: NodeView): Schemas["last_seen"] {
  if (node.online) return "now";
  const age = node.last_seen_age_ms;
  if (age === null) return "never";
  return age < 3_600_000 ? "last_hour" : age < 86_400_000 ? "last_day" : "earlier";
}
