/** The reasons that keep a profile from paid work: first those that the agent sees itself, then those of the gateway. */
import type { LocalModelProfile } from "../../../../generated/local.ts";
import type { LocalCore } from "../access/local_callers.ts";
import type { Profile } from "./profiles.ts";

type Blocker = LocalModelProfile["blockers"][number];

const MOST_BLOCKERS = 32;
/** The gateway counts a node as dead after this long without a heartbeat (docs/design/nodes.md). */
const DEAD_AFTER_MS = 40_000;

/** The blockers in the order in which an owner should mend them; empty when none is known. */
export function localBlockers({ agent, managed }: LocalCore, profile: Profile): Blocker[] {
  const blockers: Blocker[] = [];
  const add = (code: Blocker["code"], message: string, next_action: string) =>
    blockers.push({ code, message, next_action });
  if (managed === null) {
    add(
      "not_enrolled",
      "This machine is not enrolled with a gateway.",
      "Start the agent with --gateway and the gateway's URL.",
    );
  } else if (!managed.enrolled) {
    add(
      "not_enrolled",
      `The gateway did not take the enrollment yet (${managed.refusal ?? "not answered"}).`,
      "Check the gateway's URL and the network; the agent goes on trying.",
    );
  } else if (managed.tunnel !== "open")
    add("tunnel_down", "The tunnel to the gateway is not open.", "Check that the gateway can be reached from here.");
  else offline(managed, add);
  if (managed?.refusal === "upgrade_required") {
    add("agent_outdated", "The gateway no longer serves the protocol of this agent.", "Update the agent.");
  }
  if (agent.paused) add("node_paused", "The owner paused this node.", "Run b3iq-host resume.");
  if (!agent.profiles.ready) {
    add("runtime_not_ready", "The model runtime does not answer.", "Start the runtime, or check its address and key.");
  }
  if (agent.settings.get("network_eligible") === "0") {
    add("model_not_network_eligible", "The owner does not offer this model to the network.", "Offer it.");
  }
  if (!profile.benchmark_verified) {
    add(
      "model_benchmark_unverified",
      "The agent's own test chat of this model did not succeed.",
      "Try the model with b3iq-host chat.",
    );
  }
  for (const blocker of managed?.heard?.answer.blockers ?? []) {
    if (isBlocker(blocker) && concerns(blocker, profile) && !blockers.some((known) => known.code === blocker.code)) {
      blockers.push({ code: blocker.code, message: blocker.message, next_action: blocker.next_action });
    }
  }
  return blockers.slice(0, MOST_BLOCKERS);
}

/** Adds `node_offline` when the gateway's last answer is missing or too old to count. */
function offline(
  { heard }: NonNullable<LocalCore["managed"]>,
  add: (code: Blocker["code"], ...said: [string, string]) => void,
): void {
  if (heard === null) {
    add("node_offline", "The gateway has not answered a heartbeat of this node yet.", "Wait some seconds.");
  } else if (Date.now() - heard.at_ms > DEAD_AFTER_MS) {
    add(
      "node_offline",
      "The gateway has not answered a heartbeat of this node for 40 seconds.",
      "Check that the gateway can be reached from here.",
    );
  }
}

function isBlocker(value: unknown): value is Blocker & { model_profile_id?: string | null } {
  return (
    typeof value === "object" &&
    value !== null &&
    ["code", "message", "next_action"].every((field) => typeof (value as Record<string, unknown>)[field] === "string")
  );
}

function concerns(blocker: { model_profile_id?: string | null }, profile: Profile): boolean {
  return (
    blocker.model_profile_id === undefined ||
    blocker.model_profile_id === null ||
    blocker.model_profile_id === profile.model_profile_id
  );
}
