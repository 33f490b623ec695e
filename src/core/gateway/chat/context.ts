import { createHmac } from "node:crypto";
import type { Metrics } from "../../metrics.ts";
import type { HoldMode, Observation } from "../billing/model.ts";
import type { Held, LedgerWriter, Settled } from "../billing/operations.ts";
import type { ChatCall, ChatCaller } from "../chat_call.ts";
import type { CustomerPolicyView } from "../keys/policies.ts";
import type { NodeKey, NodeTunnel, TunnelAnswer } from "../nodes/types.ts";
import type { TrailerReceipt } from "../receipts/trailers.ts";
import type { Candidate, RouteDemand } from "../routing/candidate.ts";
import type { Routing } from "../routing/routing.ts";
import type { TokenAudit } from "../token_audit/token_audit.ts";
import type { Tracing } from "../tracing.ts";
import type { Bounds, Quote } from "./quote.ts";
import type { ChatRequest } from "./request.ts";
import type { RunningChats } from "./running.ts";
import type { ChatTimeouts } from "./timeouts.ts";

/** The ports of every step of a chat; the first argument of each. */
export type ChatPorts = {
  writer: LedgerWriter;
  routing: Routing;
  tunnel: (node_id: string) => NodeTunnel | undefined;
  node_keys: (node_id: string) => readonly NodeKey[];
  policies: (customer_id: string, credential_id: string | null) => CustomerPolicyView;
  pepper: Buffer;
  gateway: { gateway_id: string; epoch: number };
  /** Whether a gateway that took a hold still answers. */
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
  tracing: Tracing;
  token_audit: TokenAudit;
};

/** A chat before its admission. */
export type AskedChat = {
  request: ChatRequest;
  caller: ChatCaller;
  call: ChatCall;
  policy: CustomerPolicyView;
  /** `performance.now()` when the request was read. */
  started: number;
};

/** The result of a chat's admission. */
export type Admitted = {
  candidates: Candidate[];
  quote: Quote;
  hold: Held;
  /** The epoch that the hold carries for its first node; the node's tunnel may have reconnected since. */
  node_epoch: number;
  mode: HoldMode;
};

/** A chat after its admission, as its steps pass it on. */
export type Chat = AskedChat &
  Admitted & {
    /** `performance.now()` at which the whole answer is cut. */
    deadline: number;
    /** `performance.now()` when the hold was known to be taken: never earlier than the hold's own time. */
    held_at: number;
    /** Aborts when the client left, or its key was revoked with `abort`. */
    signal: AbortSignal;
    /** True from a stream's first byte on: the hold then stays for the node's receipt; before, a failure releases it. */
    delivering: boolean;
  };

/** One dispatch of a chat to a node. */
export type Sending = { candidate: Candidate; bounds: Bounds; tunnel: NodeTunnel; fence: number };

/** A node that took the chat, its answer, and the `first` part of the answer, by which the node was accepted. */
export type Dispatched<First = unknown> = Sending & { answer: TunnelAnswer; first: First };

/** How an answer ended: the observation of its delivered part, and its trailers. */
export type AnswerEnd = { observation: Observation; trailers: Record<string, string> | undefined };

/** The settlement of an answer, and the receipt that was settled. */
export type Payment = { settled: Settled; receipt: TrailerReceipt };

/** The demand of a chat on routing. `prompt_cache_key` only keeps requests together, as a keyed hash. */
export function demandOf(
  pepper: Buffer,
  { request, caller, policy }: Pick<AskedChat, "request" | "caller" | "policy">,
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
