import type { Document } from "openapi-backend";
import type { AdminRole } from "../../core/admin_tokens.ts";
import type { ErrorCode } from "../../core/errors.ts";

export type { Document } from "openapi-backend";

export type Schema = Record<string, unknown>;
export type Parameter = {
  name: string;
  in: "path" | "query" | "header" | "cookie";
  required?: boolean;
  explode?: boolean;
  schema?: Schema;
};
export type MediaTypeObject = { schema?: Schema };
export type ResponseObject = { content?: Record<string, MediaTypeObject>; headers?: Record<string, unknown> };
export type Envelope = "openai" | "native";

/** One operation of a dereferenced document, with its place and our extensions. */
export type Operation = {
  operationId: string;
  path: string;
  method: string;
  parameters: Parameter[];
  security: Record<string, string[]>[];
  requestBody?: { required?: boolean; content: Record<string, MediaTypeObject> };
  responses: Record<string, ResponseObject>;
  /** The form of the error body; native where the document names none. */
  "x-b3iq-envelope"?: Envelope;
  /** The last path parameter takes the rest of the path, slashes and colons included. */
  "x-b3iq-tail"?: boolean;
  /** Seconds for which anyone may cache the answer; the answer has an entity tag, and 304 is served. */
  "x-b3iq-cache-seconds"?: number;
  /** The role that an admin's token must have. */
  "x-b3iq-role"?: AdminRole;
  /** The content of the call's audit row, or the reason why there is none. */
  "x-b3iq-audit"?: { target: string; detail?: string[]; unless?: "repeated" | "dry_run" } | { none: string };
  deprecated?: boolean;
  /** The times at which the operation became deprecated and will end (RFC 3339). */
  "x-b3iq-deprecated-at"?: string;
  "x-b3iq-sunset-at"?: string;
  /**
   * The code of the refusal, by the name of a field of the body or by its path (`b3iq.dispatch_mode`), when that field,
   * or a value in it, breaks the document; else `invalid_request`.
   */
  "x-b3iq-invalid-code"?: Record<string, ErrorCode>;
};

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/**
 * Every operation of a dereferenced document, path parameters and global security merged in. Throws on a missing
 * operationId.
 */
export function operationsOf(definition: Document): Operation[] {
  const operations: Operation[] = [];
  for (const [path, item] of Object.entries(definition.paths ?? {})) {
    const shared = (item as { parameters?: Parameter[] }).parameters ?? [];
    for (const method of METHODS) {
      const found = (item as Record<string, unknown>)[method] as Partial<Operation> | undefined;
      if (!found) continue;
      if (!found.operationId) throw new Error(`${method.toUpperCase()} ${path} has no operationId`);
      const own = found.parameters ?? [];
      const inherited = shared.filter((one) => !own.some((other) => other.name === one.name && other.in === one.in));
      operations.push({
        ...(found as Operation),
        path,
        method,
        parameters: [...own, ...inherited],
        security: found.security ?? (definition.security as Operation["security"] | undefined) ?? [],
      });
    }
  }
  return operations;
}
