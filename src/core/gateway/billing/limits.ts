import type { AdmissionLimits, HoldQuote, LimitState, Refused } from "./operations.ts";
import type { Policy } from "./policy.ts";
import { comeBack, refuse, refuseMoney } from "./refusals.ts";
import { addWindow, availableTo, balanceOf, findWindow, type Batch } from "./batch_state.ts";
import type { Account, Key, LimitWindow, WindowKind } from "./model.ts";
import { bookInWindow, correctInWindow, emptyAfterMs, emptyWindow, fitsAfterMs, usedInWindow } from "./windows.ts";
import type { PolicyWindow } from "./model.ts";

/** A policy that applies to a request: the customer's, or that of its key. */
export type Scope = {
  scope_id: string;
  name: "customer" | "key";
  policy: Policy;
  windows: PolicyWindow[];
  open_holds: number;
};

const COME_BACK_MS = 1_000;

/** The policies that a request falls under. The policy of an operator's key binds no customer. */
export function scopesOf(account: Account, key: Key | undefined): Scope[] {
  const { customer_id, policy, windows, open_holds } = account;
  const scopes: Scope[] = [{ scope_id: customer_id, name: "customer", policy, windows, open_holds }];
  if (key !== undefined && key.customer_id === customer_id) {
    const { policy, windows, open_holds } = key;
    scopes.push({ scope_id: key.credential_id, name: "key", policy, windows, open_holds });
  }
  return scopes;
}

/** Refuses a request by rules that do not depend on earlier use: price ceiling, model, route tier. */
export function checkPolicy(scopes: Scope[], quote: HoldQuote): Refused | undefined {
  const required = { required_wei: quote.amount_wei.toString() };
  if (quote.max_price_wei !== null && quote.amount_wei > quote.max_price_wei) {
    return refuseMoney(
      "max_price_exceeded",
      `The request may cost up to ${quote.amount_wei} wei, and max_price_wei allows ${quote.max_price_wei}`,
      quote,
      quote.max_price_wei,
      { ...required, limit: "max_price_wei" },
    );
  }
  for (const { name, policy } of scopes) {
    if (policy.max_price_wei === null || quote.amount_wei <= policy.max_price_wei) continue;
    return refuseMoney(
      "max_price_exceeded",
      `The request may cost up to ${quote.amount_wei} wei, and the ${name}'s policy allows ${policy.max_price_wei} a request`,
      quote,
      policy.max_price_wei,
      { ...required, limit: `${name}.max_price_wei` },
    );
  }
  for (const { name, policy } of scopes) {
    if (policy.model_allowlist !== null && !policy.model_allowlist.includes(quote.model_id)) {
      return refuse("model_not_allowed", `The ${name}'s policy does not allow this model.`, {
        limit: `${name}.model_allowlist`,
      });
    }
  }
  for (const { name, policy } of scopes) {
    if (policy.route_tiers !== null && !policy.route_tiers.includes(quote.route_tier)) {
      return refuse("route_tier_not_allowed", `The ${name}'s policy does not allow route tier ${quote.route_tier}.`, {
        limit: `${name}.route_tiers`,
      });
    }
  }
  return undefined;
}

/** Requests and tokens a minute, and requests at once. */
export function checkRates(batch: Batch, scopes: Scope[], account_id: number, quote: HoldQuote): Refused | undefined {
  const needs = { requests: 1n, tokens: BigInt(quote.reserved_tokens) };
  const { now_ms } = batch.state;
  for (const kind of ["requests", "tokens"] as const) {
    for (const { scope_id, name, policy } of scopes) {
      const limit = policy[`${kind}_per_minute`];
      if (limit === null) continue;
      const window = windowOf(batch, scope_id, kind, 60, account_id);
      const used = usedInWindow(window, now_ms);
      if (used + needs[kind] <= BigInt(limit)) continue;
      const wait_ms = fitsAfterMs(window, now_ms, needs[kind], BigInt(limit));
      const left = Number(BigInt(limit) - used);
      return refuse(
        "rate_limited",
        `${limit} ${kind} a minute are allowed for this ${name}; this request needs ${needs[kind]}${comeBack(wait_ms)}.`,
        {
          limit: `${name}.${kind}_per_minute`,
          limit_value: limit,
          required: Number(needs[kind]),
          remaining: Math.max(0, left),
          window_seconds: 60,
        },
        wait_ms,
      );
    }
  }
  for (const { name, policy, open_holds } of scopes) {
    const limit = policy.max_concurrent_requests;
    if (limit === null || open_holds < limit) continue;
    const wait_ms = limit > 0 ? COME_BACK_MS : undefined;
    return refuse(
      "rate_limited",
      `${limit} requests at once are allowed for this ${name}, and ${open_holds} are open${comeBack(wait_ms)}.`,
      { limit: `${name}.max_concurrent_requests`, limit_value: limit, remaining: 0 },
      wait_ms,
    );
  }
  return undefined;
}

