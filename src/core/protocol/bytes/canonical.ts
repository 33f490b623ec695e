import { isUtf8 } from "node:buffer";
import { FormatError } from "./outcome.ts";

const MAX_DEPTH = 256;

/**
 * JSON in the one canonical form of RFC 8785: keys in UTF-16 order, numbers and strings as ECMAScript writes them.
 * Members that are `undefined` are left out, as JSON has none. Throws FormatError for lone surrogates, numbers that are
 * not finite, values that JSON has no form for, and nesting beyond 256.
 */
export function canonicalize(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return writeString(value);
    case "number":
      if (!Number.isFinite(value)) throw new FormatError("number", "a number that is not finite has no JSON form");
      return JSON.stringify(value);
    case "boolean":
      return value ? "true" : "false";
    case "object":
      break;
    default:
      throw new FormatError("type", `a ${typeof value} has no JSON form`);
  }
  if (value === null) return "null";
  if (depth >= MAX_DEPTH) throw new FormatError("too_deep", `nested deeper than ${MAX_DEPTH}`);
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(",")}]`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) {
    throw new FormatError("type", "only plain objects and arrays have a canonical form");
  }
  const members: string[] = [];
  const record = value as Record<string, unknown>;
  // The default sort compares UTF-16 code units, which is the order of RFC 8785 §3.2.3.
  for (const key of Object.keys(record).sort()) {
    const member = record[key];
    if (member !== undefined) members.push(`${writeString(key)}:${write(member, depth + 1)}`);
  }
  return `{${members.join(",")}}`;
}

function writeString(text: string): string {
  if (!text.isWellFormed()) throw new FormatError("lone_surrogate", "a string holds a lone surrogate");
  return JSON.stringify(text);
}

export type ParseLimits = {
  /** Length of the text in UTF-8 bytes. */
  max_bytes: number;
  /** Containers within containers; a flat object has depth 1. */
  max_depth: number;
  /** Members of all objects together; no limit when absent. */
  max_keys?: number;
  /** `refuse` unless given; `last` keeps the last value, as JSON.parse does. */
  duplicate_keys?: "refuse" | "last";
};

export type ParseFailure =
  | "too_large"
  | "invalid_utf8"
  | "too_deep"
  | "too_many_keys"
  | "duplicate_key"
  | "forbidden_key"
  | "lone_surrogate"
  | "number_out_of_range"
  | "syntax";

/**
 * Reads JSON (RFC 8259) within limits. A scan checks the limits before any value is built, so the cost of a hostile text
 * is in proportion to its length. Refuses what JSON readers treat differently (RFC 7493): duplicate keys, lone
 * surrogates, invalid UTF-8, numbers beyond a double; and `__proto__`. Throws FormatError whose `kind` is a
 * ParseFailure; its message contains nothing of the text.
 */
export function parseStrict(text: string | Uint8Array, limits: ParseLimits): unknown {
  const source = decode(text, limits.max_bytes);
  scan(source, limits);
  try {
    return JSON.parse(source);
  } catch (error) {
    // The engine's message quotes the text, which may be private; only the position is taken from the message.
    const place = /at position (\d+)/.exec(error instanceof Error ? error.message : "")?.[1];
    throw refuse("syntax", place === undefined ? "not valid JSON" : `not valid JSON at position ${place}`);
  }
}

function refuse(kind: ParseFailure, message: string): FormatError {
  return new FormatError(kind, message);
}

function decode(text: string | Uint8Array, max_bytes: number): string {
  const length = typeof text === "string" ? Buffer.byteLength(text, "utf8") : text.length;
  if (length > max_bytes) throw refuse("too_large", `longer than ${max_bytes} bytes`);
  if (typeof text === "string") {
    if (!text.isWellFormed()) throw refuse("lone_surrogate", "the text holds a lone surrogate");
    return text;
  }
  if (!isUtf8(text)) throw refuse("invalid_utf8", "not valid UTF-8");
  return Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString("utf8");
}

const QUOTE = 0x22,
  BACKSLASH = 0x5c,
  COLON = 0x3a;
const OPEN_BRACKET = 0x5b,
  CLOSE_BRACKET = 0x5d,
  OPEN_BRACE = 0x7b,
  CLOSE_BRACE = 0x7d;

/** Scans the text once. The scan does not check the whole grammar; JSON.parse does that afterwards. */
function scan(source: string, limits: ParseLimits): void {
  const refuse_duplicates = limits.duplicate_keys !== "last";
  const max_keys = limits.max_keys ?? Infinity;
  const objects: (Set<string> | null)[] = [];
  let keys = 0;
  let start = 0;
  let end = -1;
  for (let at = 0; at < source.length; at++) {
    const unit = source.charCodeAt(at);
    if (unit === QUOTE) {
      start = at;
      end = skipString(source, at);
      at = end;
    } else if (unit === COLON) {
      if (++keys > max_keys) throw refuse("too_many_keys", `more than ${max_keys} keys`);
      if (end < 0) continue;
      checkKey(source, start, end, refuse_duplicates ? objects.at(-1) : null);
    } else if (unit === OPEN_BRACE || unit === OPEN_BRACKET) {
      if (objects.length >= limits.max_depth) throw refuse("too_deep", `nested deeper than ${limits.max_depth}`);
      objects.push(unit === OPEN_BRACE && refuse_duplicates ? new Set() : null);
    } else if (unit === CLOSE_BRACE || unit === CLOSE_BRACKET) {
      objects.pop();
    } else if (unit >= 0x30 && unit <= 0x39) {
      at = skipNumber(source, at);
    }
  }
}

/** Index of the closing quote (or the end of the text); lone surrogates written as escapes are refused on the way. */
function skipString(source: string, open: number): number {
  for (let at = open + 1; at < source.length; at++) {
    const unit = source.charCodeAt(at);
    if (unit === QUOTE) return at;
    if (unit !== BACKSLASH) continue;
    at++;
    if (source[at] !== "u") continue;
    const code = Number.parseInt(source.slice(at + 1, at + 5), 16);
    if (code >= 0xdc00 && code <= 0xdfff) throw refuse("lone_surrogate", "a string holds a lone surrogate");
    if (code >= 0xd800 && code <= 0xdbff) {
      if (!/^\\u[dD][c-fC-F]/.test(source.slice(at + 5, at + 9))) {
        throw refuse("lone_surrogate", "a string holds a lone surrogate");
      }
      at += 6;
    }
    at += 4;
  }
  return source.length;
}

function checkKey(source: string, start: number, end: number, seen: Set<string> | null | undefined): void {
  const raw = source.slice(start + 1, end);
  let key = raw;
  if (raw.includes("\\")) {
    try {
      key = JSON.parse(`"${raw}"`) as string;
    } catch {
      throw refuse("syntax", `not valid JSON at position ${start}`);
    }
  }
  if (key === "__proto__") throw refuse("forbidden_key", "the key __proto__ is not allowed");
  if (seen === null || seen === undefined) return;
  if (seen.has(key)) throw refuse("duplicate_key", "an object has the same key twice");
  seen.add(key);
}

/** Last index of the number that starts here; one that no double can hold would silently turn into infinity. */
function skipNumber(source: string, start: number): number {
  let at = start;
  let exponent = false;
  for (; at < source.length; at++) {
    const unit = source.charCodeAt(at);
    if (unit === 0x65 || unit === 0x45) exponent = true;
    else if (!((unit >= 0x30 && unit <= 0x39) || unit === 0x2e || unit === 0x2b || unit === 0x2d)) break;
  }
  if ((exponent || at - start > 300) && Number(source.slice(start, at)) === Infinity) {
    throw refuse("number_out_of_range", "a number is too large");
  }
  return at - 1;
}
