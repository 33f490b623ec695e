import type { ErrorCode } from "../../src/core/errors.ts";

/** A request that the engine refuses, with what the agent's ApiError needs; the agent makes one of it. */
export class EngineError extends Error {
  readonly code: ErrorCode;
  readonly param: string | null;
  readonly detail: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, options: { param?: string; detail?: Record<string, unknown> } = {}) {
    super(message);
    this.name = "EngineError";
    this.code = code;
    this.param = options.param ?? null;
    this.detail = options.detail ?? {};
  }
}
