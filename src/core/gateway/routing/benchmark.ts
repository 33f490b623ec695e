import type { AuditOf } from "../../../store/postgres/control/audit_append.ts";
import { putBenchmark } from "../../../store/postgres/nodes/put_benchmark.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { ApiError } from "../../errors.ts";
import type { Logger } from "../../log.ts";
import type { ControlView } from "../control.ts";
import type { NodeTunnel, NodeView, ProfileView } from "../nodes/types.ts";
import { BENCHMARK_LIMITS, type BenchmarkLimits, callBenchmark, type Observed } from "./benchmark_call.ts";
import { type BenchmarkQueue, createBenchmarkQueue, type Due } from "./benchmark_queue.ts";
import { withinCeilings } from "./claims.ts";
import { blockersOf } from "./gates.ts";

const TOKENS = 32;
const SCAN_MS = 1_000;
/** Blockers that a measurement can lift, or that do not prevent one. */
const MEASURABLE = new Set([
  "observed_benchmark_missing",
  "observed_benchmark_stale",
  "price_unknown",
  "price_out_of_bounds",
  "incident_paused",
  "queue_blocked",
]);

export type BenchmarkPorts = {
  db: Database;
  nodes: () => readonly NodeView[];
  tunnel: (node_id: string) => NodeTunnel | undefined;
  control: ControlView;
  gateway_id: string;
  log: Logger;
  limits?: BenchmarkLimits;
  scan_ms?: number;
};

type BenchmarkState = BenchmarkPorts & {
  queue: BenchmarkQueue;
  running: Set<Promise<void>>;
  /** Aborts when the gateway stops. */
  ending: AbortController;
};

/**
 * Measures nodes through their tunnels with real work: time to first token and tokens a second by this gateway's clock
 * (docs/design/nodes.md, Observed benchmark). Profiles without a fresh observation are measured a few at a time, and
 * again before they go stale; no node can keep the others from their turn (benchmark_queue.ts).
 */
export function createBenchmarks(ports: BenchmarkPorts) {
  const state = {
    ...ports,
    queue: createBenchmarkQueue(),
    running: new Set<Promise<void>>(),
    ending: new AbortController(),
  };
  const timer = setInterval(() => scan(state), ports.scan_ms ?? SCAN_MS);
  return {
    measure: (node_id: string, claimed: ProfileView, max_tokens = TOKENS, audit?: AuditOf<Date>) =>
      measure(state, node_id, claimed, max_tokens, audit),
    async stop() {
      clearInterval(timer);
      state.ending.abort();
      await Promise.all(state.running);
    },
  };
}

export type Benchmarks = ReturnType<typeof createBenchmarks>;

/** Measures one profile now. Throws ApiError `router_dispatch_failed` when the node gives no usable answer. */
async function measure(
  { db, control, gateway_id, tunnel: tunnelOf, limits = BENCHMARK_LIMITS, ending }: BenchmarkState,
  node_id: string,
  claimed: ProfileView,
  max_tokens: number,
  audit?: AuditOf<Date>,
): Promise<Observed & { observed_at: Date }> {
  const tunnel = tunnelOf(node_id);
  if (!tunnel) throw new ApiError("conflict", "The node has no open tunnel, so it cannot be measured.");
  const profile = withinCeilings(claimed, control.current());
  const observed = await callBenchmark(tunnel, profile, max_tokens, limits, ending.signal).catch((cause: unknown) => {
    throw new ApiError("router_dispatch_failed", "The node did not complete the benchmark.", { cause });
  });
  const { model_profile_id } = profile;
  const observed_at = await putBenchmark(db, { node_id, model_profile_id, gateway_id, ...observed }, audit);
  await control.refresh();
  return { ...observed, observed_at };
}

type DueProfile = Due & { profile: ProfileView };

/** Starts measurements up to the limit of parallel ones. */
function scan(state: BenchmarkState): void {
  const due = dueProfiles(state);
  for (let next = state.queue.begin(due); next !== undefined; next = state.queue.begin(due)) {
    const work: Promise<void> = measureNext(state, next).finally(() => state.running.delete(work));
    state.running.add(work);
  }
}

async function measureNext(state: BenchmarkState, due: DueProfile): Promise<void> {
  try {
    await measure(state, due.node_id, due.profile, TOKENS);
    state.queue.end(due, true);
  } catch {
    state.queue.end(due, false);
    state.log.warn("benchmark_failed", { node_id: due.node_id });
  }
}

/** Profiles of the nodes at this gateway that lack a fresh observation, and that a measurement can help. */
function dueProfiles({ nodes, control: view }: BenchmarkState): DueProfile[] {
  const control = view.current();
  return nodes().flatMap((node) => {
    if (node.tunnel !== "local") return [];
    return node.profiles.flatMap((profile) => {
      const { node_id } = node;
      const { model_profile_id } = profile;
      const seen = control.benchmarks.get(`${node_id} ${model_profile_id}`)?.observed_at.getTime();
      if (seen !== undefined && control.now_ms - seen < control.benchmark_age_max_ms / 2) return [];
      if (!blockersOf(node, profile, control).every((code) => MEASURABLE.has(code))) return [];
      return [{ node_id, model_profile_id, known: seen !== undefined, profile }];
    });
  });
}
