import { describe, expect, it } from "vitest";
import type { Control, OpenIncident } from "../../../../src/core/gateway/control.ts";
import type { NodeView, ProfileView } from "../../../../src/core/gateway/nodes/types.ts";
import { NO_PRICE_BOUNDS } from "../../../../src/core/gateway/prices/effective.ts";
import { createRouting } from "../../../../src/core/gateway/routing/routing.ts";
import { type BlockerCode, BLOCKERS } from "../../../../src/core/gateway/routing/blockers.ts";
import { blockersOf, type Demand } from "../../../../src/core/gateway/routing/gates.ts";
import { createModels } from "../../../../src/core/gateway/routing/models.ts";
import { createReadiness } from "../../../../src/core/gateway/routing/route_readiness.ts";
import { control, fixed, HOUR, node, profile } from "../../../support/routing.ts";

type Case = {
  node?: Partial<NodeView>;
  profile?: Partial<ProfileView>;
  control?: (base: Control) => Partial<Control>;
  demand?: Demand;
};

const paused = (scope: OpenIncident["scope"], target = "*"): Case => ({
  control: () => ({ incidents: [{ incident_id: "inc_1", scope, target, opened_at: new Date() }] }),
});
const stake = (change: object): Case => ({
  node: {
    stake: {
      registered: true,
      active: true,
      stake_wei: 5n,
      observed_at: new Date("2026-11-21T11:00:00Z"),
      max_open_exposure_wei: null,
      observed_block: null,
      ...change,
    },
  },
  control: () => ({ stake_min_wei: 5n }),
});

/** For every blocker, at least one way to meet it. */
const CASES: [BlockerCode, Case][] = [
  ["not_enrolled", { node: { status: "of a later release" as "pending" } }],
  ["approval_pending", { node: { status: "pending" } }],
  ["node_suspended", { node: { status: "suspended" } }],
  ["node_suspended", { node: { status: "retired" } }],
  ["node_paused", { node: { paused: true } }],
  ["node_draining", { node: { draining: true } }],
  ["node_draining", { node: { status: "draining" } }],
  ["node_offline", { node: { online: false } }],
  ["agent_outdated", { control: () => ({ protocol_version_min: 2 }) }],
  ["tunnel_down", { node: { tunnel: null } }],
  ["runtime_not_ready", { profile: { runtime_ready: false } }],
  ["protocol_unregistered", { control: () => ({ stake_min_wei: 1n }) }],
  ["protocol_unregistered", stake({ registered: false })],
  ["protocol_inactive", stake({ active: false })],
  ["protocol_stake_unsatisfied", stake({ stake_wei: 4n })],
  ["protocol_stake_unsatisfied", stake({ observed_at: new Date("2026-11-20T11:59:59Z") })],
  [
    "protocol_stake_unsatisfied",
    {
      ...stake({ max_open_exposure_wei: 7n }),
      control: () => ({ stake_min_wei: 5n, exposure: new Map([["node_a", 7n]]) }),
    },
  ],
  ["protocol_stake_unsatisfied", stake({ max_open_exposure_wei: 7n })],
  ["model_not_installed", { profile: { status: "ready_to_install" } }],
  ["model_not_network_eligible", { profile: { network_eligible: false } }],
  ["model_not_paid_route_eligible", { profile: { route_tier: "portable_local" } }],
  ["model_benchmark_unverified", { profile: { benchmark_verified: false } }],
  ["observed_benchmark_missing", { control: () => ({ benchmarks: new Map() }) }],
  ["observed_benchmark_stale", { control: (base) => ({ now_ms: base.now_ms + 24 * HOUR }) }],
  ["route_tier_blocked", { profile: { route_tier: "local_convenience" } }],
  ["route_tier_blocked", { profile: { route_tier: "unknown" } }],
  ["route_tier_blocked", { node: { route_tier_override: "local_convenience" } }],
  ["queue_blocked", { node: { queue: { active: 0, queued: 0, capacity: 4, health: "blocked" } } }],
  ["queue_blocked", { node: { queue: { active: 0, queued: 0, capacity: 4, health: "unhealthy" } } }],
  ["price_unknown", { profile: { asking_prompt_price_wei: null } }],
  ["price_unknown", { profile: { asking_completion_price_wei: 0n } }],
  [
    "price_out_of_bounds",
    { control: () => ({ prices: new Map([["m", bounds({ ceiling_completion_price_wei: 19n })]]) }) },
  ],
  ["price_out_of_bounds", { control: () => ({ prices: new Map([["m", bounds({ floor_prompt_price_wei: 11n })]]) }) }],
  ["price_out_of_bounds", { profile: { asking_prompt_price_wei: 2n ** 200n + 1n } }],
  ["price_out_of_bounds", { profile: { asking_completion_price_wei: 2n ** 255n } }],
  ["incident_paused", paused("global")],
  ["incident_paused", paused("route_class", "pooled_sync")],
  ["incident_paused", paused("tier", "network_beta")],
  ["incident_paused", paused("model", "m")],
  ["incident_paused", paused("node", "node_a")],
  ["incident_paused", { ...paused("customer", "cus_1"), demand: { customer_id: "cus_1" } }],
  ["incident_paused", { control: () => ({ fresh: false }) }],
  ["customer_policy_rejected", { demand: { model_allowlist: ["other"] } }],
  ["customer_policy_rejected", { demand: { route_tiers: ["datacenter_optimized"] } }],
  ["capability_missing", { demand: { needs: ["tools"] } }],
];

