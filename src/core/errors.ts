import { ERRORS } from "../../generated/errors.ts";

export type ErrorCode = keyof typeof ERRORS;

export type ErrorOptions = {
  /** The request field at fault, as a JSON path without the leading `$`. */
  param?: string | null;
  /** Machine-readable facts beside the code; they land in the error body and must hold nothing private. */
  detail?: Record<string, unknown>;
  /** When to come back; absent where waiting does not help. */
  retry_after_ms?: number;
  headers?: Record<string, string>;
  cause?: unknown;
};

/**
 * A failure that the caller may see: a stable code of the catalogue (openapi/errors.yaml) and a sentence written for
 * the caller.
 */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly param: string | null;
  readonly detail: Record<string, unknown>;
  readonly retry_after_ms: number | undefined;
  readonly headers: Record<string, string>;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = "ApiError";
    this.code = code;
    this.status = ERRORS[code].status;
    this.param = options.param ?? null;
    this.detail = options.detail ?? {};
    this.retry_after_ms = options.retry_after_ms;
    this.headers = options.headers ?? {};
  }
}
