import { readAccountFigures, type AccountFigures, type AccountScope } from "../../../store/postgres/billing/account.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { ApiError } from "../../errors.ts";
import { parsePolicy, policyJson, type Policy } from "./policy.ts";
import { emptyAfterMs, emptyWindow, usedInWindow } from "./windows.ts";
import type { LimitWindow, WindowKind } from "./model.ts";

type Scope = { name: "customer" | "key"; figures: AccountScope; policy: Policy };

/**
 * The account answer without `key`: balance, every cap with its used and remaining wei, rate limits, `low_balance`.
 * `credential_id`: the key that asks, whose limits apply too. Throws ApiError `not_found`.
 */
export async function readAccount(db: Database, customer_id: string, credential_id: string | null) {
  const figures = await readAccountFigures(db, customer_id, credential_id);
  if (figures === undefined)
    throw new ApiError("not_found", "There is no customer with this id.", { param: "customer_id" });
  const policy = parsePolicy(figures.customer.policy);
  const scopes: Scope[] = [{ name: "customer", figures: figures.customer, policy }];
  if (figures.key !== null) scopes.push({ name: "key", figures: figures.key, policy: parsePolicy(figures.key.policy) });
  const available_wei = figures.balance_wei - figures.reserved_wei;
  const threshold_wei = policy.low_balance_threshold_wei;
  return {
    customer_id,
    status: figures.status,
    balance_wei: figures.balance_wei.toString(),
    reserved_wei: figures.reserved_wei.toString(),
    available_wei: available_wei.toString(),
    low_balance: threshold_wei !== null && available_wei < threshold_wei,
    open_reservations: figures.customer.open_holds,
    policy_version: figures.policy_version,
    policy: { ...policyJson(policy), version: figures.policy_version },
    spend_caps: scopes.flatMap((scope) => spendCaps(figures, scope)),
    rate_limits: scopes.flatMap((scope) => rateLimits(figures, scope)),
    generated_at: new Date(figures.now_ms).toISOString(),
  };
}

function spendCaps(figures: AccountFigures, { name, figures: scope, policy }: Scope) {
  return policy.spend_caps.map(({ window_seconds, cap_wei }) => {
    const used_wei = usedInWindow(windowOf(figures, scope.scope_id, "wei", window_seconds), figures.now_ms);
    const remaining_wei = used_wei < cap_wei ? cap_wei - used_wei : 0n;
    return {
      scope: name,
      window_seconds,
      cap_wei: cap_wei.toString(),
      used_wei: used_wei.toString(),
      remaining_wei: remaining_wei.toString(),
    };
  });
}

function rateLimits(figures: AccountFigures, { name, figures: scope, policy }: Scope) {
  type State = {
    scope: "customer" | "key";
    kind: "requests" | "tokens" | "concurrent_requests";
    window_seconds: number | null;
    limit: number;
    remaining: number;
    reset_ms: number | null;
  };
  const states: State[] = [];
  for (const kind of ["requests", "tokens"] as const) {
    const limit = policy[`${kind}_per_minute`];
    if (limit === null) continue;
    const window = windowOf(figures, scope.scope_id, kind, 60);
    const remaining = Math.max(0, limit - Number(usedInWindow(window, figures.now_ms)));
    states.push({
      scope: name,
      kind,
      window_seconds: 60,
      limit,
      remaining,
      reset_ms: emptyAfterMs(window, figures.now_ms),
    });
  }
  const limit = policy.max_concurrent_requests;
  if (limit !== null) {
    states.push({
      scope: name,
      kind: "concurrent_requests",
      window_seconds: null,
      limit,
      remaining: Math.max(0, limit - scope.open_holds),
      reset_ms: null,
    });
  }
  return states;
}

function windowOf(figures: AccountFigures, scope_id: string, kind: WindowKind, window_seconds: number): LimitWindow {
  return (
    figures.windows.find(
      (window) => window.scope_id === scope_id && window.kind === kind && window.window_seconds === window_seconds,
    ) ?? emptyWindow(scope_id, kind, window_seconds, 0)
  );
}
