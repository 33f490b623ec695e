import type { AuditOf } from "../../../store/postgres/control/audit_append.ts";
import { putBenchmark } from "../../../store/postgres/nodes/put_benchmark.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { ApiError } from "../../errors.ts";
import type { Logger } from "../../log.ts";
import type { ControlView } from "../control.ts";
import type { NodeTunnel, NodeView, ProfileView } from "../nodes/types.ts";
import { BENCHMARK_LIMITS, type BenchmarkLimits, callBenchmark, type Observed } from "./benchmark_call.ts";
import { createBenchmarkQueue, type Due } from "./benchmark_queue.ts";
import { withinCeilings } from "./claims.ts";
import { blockersOf } from "./gates.ts";

const TOKENS = 32;
const SCAN_MS = 1_000;
/** Blockers that a measurement itself would lift, or that do not matter for it. */
const MEASURABLE = new Set([
  "observed_benchmark_missing",
  "observed_benchmark_stale",
  "price_unknown",
  "price_out_of_bounds",
  "incident_paused",
  "queue_blocked",
]);

/**
 * Measures nodes through their tunnels with real work: time to first token and tokens a second by this gateway's clock
 * (docs/design/nodes.md, Observed benchmark). Profiles without a fresh observation are measured a few at a time, and
 * again before they go stale; no node can keep the others from their turn (benchmark_queue.ts).
 */
export function createBenchmarks(ports: {
  db: Database;
  nodes: () => readonly NodeView[];
  tunnel: (node_id: string) => NodeTunnel | undefined;
  control: ControlView;
  gateway_id: string;
  log: Logger;
  limits?: BenchmarkLimits;
  scan_ms?: number;
}) {
  const { limits = BENCHMARK_LIMITS, scan_ms = SCAN_MS } = ports;
  const queue = createBenchmarkQueue();
  const running = new Set<Promise<void>>();
  const ending = new AbortController();

  /** Measures one profile now. Throws ApiError `router_dispatch_failed` when the node gives no usable answer. */
  async function measure(
    node_id: string,
    claimed: ProfileView,
    max_tokens = TOKENS,
    audit?: AuditOf<Date>,
  ): Promise<Observed & { observed_at: Date }> {
    const tunnel = ports.tunnel(node_id);
    if (!tunnel) throw new ApiError("conflict", "The node has no open tunnel, so it cannot be measured.");
    const profile = withinCeilings(claimed, ports.control.current());
    const observed = await callBenchmark(tunnel, profile, max_tokens, limits, ending.signal).catch((cause: unknown) => {
      throw new ApiError("router_dispatch_failed", "The node did not complete the benchmark.", { cause });
    });
    const { model_profile_id } = profile;
    const row = { node_id, model_profile_id, gateway_id: ports.gateway_id, ...observed };
    const observed_at = await putBenchmark(ports.db, row, audit);
    await ports.control.refresh();
    return { ...observed, observed_at };
  }

  function due(): (Due & { profile: ProfileView })[] {
    const control = ports.control.current();
    return ports.nodes().flatMap((node) => {
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

  /** Begins as many as may run at once. */
  function scan(): void {
    const waiting = due();
    for (let next = queue.begin(waiting); next !== undefined; next = queue.begin(waiting)) {
      const one = next;
      const work: Promise<void> = measure(one.node_id, one.profile)
        .then(
          () => queue.end(one, true),
          () => {
            queue.end(one, false);
            ports.log.warn("benchmark_failed", { node_id: one.node_id });
          },
        )
        .finally(() => running.delete(work));
      running.add(work);
    }
  }

  const timer = setInterval(scan, scan_ms);
  return {
    measure,
    async stop() {
      clearInterval(timer);
      ending.abort();
      await Promise.all(running);
    },
  };
}

export type Benchmarks = ReturnType<typeof createBenchmarks>;
