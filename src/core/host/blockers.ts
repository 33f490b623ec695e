/** What this agent itself can see of what keeps a profile from paid work; the gateway's own word follows. */
import type { LocalModelProfile } from "../../../generated/local.ts";
import type { LocalCore } from "./local.ts";
import type { Profile } from "./profiles.ts";

type Blocker = LocalModelProfile["blockers"][number];

const MOST_BLOCKERS = 32;

/** In the order in which an owner should mend them; empty when nothing is known to stand in the way. */
export function localBlockers({ agent, managed }: LocalCore, profile: Profile): Blocker[] {
  const blockers: Blocker[] = [];
  const add = (code: Blocker["code"], message: string, next_action: string) =>
    blockers.push({ code, message, next_action });
  if (managed === null || !managed.enrolled) {
    add(
      "not_enrolled", "This machine is not enrolled with a gateway.",
      "Start the agent with --gateway and the gateway's URL."
    );
  }
  else if (managed.tunnel !== "open") add(
    "tunnel_down", "The tunnel to the gateway is not open.", "Check that the gateway can be reached from here."
  );
  if (agent.paused) add("node_paused", "The owner paused this node.", "Run b3iq-host resume.");
  if (!agent.profiles.ready) {
    add("runtime_not_ready", "The model runtime does not answer.", "Start the runtime, or check its address and key.");
  }
  if (agent.settings.get("network_eligible") === "0") {
    add("model_not_network_eligible", "The owner does not offer this model to the network.", "Offer it.");
  }
  if (!profile.benchmark_verified) {
    add(
      "model_benchmark_unverified", "The agent's own test chat of this model did not succeed.",
      "Try the model with b3iq-host chat."
    );
  }
  for (const blocker of managed?.blockers ?? []) {
    if (isBlocker(blocker) && concerns(blocker, profile) && !blockers.some((known) => known.code === blocker.code)) {
      blockers.push({ code: blocker.code, message: blocker.message, next_action: blocker.next_action });
    }
  }
  return blockers.slice(0, MOST_BLOCKERS);
}

function isBlocker(value: unknown): value is Blocker & { model_profile_id?: string | null } {
  return typeof value === "object" && value !== null && ["code", "message", "next_action"]
    .every((field) => typeof (value as Record<string, unknown>)[field] === "string");
}

function concerns(blocker: { model_profile_id?: string | null }, profile: Profile): boolean {
  return blocker.model_profile_id === undefined
    || blocker.model_profile_id === null || blocker.model_profile_id === profile.model_profile_id;
}
