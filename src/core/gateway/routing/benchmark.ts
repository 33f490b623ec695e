import { putBenchmark } from "../../../store/postgres/benchmarks_put.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { ApiError } from "../../errors.ts";
import type { Logger } from "../../log.ts";
import { mintJobId } from "../../protocol/ids.ts";
import { awaitFirst } from "../chat/relay.ts";
import type { ControlView } from "../control.ts";
import type { NodeTunnel, NodeView, ProfileView } from "../nodes/types.ts";
import { blockersOf } from "./gates.ts";

const TOKENS = 32;
const TIMEOUT_MS = 120_000;
const SCAN_MS = 1_000;
const RETRY_MS = 30_000;
/** Blockers that a measurement itself would lift, or that do not matter for it. */
const MEASURABLE = new Set([
  "observed_benchmark_missing",
  "observed_benchmark_stale",
  "price_unknown",
  "price_out_of_bounds",
  "incident_paused",
  "queue_blocked",
]);

export type Observed = { ttft_ms: number; tokens_per_second: number; prompt_tokens: number; completion_tokens: number };

/**
 * Measures nodes through their tunnels with real work: time to first token and tokens a second by this gateway's clock
 * (design: nodes.md, Observed benchmark). Profiles without a fresh observation are measured one at a time, and again
 * before they go stale.
 */
export function createBenchmarks(ports: {
  db: Database;
  nodes: () => readonly NodeView[];
  tunnel: (node_id: string) => NodeTunnel | undefined;
  control: ControlView;
  gateway_id: string;
  log: Logger;
}) {
  const tried = new Map<string, number>();
  let stopped = false;
  let running: Promise<void> = Promise.resolve();

  /** Measures one profile now. Throws ApiError `router_dispatch_failed` when the node gives no usable answer. */
  async function measure(
    node_id: string,
    profile: ProfileView,
    max_tokens = TOKENS,
  ): Promise<Observed & { observed_at: Date }> {
    const tunnel = ports.tunnel(node_id);
    if (!tunnel) throw new ApiError("conflict", "The node has no open tunnel, so it cannot be measured.");
    const observed = await dispatchBenchmark(tunnel, profile, max_tokens).catch((cause: unknown) => {
      throw new ApiError("router_dispatch_failed", "The node did not complete the benchmark.", { cause });
    });
    const observed_at = await putBenchmark(ports.db, {
      node_id,
      model_profile_id: profile.model_profile_id,
      gateway_id: ports.gateway_id,
      ...observed,
    });
    await ports.control.refresh();
    return { ...observed, observed_at };
  }

  function due(): { node: NodeView; profile: ProfileView } | undefined {
    const control = ports.control.current();
    const now = performance.now();
    for (const node of ports.nodes()) {
      if (node.tunnel !== "local") continue;
      for (const profile of node.profiles) {
        const name = `${node.node_id} ${profile.model_profile_id}`;
        if (now - (tried.get(name) ?? -Infinity) < RETRY_MS) continue;
        const seen = control.benchmarks.get(name)?.observed_at.getTime();
        if (seen !== undefined && control.now_ms - seen < control.benchmark_age_max_ms / 2) continue;
        if (blockersOf(node, profile, control).every((code) => MEASURABLE.has(code))) return { node, profile };
      }
    }
    return undefined;
  }

  async function scan(): Promise<void> {
    const next = due();
    if (!next || stopped) return;
    tried.set(`${next.node.node_id} ${next.profile.model_profile_id}`, performance.now());
    await measure(next.node.node_id, next.profile).catch(() =>
      ports.log.warn("benchmark_failed", { node_id: next.node.node_id }),
    );
  }

  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    running = scan().finally(() => {
      busy = false;
    });
  }, SCAN_MS);
  return {
    measure,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}

export type Benchmarks = ReturnType<typeof createBenchmarks>;

async function dispatchBenchmark(tunnel: NodeTunnel, profile: ProfileView, max_tokens: number): Promise<Observed> {
  const started = performance.now();
  const answer = await tunnel.call({
    path: "/v1/chat/completions",
    body: Buffer.from(
      JSON.stringify({
        model: profile.model_id,
        messages: [{ role: "user", content: "Count from one upwards in words, as far as you get." }],
        stream: true,
        stream_options: { include_usage: true },
        max_tokens,
        max_completion_tokens: max_tokens,
      }),
    ),
    headers: { "content-type": "application/json" },
    dispatch: {
      job_id: mintJobId(),
      fence: 1,
      model_profile_id: profile.model_profile_id,
      prompt_price_wei: "0",
      completion_price_wei: "0",
      fee_bps: 0,
      prompt_bound: profile.context_length,
      completion_bound: max_tokens,
      deadline_ms: TIMEOUT_MS,
    },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (answer.status !== 200) {
    answer.cancel();
    throw new Error("the node refused the benchmark");
  }
  const first = await awaitFirst(answer, TIMEOUT_MS);
  let usage = first.first.usage;
  let last = first.at;
  let events = 1;
  for await (const frame of first.frames) {
    if (frame.kind === "error") throw new Error("the node failed in the middle of the benchmark");
    if (frame.content_bytes > 0) {
      last = performance.now();
      events += 1;
    }
    usage = frame.usage ?? usage;
  }
  if (!(await answer.trailers)) throw new Error("the benchmark's answer is not complete");
  const [prompt_tokens, completion_tokens] = [usage?.["prompt_tokens"], usage?.["completion_tokens"]];
  if (!isCount(prompt_tokens) || !isCount(completion_tokens) || completion_tokens === 0)
    throw new Error("the node reported no usage");
  // Counted by what arrived, not by what the node says; one event has at least one token.
  const seconds = Math.max(0.001, (last - first.at) / 1000);
  return {
    ttft_ms: Math.round(first.at - started),
    tokens_per_second: Math.max(0.001, Math.max(1, events - 1) / seconds),
    prompt_tokens,
    completion_tokens,
  };
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
