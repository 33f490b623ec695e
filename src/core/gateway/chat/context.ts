import { createHmac } from "node:crypto";
import type { Metrics } from "../../metrics.ts";
import type { Held, LedgerWriter } from "../billing/operations.ts";
import type { CustomerPolicyView } from "../keys/policies.ts";
import type { NodeKey, NodeTunnel, TunnelAnswer } from "../nodes/types.ts";
import type { Candidate, RouteDemand, Routing } from "../routing/candidates.ts";
import type { ChatTimeouts } from "./attempt.ts";
import type { Bounds, Quote } from "./quote.ts";
import type { AnswerSink } from "./stream.ts";
import type { ChatRequest } from "./request.ts";
import type { RunningChats } from "./running.ts";

export type ChatPorts = {
  writer: LedgerWriter;
  routing: Routing;
  tunnel: (node_id: string) => NodeTunnel | undefined;
  node_keys: (node_id: string) => readonly NodeKey[];
  policies: (customer_id: string, credential_id: string | null) => CustomerPolicyView;
  pepper: Buffer;
  gateway: { gateway_id: string; epoch: number };
  /** Whether a process that took a hold still answers. */
  alive: (gateway: { gateway_id: string; gateway_epoch: number }) => Promise<boolean>;
  fee_bps: number;
  deadline_ms: number;
  receipt_grace_ms: number;
  timeouts: ChatTimeouts;
  draining: () => boolean;
  running: RunningChats;
  /** Tells a node, soon and in batches, that its receipt was settled. */
  acknowledge: (node_id: string, receipt_hash: string) => void;
  metrics: Metrics;
};

export type ChatCaller = { customer_id: string; credential_id: string | null };

export type ChatCall = {
  body: Record<string, unknown>;
  idempotency_key: string | undefined;
  /** Aborts when the client left. */
  signal: AbortSignal;
  sink: AnswerSink;
  set_header(name: string, value: string): void;
};

export type ChatAnswer = { body: Record<string, unknown>; headers: Record<string, string> };

/** One chat under way; what the steps hand to each other. */
export type Chat = {
  request: ChatRequest;
  caller: ChatCaller;
  call: ChatCall;
  policy: CustomerPolicyView;
  candidates: Candidate[];
  quote: Quote;
  hold: Held;
  /** The epoch that the hold carries for its first node; its tunnel may have reconnected since. */
  node_epoch: number;
  started: number;
  deadline: number;
  /** `performance.now()` when its hold was known to be taken: never earlier than the hold's own time. */
  held_at: number;
  /** Aborts when the client left, or its key was revoked with `abort`. */
  signal: AbortSignal;
  /** From the first byte on the hold stays for the node's receipt; before it, a failure releases it. */
  delivering: boolean;
};

/** A node that took the chat, and its answer. */
export type Dispatched = {
  candidate: Candidate;
  bounds: Bounds;
  tunnel: NodeTunnel;
  fence: number;
  answer: TunnelAnswer;
};

/** What routing needs to know. `prompt_cache_key` and `user` only stick requests together, as a keyed hash. */
export function demandOf(
  pepper: Buffer,
  { request, caller, policy }: Pick<Chat, "request" | "caller" | "policy">,
): RouteDemand {
  const { model, model_profile_id, needs, first_image, sticky_text } = request;
  const sticky_key =
    sticky_text === null
      ? null
      : createHmac("sha256", pepper)
          .update(`b3iq-sticky-v1\0${caller.customer_id}\0${sticky_text}`)
          .digest("base64url");
  return {
    model,
    model_profile_id,
    needs,
    first_image,
    sticky_key,
    customer_id: caller.customer_id,
    route_tiers: policy.route_tiers,
  };
}
