import { createHash } from "node:crypto";
import type { Operation } from "../binding/document.ts";

type Whole = { status: number; headers: Record<string, string>; bytes: Buffer };

const tags = new WeakMap<Buffer, string>();

/** The entity tag of these bytes (RFC 9110 §8.8.3). A page that stays in memory is hashed once. */
function entityTag(bytes: Buffer): string {
  const known = tags.get(bytes);
  if (known !== undefined) return known;
  const tag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
  tags.set(bytes, tag);
  return tag;
}

/** Whether If-None-Match names the tag. The comparison is weak: `W/` is ignored (RFC 9110 §13.1.2). */
function names(header: string, tag: string): boolean {
  return header.trim() === "*" || header.split(",").some((one) => one.trim().replace(/^W\//, "") === tag);
}

/**
 * The answer of a read that anyone may cache: with `etag` and, unless the handler chose one, the `cache-control` of
 * `x-b3iq-cache-seconds`; 304 without a body when the caller has these bytes. Every other answer is returned unchanged.
 */
export function cacheable(
  operation: Operation,
  asked: { method: string; if_none_match: string | undefined },
  answer: Whole,
): Whole {
  const seconds = operation["x-b3iq-cache-seconds"];
  if (seconds === undefined || answer.status !== 200 || (asked.method !== "GET" && asked.method !== "HEAD"))
    return answer;
  return tagged(asked.if_none_match, {
    ...answer,
    headers: { "cache-control": `public, max-age=${seconds}`, ...answer.headers },
  });
}

/** The answer with its `etag`, or 304 without a body for a caller that has these bytes. */
export function tagged(if_none_match: string | undefined, answer: Whole): Whole {
  const etag = entityTag(answer.bytes);
  const headers: Record<string, string> = { ...answer.headers, etag };
  if (if_none_match === undefined || !names(if_none_match, etag)) return { ...answer, headers };
  const { "content-type": _, ...kept } = headers;
  return { status: 304, headers: kept, bytes: Buffer.alloc(0) };
}

/**
 * The headers `Deprecation` (RFC 9745) and `Sunset` (RFC 8594) of an operation that is deprecated; none for the others.
 */
export function deprecationHeaders(operation: Operation): Record<string, string> {
  if (operation.deprecated !== true) return {};
  const { "x-b3iq-deprecated-at": since, "x-b3iq-sunset-at": until } = operation;
  return {
    ...(since === undefined ? {} : { deprecation: `@${Math.floor(Date.parse(since) / 1000)}` }),
    ...(until === undefined ? {} : { sunset: new Date(until).toUTCString() }),
  };
}
