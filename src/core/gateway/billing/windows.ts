import type { LimitWindow, PolicyWindow, WindowKind } from "./model.ts";
import type { Policy } from "./policy.ts";

/**
 * The one bucket primitive, for wei, tokens and requests: a rolling window cut into buckets of equal length. Every
 * bucket that touches the window counts whole, so it may refuse up to one bucket early and never lets more through
 * (docs/design/money.md, The writer).
 */

const BUCKETS_IN_WINDOW = 60;
const bucketSeconds = (window_seconds: number): number => window_seconds / BUCKETS_IN_WINDOW;

/** The windows of a policy: one for each spend cap, and a minute for requests and for tokens where these are limited. */
export function policyWindows({
  spend_caps,
  requests_per_minute,
  tokens_per_minute,
}: Pick<Policy, "requests_per_minute" | "tokens_per_minute"> & {
  spend_caps: { window_seconds: number }[];
}): PolicyWindow[] {
  const windowOf = (kind: WindowKind, window_seconds: number): PolicyWindow => ({
    kind,
    window_seconds,
    bucket_seconds: bucketSeconds(window_seconds),
  });
  const windows = spend_caps.map(({ window_seconds }) => windowOf("wei", window_seconds));
  if (requests_per_minute !== null) windows.push(windowOf("requests", 60));
  if (tokens_per_minute !== null) windows.push(windowOf("tokens", 60));
  return windows;
}

/** A window without use. `window_seconds` is a multiple of 60. */
export function emptyWindow(
  scope_id: string,
  kind: WindowKind,
  window_seconds: number,
  account_id: number,
): LimitWindow {
  return {
    scope_id,
    kind,
    window_seconds,
    bucket_seconds: bucketSeconds(window_seconds),
    account_id,
    buckets: new Map(),
  };
}

/** The sum of the window that ends at `now_ms`. */
export function usedInWindow(window: LimitWindow, now_ms: number): bigint {
  if (window.sum?.now_ms === now_ms) return window.sum.used;
  const oldest = oldestBucket(window, now_ms);
  let used = 0n;
  for (const [bucket, amount] of window.buckets) if (bucket >= oldest) used += amount;
  window.sum = { now_ms, used };
  return used;
}

/** Books an amount at `at_ms` and drops the buckets that no later window touches. */
export function bookInWindow(window: LimitWindow, at_ms: number, amount: bigint): void {
  const bucket = bucketAt(window, at_ms);
  const booked = window.buckets.get(bucket);
  if (booked === undefined) {
    const oldest = oldestBucket(window, at_ms);
    for (const old of window.buckets.keys()) if (old < oldest) window.buckets.delete(old);
  }
  window.buckets.set(bucket, (booked ?? 0n) + amount);
  if (window.sum !== undefined) window.sum.used += amount;
}

/** Reduces the amount booked at `at_ms`; true when its bucket still existed. */
export function correctInWindow(window: LimitWindow, at_ms: number, amount: bigint): boolean {
  const bucket = bucketAt(window, at_ms);
  const booked = window.buckets.get(bucket);
  if (booked === undefined || amount === 0n) return false;
  const left = booked - amount;
  if (left > 0n) window.buckets.set(bucket, left);
  else window.buckets.delete(bucket);
  const { sum } = window;
  if (sum !== undefined && bucket >= oldestBucket(window, sum.now_ms)) sum.used -= amount;
  return true;
}

/** How long until `needed` fits below `cap`, if nothing else is booked; undefined when it never does. */
export function fitsAfterMs(window: LimitWindow, now_ms: number, needed: bigint, cap: bigint): number | undefined {
  if (needed > cap) return undefined;
  let used = usedInWindow(window, now_ms);
  const oldest = oldestBucket(window, now_ms);
  const buckets = [...window.buckets.keys()].filter((bucket) => bucket >= oldest).sort((left, right) => left - right);
  let wait_ms = 0;
  for (const bucket of buckets) {
    if (used + needed <= cap) break;
    used -= window.buckets.get(bucket)!;
    wait_ms = leavesAt(window, bucket) - now_ms;
  }
  return wait_ms;
}

/** How long until the window is empty, if nothing else is booked. */
export function emptyAfterMs(window: LimitWindow, now_ms: number): number {
  let newest = -1;
  for (const bucket of window.buckets.keys()) newest = Math.max(newest, bucket);
  return newest < 0 ? 0 : Math.max(0, leavesAt(window, newest) - now_ms);
}

function bucketAt(window: LimitWindow, at_ms: number): number {
  return Math.floor(at_ms / (window.bucket_seconds * 1000));
}

function oldestBucket(window: LimitWindow, now_ms: number): number {
  return bucketAt(window, now_ms - window.window_seconds * 1000);
}

/** The first moment at which no window touches the bucket. */
function leavesAt(window: LimitWindow, bucket: number): number {
  return ((bucket + 1) * window.bucket_seconds + window.window_seconds) * 1000;
}
