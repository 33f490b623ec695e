/** The models of this machine as profiles: what the runtime states of each, the owner's prices, the agent's own test chat. */
import type { SettingStore } from "../../../store/sqlite/setting_store.ts";
import { ApiError } from "../../errors.ts";
import type { HeartbeatProfile } from "../../../../generated/hosted.ts";
import type { ChatRequest, Runtime, RuntimeKind, RuntimeModel } from "../runtimes/runtime.ts";

export type Profile = RuntimeModel & {
  model_profile_id: string;
  runtime_kind: RuntimeKind;
  route_tier: "network_beta" | "portable_local" | "local_convenience";
  max_completion_tokens: number;
  default_max_tokens: number;
  benchmark_verified: boolean;
  /** Decimal strings, wei a token; null: the gateway's default. */
  prompt_price_wei: string | null;
  completion_price_wei: string | null;
};

export type Profiles = {
  /** Ordered by id; empty while the runtime has never answered. */
  list(): Profile[];
  /** Throws ApiError `model_not_found`. */
  byModel(model_id: string): Profile;
  byProfile(model_profile_id: string): Profile;
  /** Whether the runtime can be used: `reason` is null. */
  readonly ready: boolean;
  /** Why the runtime cannot be used, without addresses; null when it can. */
  readonly reason: string | null;
  /** Asks the runtime again; also resolves without an answer. */
  refresh(): Promise<void>;
  forHeartbeat(): HeartbeatProfile[];
};

const DEFAULT_MAX_TOKENS = 1024;
/**
 * The tier that each kind of runtime claims, which an admin may override. Ollama cuts long prompts without an error, so
 * its work is not paid for unless an admin enables the node (docs/design/nodes.md, Route tiers).
 */
const ROUTE_TIERS: Record<RuntimeKind, Profile["route_tier"]> = {
  vllm: "network_beta",
  sglang: "network_beta",
  openai: "network_beta",
  llama_cpp: "network_beta",
  ollama: "portable_local",
};
const SMOKE_TIMEOUT_MS = 120_000;

/**
 * One for each agent. The first `refresh` asks the runtime; each new model is tried with a short chat before it counts
 * as verified.
 */
export function createProfiles(deps: { runtime: Runtime; settings: SettingStore }): Profiles {
  const { runtime, settings } = deps;
  const verified = new Set<string>();
  let models: RuntimeModel[] = [];
  let reason: string | null = "the runtime was not asked yet";
  let refreshing: Promise<void> | null = null;

  const toProfile = (model: RuntimeModel): Profile => {
    const model_profile_id = profileId(model.id, runtime.kind);
    return {
      ...model,
      model_profile_id,
      runtime_kind: runtime.kind,
      route_tier: ROUTE_TIERS[runtime.kind],
      max_completion_tokens: model.context_length,
      default_max_tokens: Math.min(DEFAULT_MAX_TOKENS, model.context_length),
      benchmark_verified: verified.has(model_profile_id),
      ...settings.price(model_profile_id),
    };
  };
  const list = () => models.map(toProfile).sort((a, b) => (a.model_profile_id < b.model_profile_id ? -1 : 1));
  const find = (matches: (profile: Profile) => boolean, name: string): Profile => {
    const found = list().find(matches);
    if (found !== undefined) return found;
    if (models.length === 0 && reason !== null) {
      throw new ApiError("runtime_failed", `The model runtime is not ready: ${reason}.`, { retry_after_ms: 2000 });
    }
    throw new ApiError("model_not_found", `This machine has no model ${name}; GET /v1/models lists what it has.`, {
      param: "model",
    });
  };
  const ask = async () => {
    try {
      const health = await runtime.health();
      if (health.ready) models = await runtime.models();
      reason = health.ready && models.length === 0 ? "it lists no model" : health.reason;
    } catch {
      reason = "its list of models cannot be read";
    }
    if (reason !== null) return;
    for (const model of models) {
      const id = profileId(model.id, runtime.kind);
      if (!verified.has(id) && (await smoke(runtime, model.id))) verified.add(id);
    }
  };
  return {
    list,
    byModel: (model_id) => find((profile) => profile.id === model_id, model_id),
    byProfile: (id) => find((profile) => profile.model_profile_id === id, id),
    get ready() {
      return reason === null;
    },
    get reason() {
      return reason;
    },
    refresh: () => (refreshing ??= ask().finally(() => (refreshing = null))),
    forHeartbeat: () =>
      list().map((profile) => toHeartbeat(profile, reason === null, settings.get("network_eligible") !== "0")),
  };
}

/** A profile is a model and a kind of runtime: nodes that run the same share a profile, whose id names no node. */
export function profileId(model_id: string, kind: RuntimeKind): string {
  const name =
    model_id
      .replace(/[^A-Za-z0-9._:/@+-]/g, "-")
      .replace(/^[^A-Za-z0-9]+/, "")
      .slice(0, 110) || "model";
  return `${name}@${kind}`;
}

async function smoke(runtime: Runtime, model: string): Promise<boolean> {
  try {
    const request: ChatRequest = {
      model,
      messages: [{ role: "user", content: "Say hello." }],
      max_tokens: 8,
      max_completion_tokens: 8,
      stream: true,
    };
    for await (const event of runtime.chat(request, { signal: AbortSignal.timeout(SMOKE_TIMEOUT_MS) })) {
      if (event.type === "frame" && event.chunk.choices.some((choice) => choice.finish_reason != null)) return true;
    }
    return false;
  } catch {
    return false;
  }
}

function toHeartbeat(profile: Profile, runtime_ready: boolean, network_eligible: boolean): HeartbeatProfile {
  const {
    id,
    model_profile_id,
    runtime_kind,
    route_tier,
    benchmark_verified,
    context_length,
    max_completion_tokens,
    default_max_tokens,
    supported_parameters,
    template_tokens,
    tokens_per_message,
    growth_factor_milli,
    hidden_reasoning,
    parallel,
  } = profile;
  return {
    model_profile_id,
    model_id: id,
    status: "installed",
    runtime_kind,
    runtime_ready,
    route_tier,
    network_eligible,
    benchmark_verified,
    context_length,
    max_completion_tokens,
    default_max_tokens,
    supported_parameters: [...supported_parameters],
    template_tokens,
    tokens_per_message,
    growth_factor_milli,
    hidden_reasoning,
    parallel,
    ...(profile.prompt_price_wei === null ? {} : { asking_prompt_price_wei: profile.prompt_price_wei }),
    ...(profile.completion_price_wei === null ? {} : { asking_completion_price_wei: profile.completion_price_wei }),
  };
}