/** Rolling spend caps, then the balance. */
export function checkMoney(batch: Batch, scopes: Scope[], account: Account, quote: HoldQuote): Refused | undefined {
  const { now_ms } = batch.state;
  const required_wei = quote.amount_wei.toString();
  const available_wei = availableTo(account);
  for (const { scope_id, name, policy } of scopes) {
    for (const { window_seconds, cap_wei } of policy.spend_caps) {
      const window = windowOf(batch, scope_id, "wei", window_seconds, account.account_id);
      const left = cap_wei - usedInWindow(window, now_ms);
      if (quote.amount_wei <= left) continue;
      const wait_ms = fitsAfterMs(window, now_ms, quote.amount_wei, cap_wei);
      const room = left > 0n ? left : 0n;
      return refuseMoney(
        "gateway_spend_cap_exceeded",
        `The request may cost up to ${required_wei} wei, and ${room} are left of the ${name}'s cap of ${cap_wei} wei in ${window_seconds} s${comeBack(wait_ms)}`,
        quote,
        room < available_wei ? room : available_wei,
        {
          required_wei,
          available_wei: room.toString(),
          limit: `${name}.spend_cap`,
          cap_wei: cap_wei.toString(),
          window_seconds,
        },
        wait_ms,
      );
    }
  }
  if (quote.amount_wei > available_wei) {
    const wait_ms = quote.amount_wei <= balanceOf(account) ? COME_BACK_MS : undefined; // open requests block this one
    return refuseMoney(
      "insufficient_balance",
      `The request needs ${required_wei} wei and ${available_wei} are available`,
      quote,
      available_wei,
      { required_wei, available_wei: available_wei.toString(), limit: "balance" },
      wait_ms,
    );
  }
  return undefined;
}

/** Counts a new hold in every window of its customer and key: its wei, its tokens and itself. */
export function bookAdmission(batch: Batch, scopes: Scope[], account_id: number, quote: HoldQuote): void {
  const amounts = {
    wei: quote.amount_wei,
    tokens: BigInt(quote.reserved_tokens),
    requests: 1n,
  };
  for (const { scope_id, windows } of scopes) {
    for (const { kind, window_seconds } of windows) {
      const window = windowOf(batch, scope_id, kind, window_seconds, account_id);
      bookInWindow(window, batch.state.now_ms, amounts[kind]);
      batch.writes.windows.add(window);
    }
  }
}

/** Removes the unused part of a closed hold from the windows of a customer or key. */
export function correctWindows(
  batch: Batch,
  { scope_id, windows }: Scope,
  at_ms: number,
  unused: { wei: bigint; tokens: bigint },
): void {
  for (const { kind, window_seconds } of windows) {
    if (kind === "requests") continue;
    const window = findWindow(batch.state, scope_id, kind, window_seconds);
    if (window !== undefined && correctInWindow(window, at_ms, unused[kind])) batch.writes.windows.add(window);
  }
}

/** The tightest request and token limits, for `x-ratelimit-*`. */
export function admissionLimits(batch: Batch, scopes: Scope[], account_id: number): AdmissionLimits {
  const limits: AdmissionLimits = {};
  for (const kind of ["requests", "tokens"] as const) {
    let tightest: LimitState | undefined;
    for (const { scope_id, policy } of scopes) {
      const limit = policy[`${kind}_per_minute`];
      if (limit === null) continue;
      const window = windowOf(batch, scope_id, kind, 60, account_id);
      const remaining = Math.max(0, limit - Number(usedInWindow(window, batch.state.now_ms)));
      if (tightest === undefined || remaining < tightest.remaining) {
        tightest = { limit, remaining, reset_ms: emptyAfterMs(window, batch.state.now_ms) };
      }
    }
    if (tightest !== undefined) limits[kind] = tightest;
  }
  return limits;
}

function windowOf(
  batch: Batch,
  scope_id: string,
  kind: WindowKind,
  window_seconds: number,
  account_id: number,
): LimitWindow {
  let window = findWindow(batch.state, scope_id, kind, window_seconds);
  if (window === undefined) addWindow(batch.state, (window = emptyWindow(scope_id, kind, window_seconds, account_id)));
  return window;
}
