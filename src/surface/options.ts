import type { ApiError } from "../core/errors.ts";
import type { PageName } from "./docs/pages.ts";
import type { BucketRate } from "./http/rate_limit.ts";
import type { Violation } from "./binding/response_check.ts";

/** One answered request, for logs and metrics; nothing in it comes from the caller. */
export type Answered = {
  request_id: string;
  operation_id: string | null;
  method: string;
  /** Null when the client left before an answer began. */
  status: number | null;
  code: string | null;
  duration_ms: number;
  transport: "direct" | "tunnel";
  streamed: boolean;
  client_left: boolean;
};

/** A failure of our own: the error stays in the process, its class and stack places go to the log. */
export type Failed = { request_id: string; operation_id: string | null; error_name: string; frames: string[] };

export type SurfaceOptions = {
  body_bytes_max?: number;
  /** Other limits by operationId (chat, private envelopes). */
  body_bytes_by_operation?: Record<string, number>;
  /** Deepest nesting of a JSON body. */
  body_depth_max?: number;
  body_idle_ms?: number;
  body_total_ms?: number;
  /** How long a caller may read nothing of its answer before the connection is cut. */
  stall_ms?: number;
  /** Origins that browsers may call from; empty: none, `*`: all. */
  cors_origins?: string[];
  /** Addresses and CIDRs whose `X-Forwarded-For` is believed. */
  trusted_proxies?: string[];
  /** Names that `Host` may have; unset: any. Guards a loopback surface against DNS rebinding. */
  allowed_hosts?: string[] | null;
  /** Callers of operations without a credential, by address; null: no limit. */
  anonymous_rate?: BucketRate | null;
  /** Refused credentials, by address; null: no limit. */
  failure_rate?: BucketRate | null;
  /** Operations without a credential that are not counted (health). */
  unlimited_operations?: string[];
  /** Called for every answer that the document does not allow; unset: answers are not checked. */
  check_responses?: ((violation: Violation) => void) | null;
  /** Translates an error that is no ApiError for the caller; undefined: `internal_error`. */
  explain?: (thrown: unknown) => ApiError | undefined;
  onAnswer?: (answered: Answered) => void;
  onFailure?: (failed: Failed) => void;
  /** `GET /openapi.json` and `GET /docs`; `site` is the folder of the built site. */
  docs?: { enabled: boolean; site?: string };
  /** Folders of web/ that are served as pages. */
  pages?: PageName[];
  /** Compile validators on first use: for tests that start many surfaces. */
  lazy?: boolean;
};

type Hooks = "explain" | "onAnswer" | "onFailure";
type Defaulted = Required<Omit<SurfaceOptions, Hooks>> & Pick<SurfaceOptions, Hooks>;

const MEBIBYTE = 1_048_576;

/** The options with defaults for those that were not given. */
export function withDefaults(options: SurfaceOptions = {}): Defaulted {
  return {
    body_bytes_max: MEBIBYTE,
    body_bytes_by_operation: {},
    body_depth_max: 64,
    body_idle_ms: 10_000,
    body_total_ms: 60_000,
    stall_ms: 30_000,
    cors_origins: [],
    trusted_proxies: [],
    allowed_hosts: null,
    anonymous_rate: { burst: 120, per_second: 20 },
    failure_rate: { burst: 60, per_second: 1 },
    unlimited_operations: ["getLiveness", "getReadiness", "getHealth"],
    check_responses: null,
    docs: { enabled: true },
    pages: [],
    lazy: false,
    ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
  };
}

export type DefaultedOptions = Defaulted;
