import { EnvHttpProxyAgent } from "undici";
import type { Dispatcher } from "undici";
import { sha256Hex } from "../../protocol/bytes/encoding.ts";
import { signNodeCall } from "../../protocol/calls/node_call.ts";
import type { NodeCallHeaders } from "../../protocol/calls/node_call.ts";
import { EMPTY_SHA256 } from "../../protocol/calls/router_call.ts";
import type { ServerClock } from "./server_clock.ts";

/** An answer of the gateway other than 2xx, or none: `status` 0 and code `gateway_unreachable`. */
export class GatewayCallError extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: Record<string, unknown>;

  constructor(status: number, code: string, message: string, detail: Record<string, unknown> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "GatewayCallError";
    this.status = status;
    this.code = code;
    this.detail = detail;
  }
}

export type ProxySettings = {
  https_proxy?: string | undefined;
  http_proxy?: string | undefined;
  no_proxy?: string | undefined;
};

/**
 * Connections to the gateway, through a proxy where the settings name one. HTTP/1.1 only: a tunnel needs its Upgrade.
 */
export function gatewayDispatcher(proxy: ProxySettings = {}, connect_timeout_ms = 10_000): Dispatcher {
  return new EnvHttpProxyAgent({
    // Empty and not absent: else undici would read the environment itself, which only src/config.ts may.
    httpProxy: proxy.http_proxy ?? "",
    httpsProxy: proxy.https_proxy ?? "",
    noProxy: proxy.no_proxy ?? "",
    // By CONNECT for http too: a proxy that reads requests would drop the Upgrade.
    proxyTunnel: true,
    allowH2: false,
    connect: { timeout: connect_timeout_ms },
    connections: 16,
  });
}

export type NodeState = {
  node_id(): string;
  /** Of the newest tunnel; 0 before the first. */
  epoch(): number;
  /** Rises with each call for good; kept on disk before it is used. */
  nextSeq(): number;
};

export type GatewayClientDeps = {
  gateway_url: string;
  dispatcher: Dispatcher;
  clock: ServerClock;
  /** Base64url. */
  identity_private_key: string;
  state: NodeState;
  timeout_ms?: number;
};

export type CallOptions = { timeout_ms?: number; signal?: AbortSignal; signed?: boolean };

const ANSWER_BYTES = 8 * 1024 * 1024;
/** Of one connection's calls, overtaken on the way by calls over another. */
const ATTEMPTS = 6;
const LONGEST_TRIP_MS = 2_000;

/**
 * Signed calls to the gateway. What a fresh signature can mend (clock, sequence, epoch) is signed anew, a few times.
 */
export function createGatewayClient(deps: GatewayClientDeps) {
  const base = new URL(deps.gateway_url);
  const prefix = base.pathname.replace(/\/$/, "");

  /** The five headers for a call; used for tunnels too. */
  function sign(method: string, path: string, body: Buffer): NodeCallHeaders {
    return signNodeCall(
      {
        method,
        path,
        body_sha256: body.length === 0 ? EMPTY_SHA256 : sha256Hex(body),
        node_id: deps.state.node_id(),
        epoch: deps.state.epoch(),
        seq: deps.state.nextSeq(),
        time_ms: deps.clock.now_ms(),
      },
      deps.identity_private_key,
    );
  }

  async function once<Answer>(method: string, path: string, body: Buffer, options: CallOptions): Promise<Answer> {
    const timeout = AbortSignal.timeout(options.timeout_ms ?? deps.timeout_ms ?? 15_000);
    const headers: Record<string, string> = {
      accept: "application/json",
      ...(options.signed === false ? {} : sign(method, path, body)),
    };
    if (body.length > 0) headers["content-type"] = "application/json";
    const started_at = performance.now();
    let answer: Dispatcher.ResponseData;
    let text: string;
    try {
      answer = await deps.dispatcher.request({
        origin: base.origin,
        path: `${prefix}${path}`,
        method,
        headers,
        body: body.length > 0 ? body : null,
        signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
      });
      text = await limited(answer.body);
    } catch (error) {
      if (options.signal?.aborted) throw options.signal.reason;
      throw new GatewayCallError(0, "gateway_unreachable", "The gateway could not be reached.", {}, error);
    }
    const value = parse(text);
    // A long poll's time is spent before its answer is written: only what is stated in it and arrives soon after
    // counts.
    deps.clock.observe(answer.headers, Math.min(performance.now() - started_at, LONGEST_TRIP_MS), value);
    if (answer.statusCode >= 200 && answer.statusCode < 300) return value as Answer;
    throw failureOf(answer.statusCode, value);
  }

  return {
    sign,
    /** Calls an operation and answers with its body. Throws GatewayCallError, or the signal's reason. */
    async call<Answer = unknown>(
      method: string,
      path: string,
      body?: unknown,
      options: CallOptions = {},
    ): Promise<Answer> {
      const bytes = body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body));
      for (let attempt = 1; ; attempt++) {
        const epoch = deps.state.epoch();
        const offset_ms = deps.clock.offset_ms();
        try {
          return await once<Answer>(method, path, bytes, options);
        } catch (error) {
          if (!(error instanceof GatewayCallError) || attempt === ATTEMPTS) throw error;
          const mended =
            error.code === "replayed_request" ||
            (error.code === "clock_skew" && deps.clock.offset_ms() !== offset_ms) ||
            (error.code === "stale_epoch" && deps.state.epoch() !== epoch);
          if (!mended) throw error;
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * attempt));
        }
      }
    },
  };
}

export type GatewayClient = ReturnType<typeof createGatewayClient>;

/** The failure that an answer's body states, in either envelope; a body without a code is not the gateway's. */
export function failureOf(status: number, value: unknown): GatewayCallError {
  const error = (value as { error?: Record<string, unknown> } | null)?.error;
  const { code, detail, message, ...rest } = error ?? {};
  if (typeof code !== "string")
    return new GatewayCallError(status, "gateway_unreachable", `Something before the gateway answered ${status}.`);
  const sentence =
    typeof detail === "string" ? detail : typeof message === "string" ? message : `The gateway answered ${status}.`;
  return new GatewayCallError(status, code, sentence, rest);
}

/** JSON, or null for anything else. */
export function parse(text: string): unknown {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

async function limited(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > ANSWER_BYTES) throw new Error("the gateway's answer is too large");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
