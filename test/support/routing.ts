import type { Control } from "../../src/core/gateway/control.ts";
import type { NodeView, ProfileView } from "../../src/core/gateway/nodes/types.ts";

export const HOUR = 3_600_000;

/** A profile that passes every gate. */
export function profile(change: Partial<ProfileView> = {}): ProfileView {
  return {
    model_profile_id: "m@llama_cpp",
    model_id: "m",
    status: "installed",
    runtime_kind: "llama_cpp",
    runtime_ready: true,
    route_tier: "network_beta",
    network_eligible: true,
    benchmark_verified: true,
    context_length: 4096,
    max_completion_tokens: 2048,
    default_max_tokens: 1024,
    supported_parameters: [],
    template_tokens: 8,
    tokens_per_message: 4,
    growth_factor_milli: 1000,
    hidden_reasoning: false,
    parallel: 4,
    asking_prompt_price_wei: 10n,
    asking_completion_price_wei: 20n,
    ...change,
  };
}

/** A node that passes every gate, with one profile unless given. */
export function node(change: Partial<NodeView> = {}): NodeView {
  return {
    node_id: "node_a",
    display_name: null,
    status: "active",
    epoch: 1,
    online: true,
    last_seen_age_ms: 100,
    tunnel: "local",
    tunnel_at: "gw_here",
    agent_version: "0.1.0",
    protocol_version: 1,
    inventory: null,
    queue: { active: 0, queued: 0, capacity: 4, health: "ok" },
    paused: false,
    draining: false,
    counters: null,
    profiles: [profile()],
    keys: [],
    stake: null,
    route_tier_override: null,
    portable_paid_route: false,
    first_seen: new Date(0),
    ...change,
  };
}

/** A fresh view: the given nodes' profiles are measured, and no traffic is paused. */
export function control(nodes: NodeView[], change: Partial<Control> = {}): Control {
  const now_ms = Date.parse("2026-11-21T12:00:00Z");
  const benchmarks = new Map(
    nodes.flatMap((one) =>
      one.profiles.map(
        (of) =>
          [
            `${one.node_id} ${of.model_profile_id}`,
            {
              node_id: one.node_id,
              model_profile_id: of.model_profile_id,
              ttft_ms: 50,
              tokens_per_second: 30,
              observed_at: new Date(now_ms - HOUR),
            },
          ] as const,
      ),
    ),
  );
  return {
    prices: new Map(),
    incidents: [],
    benchmarks,
    exposure: new Map(),
    fresh: true,
    now_ms,
    protocol_version_min: 1,
    stake_min_wei: 0n,
    stake_age_max_ms: 24 * HOUR,
    benchmark_age_max_ms: 24 * HOUR,
    context_length_max: 131_072,
    ...change,
  };
}

/** A control view for code that asks for the current one. */
export function fixed(current: Control) {
  return { current: () => current, refresh: async () => {}, onChange: () => {}, stop: async () => {} };
}
