import type { RouterDispatch } from "../../protocol/calls/router_call.ts";
import type { TunnelAnswer } from "../../../tunnel/gateway_end.ts";

export type { TunnelAnswer };

export type NodeStatus = "pending" | "active" | "draining" | "suspended" | "retired";

/** An identity key and the period in which the node used it; `to` is null for the current key. */
export type NodeKey = { ed25519_public_key: string; from: Date; to: Date | null };

export type NodeStake = {
  registered: boolean;
  active: boolean;
  stake_wei: bigint;
  observed_at: Date;
  max_open_exposure_wei: bigint | null;
  observed_block: number | null;
};

export type Gpu = { name: string; memory_bytes: number; driver_version?: string };

export type Inventory = {
  os: string;
  arch: string;
  cpu_model: string;
  cpu_cores: number;
  memory_bytes: number;
  gpus: Gpu[];
  disk_free_bytes: number;
};

export type QueueHealth = "ok" | "busy" | "blocked" | "unhealthy";

export type NodeQueue = { active: number; queued: number; capacity: number; health: QueueHealth };

/** A model profile as the node reports it. */
export type HeartbeatProfile = {
  model_profile_id: string;
  model_id: string;
  status: "installed" | "ready_to_install" | "runtime_missing" | "hardware_unsupported";
  runtime_kind: string;
  runtime_ready: boolean;
  route_tier: string;
  network_eligible: boolean;
  benchmark_verified: boolean;
  context_length: number;
  max_completion_tokens: number;
  default_max_tokens: number;
  supported_parameters: string[];
  template_tokens: number;
  tokens_per_message: number;
  growth_factor_milli: number;
  hidden_reasoning: boolean;
  parallel: number;
  /** Decimal strings, wei a token. */
  asking_prompt_price_wei?: string;
  asking_completion_price_wei?: string;
};

export type NodeCounters = Record<string, unknown>;

/** The body of a heartbeat, checked against the document before it comes here. */
export type HeartbeatBody = {
  protocol_version: number;
  agent_version: string;
  inventory: Inventory;
  queue: NodeQueue;
  paused: boolean;
  draining: boolean;
  profiles: HeartbeatProfile[];
  counters?: NodeCounters;
};

export type ProfileView = Readonly<
  Omit<HeartbeatProfile, "asking_prompt_price_wei" | "asking_completion_price_wei">
> & {
  /** Null without an asking price: the admin's default applies. */
  readonly asking_prompt_price_wei: bigint | null;
  readonly asking_completion_price_wei: bigint | null;
};

/** One node as this gateway sees it. `online`, `last_seen_age_ms` and `tunnel` are computed at each read. */
export type NodeView = {
  readonly node_id: string;
  readonly display_name: string | null;
  readonly status: NodeStatus;
  /** The epoch of its newest tunnel. */
  readonly epoch: number;
  /** True when a heartbeat came in the last 40 s. */
  readonly online: boolean;
  /** Null before the first heartbeat. */
  readonly last_seen_age_ms: number | null;
  /** `remote`: another gateway has the tunnel and can be called. */
  readonly tunnel: "local" | "remote" | null;
  /** The gateway that has the tunnel; null without a tunnel. */
  readonly tunnel_at: string | null;
  readonly agent_version: string;
  readonly protocol_version: number;
  /** Null before the first heartbeat. */
  readonly inventory: Inventory | null;
  readonly queue: NodeQueue;
  readonly paused: boolean;
  readonly draining: boolean;
  readonly counters: NodeCounters | null;
  readonly profiles: readonly ProfileView[];
  readonly keys: readonly NodeKey[];
  readonly stake: NodeStake | null;
  readonly route_tier_override: string | null;
  readonly portable_paid_route: boolean;
  readonly first_seen: Date;
};

export type NodePrincipal = { kind: "node"; node_id: string; epoch: number; seq: number };

export type TunnelCall = {
  method?: string;
  path: string;
  body: Buffer;
  headers?: Record<string, string>;
  /** For dispatches: the terms that the node copies into its receipt; the router signature covers them. */
  dispatch?: RouterDispatch;
  signal?: AbortSignal;
  /** Called when the node has accepted the call; its answer may come much later. */
  onAccepted?: () => void;
  /** 2,000 unless given. */
  connect_timeout_ms?: number;
};

/** A node that can be called, through this gateway's tunnel or another gateway's. */
export type NodeTunnel = {
  readonly node_id: string;
  /** The epoch under which the node signs receipts for this tunnel's calls. */
  readonly epoch: number;
  readonly kind: "local" | "remote";
  /** Calls of this gateway that have not ended. */
  readonly in_flight: number;
  /** Signs a call with the router secret. Rejects with a TunnelError; `sent` tells whether the node may have begun. */
  call(call: TunnelCall): Promise<TunnelAnswer>;
};

export type Clock = {
  /** Unix milliseconds, for times that are signed or shown. */
  now_ms(): number;
  /** Milliseconds that only rise, for ages and time-outs. */
  monotonic_ms(): number;
};

/** The clocks of this machine. */
export const systemClock: Clock = { now_ms: () => Date.now(), monotonic_ms: () => performance.now() };
