/** `b3iq-host status`: the state of this node as the agent sees it, and as the gateway answers now. */
import type { SetupStatus } from "../../generated/local.ts";
import { owner } from "./host_owner.ts";
import { runtimeTrouble } from "./runtime_line.ts";

/** Mode, runtime, tunnel, a newer release, and the blockers of each model. */
export async function showStatus(): Promise<void> {
  const call = owner();
  const asked_ms = Date.now();
  const profiles = await call("listModelProfiles", { query: { fresh: true } });
  const [status, health] = await Promise.all([call("getSetupStatus"), call("getHealth")]);
  console.log(`node      ${status.node_id} (${status.mode}, b3iq-host ${health.agent_version})`);
  const newest = status.latest_agent_version ?? health.agent_version;
  if (isNewer(newest, health.agent_version)) {
    console.log(`update    b3iq-host ${newest} is out: install it, then restart the agent`);
  }
  console.log(`owner     ${status.claimed ? status.owner_name : "none yet: b3iq-host wizard url --with-token"}`);
  console.log(`gateway   ${status.gateway_url ?? "none"}, tunnel ${health.tunnel ?? "none"}`);
  const stale = staleness(status, asked_ms);
  if (stale !== null) console.log(`          ${stale}`);
  if (status.node_status === "pending") {
    console.log("          this node waits for the approval of the network's operator and gets no work until then:");
    console.log(`          give them its id, ${status.node_id}, and ask for it`);
  }
  const at = status.runtime_url === null ? "" : ` at ${status.runtime_url}`;
  console.log(`runtime   ${status.runtime_kind ?? "none"}${at}, ${health.runtime ?? "unknown"}`);
  const trouble = runtimeTrouble(status);
  if (trouble !== null) console.log(`          ${trouble}`);
  for (const { model_profile_id, paid_route_eligible, blockers } of profiles.data) {
    const takes = !paid_route_eligible
      ? "takes no paid work"
      : stale === null
        ? "takes paid work"
        : "took paid work when the gateway last answered";
    console.log(`profile   ${model_profile_id}: ${takes}`);
    for (const blocker of blockers) console.log(`          ${blocker.code}: ${blocker.next_action}`);
  }
}

/** Null when the gateway answered after it was asked, or when there is none. */
function staleness({ gateway_url, gateway_answered_at }: SetupStatus, asked_ms: number): string | null {
  if (gateway_url === null) return null;
  if (!gateway_answered_at) return "it has not answered this node yet: check its URL and the network";
  const answered_ms = Date.parse(gateway_answered_at);
  if (answered_ms >= asked_ms) return null;
  return `it does not answer now: what follows is what it said ${Math.round((asked_ms - answered_ms) / 1000)} s ago`;
}

/** Whether release `a` comes after `b`; a pre-release comes before its release (semver.org, 11). */
export function isNewer(a: string, b: string): boolean {
  const [one, other] = [partsOf(a), partsOf(b)];
  const at = one.numbers.findIndex((number, index) => number !== other.numbers[index]);
  if (at !== -1) return one.numbers[at]! > other.numbers[at]!;
  if (one.pre === "" || other.pre === "") return one.pre === "" && other.pre !== "";
  return one.pre.localeCompare(other.pre, "en", { numeric: true }) > 0;
}

function partsOf(version: string): { numbers: number[]; pre: string } {
  const [release, ...pre] = version.split("-");
  return { numbers: release!.split(".").map(Number), pre: pre.join("-") };
}
