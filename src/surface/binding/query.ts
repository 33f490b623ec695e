import { ApiError } from "../../core/errors.ts";
import type { Operation } from "./document.ts";

/**
 * Query parameters as strings, or lists where a name is repeated or the document has an array. Throws on bad escapes.
 */
export function parseQuery(search: string, operation: Operation): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  if (search === "") return query;
  if (/%(?![0-9A-Fa-f]{2})/.test(search))
    throw new ApiError("invalid_request", "The query is not validly percent-encoded.");
  for (const [name, value] of new URLSearchParams(search)) {
    const parameter = operation.parameters.find((one) => one.in === "query" && one.name === name);
    const values = parameter?.schema?.["type"] === "array" && parameter.explode === false ? value.split(",") : [value];
    const earlier = Object.hasOwn(query, name) ? [query[name]!].flat() : [];
    const all = [...earlier, ...values];
    Object.defineProperty(query, name, {
      value: all.length === 1 && parameter?.schema?.["type"] !== "array" ? all[0] : all,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return query;
}
