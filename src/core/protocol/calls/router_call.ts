import { createHmac } from "node:crypto";
import { canonicalize, parseStrict } from "../bytes/canonical.ts";
import { domainPreimage, equalBytes, fromBase64url, isBase64url, toBase64url } from "../bytes/encoding.ts";
import { isId } from "../bytes/ids.ts";
import { failure, success, type Outcome } from "../bytes/outcome.ts";
import type { ReplayWindow } from "./replay_window.ts";
import { isWei } from "../bytes/wei.ts";

/** Prices and bounds of a dispatch: the node puts the prices into its receipt, and stops at the bounds. */
export type RouterDispatch = {
  job_id: string;
  fence: number;
  model_profile_id: string;
  /** Wei for one token, an integer as a decimal string. */
  prompt_price_wei: string;
  completion_price_wei: string;
  fee_bps: number;
  /** Tokens. */
  prompt_bound: number;
  completion_bound: number;
  /** Time left for the whole answer, counted from the arrival of the call. */
  deadline_ms: number;
};

/** A call of the gateway through a node's tunnel (docs/design/nodes.md, Router signature). */
export type RouterCall = {
  version: 1;
  method: string;
  /** Path with query, exactly as sent. */
  path: string;
  /** Hex SHA-256 of the body's bytes; of no bytes without a body. */
  body_sha256: string;
  /** Unix milliseconds. */
  time_ms: number;
  tunnel_epoch: number;
  /** Rises with each call of this tunnel; starts at 1. */
  counter: number;
  /** Present on dispatches only. */
  dispatch: RouterDispatch | null;
};

export type RouterHeaders = { "x-b3iq-router-call": string; "x-b3iq-router-signature": string };

export type RouterFailure = "unauthorized" | "clock_skew" | "replayed_request" | "stale_epoch";

export const ROUTER_DOMAIN = "b3iq-router-v1";
export const MAX_SKEW_MS = 60_000;
/** Hex SHA-256 of no bytes, for calls without a body. */
export const EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** The two headers of a call, under the node's router secret (32 bytes, base64url). */
export function signRouterCall(secret: string, call: Omit<RouterCall, "version">): RouterHeaders {
  const stated: Stated = {
    version: 1,
    time_ms: call.time_ms,
    tunnel_epoch: call.tunnel_epoch,
    counter: call.counter,
    dispatch: call.dispatch,
  };
  return {
    "x-b3iq-router-call": toBase64url(Buffer.from(canonicalize(stated), "utf8")),
    "x-b3iq-router-signature": toBase64url(authenticate(secret, stated, call)),
  };
}

export type RouterExpectation = {
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body_sha256: string;
  /** The agent's clock, corrected by the server's time. */
  now_ms: number;
  /** The epoch of the tunnel that the call came through. */
  tunnel_epoch: number;
  /** The window of this tunnel epoch; a call that passes all other checks is entered. */
  window: ReplayWindow;
};

/**
 * Checks a call that came through the tunnel. No field of the headers is used before the MAC is verified. The receiver
 * takes method, path and body hash from the request itself, so a signature cannot be moved to another request.
 */
export function verifyRouterCall(secret: string, expected: RouterExpectation): Outcome<RouterCall, RouterFailure> {
  const encoded = expected.headers["x-b3iq-router-call"];
  const signature = expected.headers["x-b3iq-router-signature"];
  if (typeof encoded !== "string" || !isBase64url(signature, 32)) {
    return failure("unauthorized", "the router signature is missing or malformed");
  }
  const stated = readStated(encoded);
  if (stated === null) return failure("unauthorized", "the router call is malformed");
  const mac = authenticate(secret, stated, expected);
  if (!equalBytes(mac, Buffer.from(signature, "base64url"))) {
    return failure("unauthorized", "the router signature does not match this call");
  }
  if (stated.tunnel_epoch !== expected.tunnel_epoch) {
    return failure("stale_epoch", "the call belongs to another tunnel epoch");
  }
  if (Math.abs(stated.time_ms - expected.now_ms) > MAX_SKEW_MS) {
    const offset_ms = stated.time_ms - expected.now_ms;
    return failure("clock_skew", `the clocks differ by ${offset_ms} ms, allowed are ${MAX_SKEW_MS} ms`);
  }
  if (!expected.window.accept(stated.counter)) {
    return failure("replayed_request", "the counter was used already or is too old");
  }
  return success({ ...stated, method: expected.method, path: expected.path, body_sha256: expected.body_sha256 });
}

type Stated = Omit<RouterCall, "method" | "path" | "body_sha256">;

type Seen = Pick<RouterCall, "method" | "path" | "body_sha256">;

/** HMAC-SHA256 (RFC 2104) over domain || 0x00 || JCS(all fields). */
function authenticate(secret: string, stated: Stated, seen: Seen): Buffer {
  const text = canonicalize({ ...stated, method: seen.method, path: seen.path, body_sha256: seen.body_sha256 });
  return createHmac("sha256", fromBase64url(secret, 32)).update(domainPreimage(ROUTER_DOMAIN, text)).digest();
}

function readStated(encoded: string): Stated | null {
  let value: unknown;
  try {
    value = parseStrict(fromBase64url(encoded), { max_bytes: 2048, max_depth: 2, max_keys: 32 });
  } catch {
    return null;
  }
  if (!hasExactly(value, ["version", "time_ms", "tunnel_epoch", "counter", "dispatch"])) return null;
  if (value["version"] !== 1 || !["time_ms", "tunnel_epoch", "counter"].every((field) => isCount(value[field]))) {
    return null;
  }
  if (value["dispatch"] !== null && !isDispatch(value["dispatch"])) return null;
  return value as Stated;
}

const DISPATCH_FIELDS = [
  "job_id",
  "fence",
  "model_profile_id",
  "prompt_price_wei",
  "completion_price_wei",
  "fee_bps",
  "prompt_bound",
  "completion_bound",
  "deadline_ms",
];

function isDispatch(value: unknown): value is RouterDispatch {
  return (
    hasExactly(value, DISPATCH_FIELDS) &&
    isId("job", value["job_id"]) &&
    typeof value["model_profile_id"] === "string" &&
    isWei(value["prompt_price_wei"]) &&
    isWei(value["completion_price_wei"]) &&
    ["fence", "fee_bps", "prompt_bound", "completion_bound", "deadline_ms"].every((field) => isCount(value[field]))
  );
}

function hasExactly(value: unknown, fields: string[]): value is Record<string, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length === fields.length &&
    fields.every((field) => Object.hasOwn(value, field))
  );
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
