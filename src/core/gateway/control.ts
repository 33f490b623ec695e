import type { Database } from "../../store/postgres/database.ts";
import { loadControl, loadExposure, readGenerations } from "../../store/postgres/control/load.ts";
import type { Logger } from "../log.ts";

/** The prices of a model that an admin set, in wei a token. A bound that is null is open. */
export type ModelPrice = {
  model_id: string;
  default_prompt_price_wei: bigint | null;
  default_completion_price_wei: bigint | null;
  floor_prompt_price_wei: bigint | null;
  floor_completion_price_wei: bigint | null;
  ceiling_prompt_price_wei: bigint | null;
  ceiling_completion_price_wei: bigint | null;
  /** Reasoning that the model's nodes do not show counts as completion tokens. */
  hidden_reasoning: boolean;
};

export type ObservedBenchmark = {
  node_id: string;
  model_profile_id: string;
  ttft_ms: number;
  tokens_per_second: number;
  observed_at: Date;
};

export type IncidentScope = "global" | "route_class" | "tier" | "model" | "node" | "customer" | "payouts";
export type OpenIncident = { incident_id: string; scope: IncidentScope; target: string; opened_at: Date };

/** The decisions of admins and the newest observations, as of the last refresh; the gates read them. */
export type Control = {
  prices: Map<string, ModelPrice>;
  incidents: OpenIncident[];
  /** By `node_id model_profile_id`. */
  benchmarks: Map<string, ObservedBenchmark>;
  /** The sum of the open holds of each node with an exposure limit, in wei. */
  exposure: Map<string, bigint>;
  /** False when the last successful refresh is older than 5 s: then all traffic counts as paused. */
  fresh: boolean;
  now_ms: number;
  protocol_version_min: number;
  stake_min_wei: bigint;
  stake_age_max_ms: number;
  benchmark_age_max_ms: number;
  /** The most tokens of context that a profile's claim counts for. */
  context_length_max: number;
};

export type ControlSettings = Pick<
  Control,
  "protocol_version_min" | "stake_min_wei" | "stake_age_max_ms" | "benchmark_age_max_ms" | "context_length_max"
>;

export type ControlView = {
  current(): Control;
  /** Reads the database now. A caller that wrote a change awaits this, so that the change is in force in its answer. */
  refresh(): Promise<void>;
  onChange(listener: (name: string) => void): void;
  stop(): Promise<void>;
};

const REFRESH_MS = 250;
const STALE_MS = 5_000;

/**
 * Keeps a copy of prices, incidents and observed benchmarks that is at most 250 ms behind the database: one query
 * compares generation counters, and the copy is read anew only when its counter moved (docs/design/nodes.md, Incidents;
 * docs/design/chat.md, step 1).
 */
export async function watchControl(db: Database, settings: ControlSettings, log: Logger): Promise<ControlView> {
  // Counters are read before rows: a change committed in between moves a counter, so the next refresh reads it.
  let generations = await readGenerations(db);
  let loaded = await loadControl(db);
  let exposure = await loadExposure(db);
  let refreshed_ms = performance.now();
  const listeners: ((name: string) => void)[] = [];
  let stopped = false;
  let running: Promise<void> | null = null;

  async function refreshOnce(): Promise<void> {
    const found = await readGenerations(db);
    const moved = [...found].filter(([name, value]) => generations.get(name) !== value).map(([name]) => name);
    if (moved.includes("control")) loaded = await loadControl(db);
    exposure = await loadExposure(db);
    generations = found;
    refreshed_ms = performance.now();
    for (const name of moved) for (const listener of listeners) listener(name);
  }

  function refresh(): Promise<void> {
    running ??= refreshOnce().finally(() => {
      running = null;
    });
    return running;
  }

  const timer = setInterval(() => {
    refresh().catch((error: unknown) =>
      log.warn("control_refresh_failed", { error_code: (error as { code?: string }).code ?? "unknown" }),
    );
  }, REFRESH_MS);

  return {
    current: () => ({
      ...loaded,
      ...settings,
      exposure,
      fresh: !stopped && performance.now() - refreshed_ms < STALE_MS,
      now_ms: Date.now(),
    }),
    async refresh() {
      // The running refresh may have read before the caller's change: wait for its end, then read again.
      await running?.catch(() => {});
      await refresh();
    },
    onChange: (listener) => {
      listeners.push(listener);
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running?.catch(() => {});
    },
  };
}
