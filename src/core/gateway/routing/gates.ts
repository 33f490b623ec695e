import type { components } from "../../../../generated/hosted.ts";
import type { NodeView, ProfileView } from "../nodes/types.ts";
import type { Control } from "../control.ts";
import { effectivePrice } from "../prices/effective.ts";
import type { BlockerCode } from "./blockers.ts";

export type GateName = components["schemas"]["gate_name"];

export type GateResult = { gate: GateName; blocker: BlockerCode | null };

/** The demands of a customer's policy and a request, beyond the node's own readiness; empty for public views. */
export type Demand = {
  customer_id?: string;
  needs?: string[];
  model_allowlist?: string[] | null;
  route_tiers?: string[] | null;
  /** The class of traffic that an incident may pause; `pooled_sync` unless given. */
  route_class?: "pooled_sync" | "private_job";
};

/**
 * Tiers that may be paid for today; the model gate admits `portable_local` only where an admin enabled the node for it
 * (docs/design/nodes.md, Route tiers).
 */
const PAID_TIERS = new Set(["network_beta", "datacenter_optimized", "fleet_orchestrated", "portable_local"]);

/**
 * Every gate of one node and profile, in the order in which an operator should fix them.
 * The only place that decides eligibility: routing, `/v1/models`, the public views and route readiness all call it.
 */
export function evaluateGates(
  node: NodeView,
  profile: ProfileView,
  control: Control,
  demand: Demand = {},
): GateResult[] {
  const gates: [GateName, BlockerCode | null][] = [
    ["enrolled", enrolled(node)],
    ["online", node.paused ? "node_paused" : node.draining ? "node_draining" : node.online ? null : "node_offline"],
    ["agent_version", node.protocol_version >= control.protocol_version_min ? null : "agent_outdated"],
    ["tunnel", node.tunnel ? null : "tunnel_down"],
    ["runtime", profile.runtime_ready ? null : "runtime_not_ready"],
    ["protocol", protocol(node, control)],
    ["model", model(node, profile)],
    ["benchmark", benchmark(node, profile, control)],
    ["route_tier", PAID_TIERS.has(tierOf(node, profile)) ? null : "route_tier_blocked"],
    ["queue", queue(node)],
    ["price", price(profile, control)],
    ["incident", incident(node, profile, control, demand)],
    ["customer_policy", policy(node, profile, demand)],
    ["capability", capability(profile, demand)],
  ];
  return gates.map(([gate, blocker]) => ({ gate, blocker }));
}

/** The blockers alone, in gate order. */
export function blockersOf(node: NodeView, profile: ProfileView, control: Control, demand: Demand = {}): BlockerCode[] {
  return evaluateGates(node, profile, control, demand).flatMap(({ blocker }) => (blocker ? [blocker] : []));
}

/** The tier in force: an admin's override before the profile's own claim. */
export function tierOf(node: NodeView, profile: ProfileView): string {
  return node.route_tier_override ?? profile.route_tier;
}

function enrolled(node: NodeView): BlockerCode | null {
  if (node.status === "suspended" || node.status === "retired") return "node_suspended";
  if (node.status === "draining") return "node_draining";
  if (node.status === "pending") return "approval_pending";
  return node.status === "active" ? null : "not_enrolled";
}

/**
 * Without a minimum stake a node needs no registration; a node that the registry calls inactive is refused even then.
 */
function protocol(node: NodeView, control: Control): BlockerCode | null {
  const stake = node.stake;
  if (!stake) return control.stake_min_wei > 0n ? "protocol_unregistered" : null;
  if (!stake.registered) return "protocol_unregistered";
  if (!stake.active) return "protocol_inactive";
  // A node at its exposure limit gets no work until some of the holds for it are settled.
  const limit = stake.max_open_exposure_wei;
  if (limit !== null && (control.exposure.get(node.node_id) ?? limit) >= limit) return "protocol_stake_unsatisfied";
  if (control.stake_min_wei === 0n) return null;
  const stale = control.now_ms - stake.observed_at.getTime() > control.stake_age_max_ms;
  return stake.stake_wei < control.stake_min_wei || stale ? "protocol_stake_unsatisfied" : null;
}

function model(node: NodeView, profile: ProfileView): BlockerCode | null {
  if (profile.status !== "installed") return "model_not_installed";
  if (!profile.network_eligible) return "model_not_network_eligible";
  const portable = tierOf(node, profile) === "portable_local";
  return portable && !node.portable_paid_route ? "model_not_paid_route_eligible" : null;
}

function benchmark(node: NodeView, profile: ProfileView, control: Control): BlockerCode | null {
  if (!profile.benchmark_verified) return "model_benchmark_unverified";
  const observed = control.benchmarks.get(`${node.node_id} ${profile.model_profile_id}`);
  if (!observed) return "observed_benchmark_missing";
  return control.now_ms - observed.observed_at.getTime() > control.benchmark_age_max_ms
    ? "observed_benchmark_stale"
    : null;
}

function queue(node: NodeView): BlockerCode | null {
  return node.queue.health === "blocked" || node.queue.health === "unhealthy" ? "queue_blocked" : null;
}

function price(profile: ProfileView, control: Control): BlockerCode | null {
  const found = effectivePrice(profile, control.prices.get(profile.model_id));
  return found.ok ? null : found.blocker;
}

/** A stale view of the incidents counts as a pause, since an incident may have been opened unseen. */
function incident(node: NodeView, profile: ProfileView, control: Control, demand: Demand): BlockerCode | null {
  if (!control.fresh) return "incident_paused";
  const paused = control.incidents.some(
    ({ scope, target }) =>
      scope === "global" ||
      (scope === "route_class" && target === (demand.route_class ?? "pooled_sync")) ||
      (scope === "tier" && target === tierOf(node, profile)) ||
      (scope === "model" && target === profile.model_id) ||
      (scope === "node" && target === node.node_id) ||
      (scope === "customer" && target === demand.customer_id),
  );
  return paused ? "incident_paused" : null;
}

function policy(node: NodeView, profile: ProfileView, demand: Demand): BlockerCode | null {
  if (demand.model_allowlist && !demand.model_allowlist.includes(profile.model_id)) return "customer_policy_rejected";
  return demand.route_tiers && !demand.route_tiers.includes(tierOf(node, profile)) ? "customer_policy_rejected" : null;
}

function capability({ supported_parameters }: ProfileView, { needs = [] }: Demand): BlockerCode | null {
  return needs.every((name) => supported_parameters.includes(name)) ? null : "capability_missing";
}
