import type { Exchange } from "./exchange.ts";

const EXPOSED = [
  "x-request-id",
  "x-client-request-id",
  "retry-after",
  "retry-after-ms",
  "x-should-retry",
  "openai-processing-ms",
  "etag",
  "deprecation",
  "sunset",
  ...["limit", "remaining", "reset"].flatMap((kind) => [`x-ratelimit-${kind}-requests`, `x-ratelimit-${kind}-tokens`]),
];

/** The origin to answer with, when the caller's is one of the allowed; `*` allows every one. */
function allowedOrigin(exchange: Exchange, origins: readonly string[]): string | undefined {
  const { origin } = exchange.headers;
  return origin !== undefined && (origins.includes("*") || origins.includes(origin)) ? origin : undefined;
}

/** Adds the CORS headers of an answer; no header when the settings allow no origin. */
export function addCorsHeaders(exchange: Exchange, headers: Record<string, string>, origins: readonly string[]): void {
  if (origins.length === 0) return;
  headers["vary"] = headers["vary"] ? `${headers["vary"]}, Origin` : "Origin";
  const origin = allowedOrigin(exchange, origins);
  if (origin === undefined) return;
  const ours = Object.keys(headers).filter((name) => /^x-(b3iq|ratelimit)-/.test(name) && !EXPOSED.includes(name));
  headers["access-control-allow-origin"] = origin;
  headers["access-control-expose-headers"] = [...EXPOSED, ...ours].join(", ");
}

/**
 * The headers of a preflight answer; undefined when the request is no preflight. The method and headers that the
 * browser asks for are allowed as asked: every fixed list broke when a client added a header (`x-stainless-*`).
 */
export function preflightHeaders(
  exchange: Exchange,
  origins: readonly string[],
  methods: string[],
): Record<string, string> | undefined {
  if (exchange.method !== "OPTIONS" || exchange.headers["access-control-request-method"] === undefined)
    return undefined;
  if (allowedOrigin(exchange, origins) === undefined) return undefined;
  const wanted = exchange.headers["access-control-request-headers"];
  const reflected = typeof wanted === "string" && /^[A-Za-z0-9!#$%&'*+.^_`|~, -]{1,4096}$/.test(wanted) ? wanted : "";
  return {
    "access-control-allow-methods": methods.filter((method) => method !== "OPTIONS").join(", "),
    ...(reflected ? { "access-control-allow-headers": reflected } : {}),
    "access-control-max-age": "600",
    vary: "Access-Control-Request-Method, Access-Control-Request-Headers",
  };
}
