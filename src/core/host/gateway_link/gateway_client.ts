import { setTimeout as sleep } from "node:timers/promises";
import { EnvHttpProxyAgent, type Dispatcher } from "undici";
import type { operations } from "../../../../generated/hosted.ts";
import { HOSTED_ROUTES } from "../../../../generated/routes.ts";
import { type Client, createClient, type OperationCall } from "../../client.ts";
import { sha256Hex } from "../../protocol/bytes/encoding.ts";
import { signNodeCall, type NodeCallHeaders } from "../../protocol/calls/node_call.ts";
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
    // Uses CONNECT for http too: a proxy that reads requests would drop the Upgrade.
    proxyTunnel: true,
    allowH2: false,
    connect: { timeout: connect_timeout_ms },
    connections: 16,
  });
}

export type NodeState = {
  node_id(): string;
  /** The epoch of the newest tunnel; 0 before the first. */
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

export type CallOptions = {
  timeout_ms?: number;
  signal?: AbortSignal;
  /** False for the calls of an enrollment: the gateway does not know the node yet. */
  signed?: boolean;
};

export type GatewayClient = {
  /** The five headers of a signed call; a tunnel's opening has them too. */
  sign(method: string, path: string, body: Buffer): NodeCallHeaders;
  /** Calls an operation of the hosted document. Rejects with GatewayCallError, or with the signal's reason. */
  call: Client<operations, CallOptions | undefined>;
};

const ANSWER_BYTES = 8 * 1024 * 1024;
/** The number of repeats: calls on several connections may overtake each other, which breaks their sequence. */
const ATTEMPTS = 6;
const LONGEST_TRIP_MS = 2_000;

/** Signed calls to the gateway. */
export function createGatewayClient(deps: GatewayClientDeps): GatewayClient {
  return {
    sign: (method, path, body) => sign(deps, method, path, body),
    call: createClient<operations, CallOptions | undefined>(HOSTED_ROUTES, (call, options = {}) =>
      send(deps, call, options),
    ),
  };
}

function sign({ state, clock, identity_private_key }: GatewayClientDeps, method: string, path: string, body: Buffer) {
  const body_sha256 = body.length === 0 ? EMPTY_SHA256 : sha256Hex(body);
  const claim = { node_id: state.node_id(), epoch: state.epoch(), seq: state.nextSeq(), time_ms: clock.now_ms() };
  return signNodeCall({ method, path, body_sha256, ...claim }, identity_private_key);
}

/** Sends a call, and repeats it a few times after a refusal that a fresh signature avoids: clock, sequence, epoch. */
async function send(
  deps: GatewayClientDeps,
  call: OperationCall<keyof operations>,
  options: CallOptions,
): Promise<unknown> {
  const bytes = call.body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(call.body));
  for (let attempt = 1; ; attempt++) {
    const epoch = deps.state.epoch();
    const offset_ms = deps.clock.offset_ms();
    try {
      return await sendOnce(deps, call, bytes, options);
    } catch (error) {
      if (!(error instanceof GatewayCallError) || attempt === ATTEMPTS) throw error;
      const mended =
        error.code === "replayed_request" ||
        (error.code === "clock_skew" && deps.clock.offset_ms() !== offset_ms) ||
        (error.code === "stale_epoch" && deps.state.epoch() !== epoch);
      if (!mended) throw error;
      await sleep(Math.random() * 10 * attempt);
    }
  }
}

async function sendOnce(
  deps: GatewayClientDeps,
  { method, path }: OperationCall<keyof operations>,
  body: Buffer,
  { signed = true, signal, timeout_ms = deps.timeout_ms ?? 15_000 }: CallOptions,
): Promise<unknown> {
  const { origin, pathname } = new URL(deps.gateway_url);
  const timeout = AbortSignal.timeout(timeout_ms);
  const headers: Record<string, string> = {
    accept: "application/json",
    ...(signed ? sign(deps, method, path, body) : {}),
    ...(body.length > 0 ? { "content-type": "application/json" } : {}),
  };
  const started_at = performance.now();
  let answer: Dispatcher.ResponseData;
  let text: string;
  try {
    answer = await deps.dispatcher.request({
      origin,
      path: `${pathname.replace(/\/$/, "")}${path}`,
      method,
      headers,
      body: body.length > 0 ? body : null,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    text = await limited(answer.body);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw new GatewayCallError(0, "gateway_unreachable", "The gateway could not be reached.", {}, error);
  }
  const value = parse(text);
  // The gateway writes the answer of a long poll after the wait: only the trip counts, and it is short.
  deps.clock.observe(answer.headers, Math.min(performance.now() - started_at, LONGEST_TRIP_MS), value);
  if (answer.statusCode >= 200 && answer.statusCode < 300) return value;
  throw failureOf(answer.statusCode, value);
}

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
