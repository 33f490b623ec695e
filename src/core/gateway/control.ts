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

/** What admins and observations decide, as of the last refresh; read by the gates, never written here. */
export type Control = {
  prices: Map<string, ModelPrice>;
  incidents: OpenIncident[];
  /** By `node_id model_profile_id`. */
  benchmarks: Map<string, ObservedBenchmark>;
  /** What is held for work of each node with an exposure limit, in wei; one refresh old. */
  exposure: Map<string, bigint>;
  /** False when the last successful refresh is older than 5 s: then everything counts as paused. */
  fresh: boolean;
  now_ms: number;
  protocol_version_min: number;
  stake_min_wei: bigint;
  stake_age_max_ms: number;
  benchmark_age_max_ms: number;
  /** The longest context that a profile is believed to have. */
  context_length_max: number;
};

export type ControlSettings = Pick<
  Control,
  "protocol_version_min" | "stake_min_wei" | "stake_age_max_ms" | "benchmark_age_max_ms" | "context_length_max"
>;

export type ControlView = {
  current(): Control;
  /**
   * Reads the database now; awaited by whoever just changed something, so that it is in force in the answer to the
   * change.
   */
  refresh(): Promise<void>;
  onChange(listener: (name: string) => void): void;
  stop(): Promise<void>;
};

const REFRESH_MS = 250;
const STALE_MS = 5_000;

/**
 * Keeps a copy of prices, incidents and observed benchmarks that is at most 250 ms behind the database: one query
 * compares generation counters, and only what moved is read again (docs/design/nodes.md, Incidents;
 * docs/design/chat.md, step 1).
 */
export async function watchControl(db: Database, settings: ControlSettings, log: Logger): Promise<ControlView> {
  // The counters first: a change that is committed between the two reads moves a counter, and is read again.
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
      // A refresh under way may have read before the caller's change: wait for it, then read again.
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