function bounds(change: object) {
  return {
    model_id: "m",
    default_prompt_price_wei: null,
    default_completion_price_wei: null,
    ...NO_PRICE_BOUNDS,
    hidden_reasoning: false,
    ...change,
  };
}

function setUp(of: Case): { one: NodeView; current: Control } {
  const one = node({ profiles: [profile(of.profile)], ...of.node });
  const base = control([one]);
  return { one, current: { ...base, ...of.control?.(base) } };
}

describe("gates", () => {
  it("let a ready node pass everywhere", () => {
    const { one, current } = setUp({});
    expect(blockersOf(one, one.profiles[0]!, current)).toEqual([]);
    expect(
      createModels({ nodes: () => [one], control: fixed(current) })
        .list()
        .data.map(({ id }) => id),
    ).toEqual(["m"]);
  });

  it.each(CASES)("%s", (code, of) => {
    const { one, current } = setUp(of);
    expect(blockersOf(one, one.profiles[0]!, current, of.demand)).toEqual([code]);
  });

  it("have a case, a sentence and a next action for every blocker", () => {
    const tested = new Set(CASES.map(([code]) => code));
    expect(Object.keys(BLOCKERS).filter((code) => !tested.has(code as BlockerCode))).toEqual([]);
    for (const { message, next_action } of Object.values(BLOCKERS))
      expect(message.length * next_action.length).toBeGreaterThan(0);
  });

  it.each(CASES.filter(([, of]) => !of.demand))("agree for %s in routing, the model list and readiness", (code, of) => {
    const { one, current } = setUp(of);
    const view = fixed(current);
    expect(createModels({ nodes: () => [one], control: view }).list().data).toEqual([]);
    const readiness = createReadiness({ node: () => one, control: view })("node_a", "m");
    expect(readiness.route_ready).toBe(false);
    expect(readiness.blockers.map((blocker) => blocker.code)).toEqual([code]);
    const routing = createRouting({ nodes: () => [one], control: view, seed: 1 });
    expect(() => routing.candidates({ model: "m", model_profile_id: null, sticky_key: null })).toThrow(
      expect.objectContaining({
        code: "no_healthy_candidates",
        status: 503,
        detail: { blockers: { [code]: 1 }, nodes: 1 },
      }),
    );
  });
});
