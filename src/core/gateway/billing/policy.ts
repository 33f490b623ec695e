import type { components } from "../../../../generated/hosted.ts";
import { ApiError } from "../../errors.ts";

type RouteTier = components["schemas"]["route_tier"];

/** A rolling cap: at most `cap_wei` reserved or charged in any `window_seconds`. */
export type SpendCap = { window_seconds: number; cap_wei: bigint };

/**
 * The limits of a customer, or of one of its keys. `null` is no limit. Both policies apply to a request made with a key.
 */
export type Policy = {
  /** The most that one request may reserve. */
  max_price_wei: bigint | null;
  model_allowlist: string[] | null;
  route_tiers: string[] | null;
  spend_caps: SpendCap[];
  requests_per_minute: number | null;
  tokens_per_minute: number | null;
  max_concurrent_requests: number | null;
  /** Answers name the node that served them. */
  expose_node: boolean;
  /** At this available balance and below, the account answer has `low_balance: true`. */
  low_balance_threshold_wei: bigint | null;
};

/** The limits of a customer or a key when there are none; reads the same on the wire. */
export const NO_LIMITS = {
  max_price_wei: null,
  model_allowlist: null,
  route_tiers: null,
  spend_caps: [],
  requests_per_minute: null,
  tokens_per_minute: null,
  max_concurrent_requests: null,
} satisfies Partial<Policy>;

export const OPEN_POLICY: Policy = {
  ...NO_LIMITS,
  expose_node: false,
  low_balance_threshold_wei: null,
};

const MAX_WEI = 2n ** 256n - 1n;
const YEAR_SECONDS = 31_536_000;
const MAX_CAPS = 8;

/**
 * Reads a policy as the wire and the database have it (wei as decimal strings); absent members are no limit.
 * Throws ApiError `invalid_request` that names the member and what is allowed.
 */
export function parsePolicy(value: unknown): Policy {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid("policy", "must be an object");
  const given = value as Record<string, unknown>;
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(OPEN_POLICY, name));
  if (unknown !== undefined)
    throw invalid(
      unknown.slice(0, 64),
      `is not a member of a policy; allowed are ${Object.keys(OPEN_POLICY).join(", ")}`,
    );
  const expose_node = given["expose_node"] ?? false;
  if (typeof expose_node !== "boolean") throw invalid("expose_node", "must be true or false");
  return {
    max_price_wei: wei(given, "max_price_wei"),
    model_allowlist: texts(given, "model_allowlist"),
    route_tiers: texts(given, "route_tiers"),
    spend_caps: caps(given["spend_caps"]),
    requests_per_minute: count(given, "requests_per_minute"),
    tokens_per_minute: count(given, "tokens_per_minute"),
    max_concurrent_requests: count(given, "max_concurrent_requests"),
    expose_node,
    low_balance_threshold_wei: wei(given, "low_balance_threshold_wei"),
  };
}

/** The policy as the wire and the database have it. */
export function policyJson(policy: Policy) {
  return {
    ...policy,
    route_tiers: policy.route_tiers as RouteTier[] | null,
    max_price_wei: policy.max_price_wei?.toString() ?? null,
    low_balance_threshold_wei: policy.low_balance_threshold_wei?.toString() ?? null,
    spend_caps: policy.spend_caps.map((cap) => ({
      window_seconds: cap.window_seconds,
      cap_wei: cap.cap_wei.toString(),
    })),
  };
}

function invalid(member: string, problem: string): ApiError {
  return new ApiError("invalid_request", `${member} ${problem}.`, { param: member });
}

function wei(given: Record<string, unknown>, name: string): bigint | null {
  return weiValue(given[name], name);
}

function weiValue(value: unknown, name: string): bigint | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== "string" || !/^(0|[1-9][0-9]{0,77})$/.test(value) || BigInt(value) > MAX_WEI) {
    throw invalid(name, "must be a decimal string of wei from 0 to 2^256 - 1, or null");
  }
  return BigInt(value);
}

function count(given: Record<string, unknown>, name: string): number | null {
  const value = given[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > 1e12) {
    throw invalid(name, "must be an integer from 0 to 10^12, or null");
  }
  return value;
}

function texts(given: Record<string, unknown>, name: string): string[] | null {
  const value = given[name];
  if (value === undefined || value === null) return null;
  const good =
    Array.isArray(value) &&
    value.length <= 1000 &&
    value.every((text) => typeof text === "string" && /^[^\0]{1,256}$/.test(text));
  if (!good) throw invalid(name, "must be at most 1000 texts of 1 to 256 characters, or null");
  return value as string[];
}

function caps(value: unknown): SpendCap[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > MAX_CAPS)
    throw invalid("spend_caps", `must be a list of at most ${MAX_CAPS} caps`);
  const parsed = value.map((item): SpendCap => {
    const { window_seconds, cap_wei } = (item ?? {}) as Record<string, unknown>;
    const cap = weiValue(cap_wei, "spend_caps.cap_wei");
    if (cap === null) throw invalid("spend_caps.cap_wei", "is required");
    if (
      typeof window_seconds !== "number" ||
      window_seconds % 60 !== 0 ||
      window_seconds < 60 ||
      window_seconds > YEAR_SECONDS
    ) {
      throw invalid("spend_caps.window_seconds", `must be a multiple of 60 from 60 to ${YEAR_SECONDS}`);
    }
    return { window_seconds, cap_wei: cap };
  });
  if (new Set(parsed.map((cap) => cap.window_seconds)).size < parsed.length)
    throw invalid("spend_caps", "must not name a window twice");
  return parsed;
}
