/** A chat's ports with a ledger, nodes and a client in memory, for tests of single steps. */
import { Readable } from "node:stream";
import type { LedgerOperation, LedgerWriter } from "../../src/core/gateway/billing/operations.ts";
import { readChatRequest } from "../../src/core/gateway/chat/request.ts";
import type { Chat, ChatPorts, Dispatched } from "../../src/core/gateway/chat/context.ts";
import { boundsFor, quoteFor } from "../../src/core/gateway/chat/quote.ts";
import type { ChatTimeouts } from "../../src/core/gateway/chat/timeouts.ts";
import type { ChatBody, ChatCall } from "../../src/core/gateway/chat_call.ts";
import type { NodeTunnel, NodeView, TunnelAnswer, TunnelCall } from "../../src/core/gateway/nodes/types.ts";
import { createRouting } from "../../src/core/gateway/routing/routing.ts";
import { NO_TRACING } from "../../src/core/gateway/tracing.ts";
import { createMetrics } from "../../src/core/metrics.ts";
import { generateIdentity } from "../../src/core/protocol/bytes/ed25519.ts";
import { mintHoldId, mintJobId, nodeIdOf } from "../../src/core/protocol/bytes/ids.ts";
import type { RouterDispatch } from "../../src/core/protocol/calls/router_call.ts";
import { mintSalt } from "../../src/core/protocol/receipt/commitments.ts";
import { receiptTrailers, signReceipt } from "../../src/core/protocol/receipt/receipt.ts";
import { control, fixed, node } from "./routing.ts";
import { receiptFacts } from "./receipt_facts.ts";

export const identity = generateIdentity();
/** A node that can sign receipts. */
export const signer = node({
  node_id: nodeIdOf(identity.public_key),
  keys: [{ ed25519_public_key: identity.public_key, from: new Date(0), to: null }],
});

/** An answer of a node; `body` is sent as JSON unless it is a text or a stream. */
export function nodeAnswer(
  status: number,
  body: object | string | Readable = "",
  trailers?: Record<string, string>,
): TunnelAnswer {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return {
    status,
    headers: {},
    body: body instanceof Readable ? body : Readable.from([Buffer.from(text)]),
    trailers: Promise.resolve(trailers),
    cancel: () => {},
  };
}

/** The trailers of a receipt that `signer` signed for this dispatch. */
export function signedTrailers({ job_id, fence, ...dispatch }: RouterDispatch, node_epoch = 1): Record<string, string> {
  const { prompt_price_wei, completion_price_wei } = dispatch;
  const receipt = signReceipt(
    {
      ...receiptFacts(),
      type: "b3iq.receipt.v1",
      node_id: signer.node_id,
      node_epoch,
      node_seq: 1,
      job_id,
      fence,
      dispatch_mode: "pooled_sync",
      total_tokens: 3,
      prompt_price_wei,
      completion_price_wei,
      finished_at: "2026-11-29T12:00:00Z",
    },
    identity.private_key,
  );
  return { ...receiptTrailers(receipt), "x-b3iq-commitment-salt": mintSalt() };
}

export const COMPLETION = {
  id: "c",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "hello" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 9, completion_tokens: 9, total_tokens: 18 },
  b3iq: { ttft_ms: 7 },
};

const TIMEOUTS: ChatTimeouts = {
  tunnel_connect_ms: 1_000,
  candidate_accepts_ms: 200,
  first_token_ms: 500,
  between_tokens_ms: 1_000,
  client_progress_ms: 1_000,
  hold_status_ms: 10_000,
  keep_alive_ms: 15_000,
  settle_wait_ms: 500,
};

/** A call of a node, with its body read. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the JSON that a test looks into
export type SeenCall = Omit<TunnelCall, "body"> & { node_id: string; body: any };
type Verdicts = Partial<Record<LedgerOperation["kind"], (operation: never) => unknown>>;

const VERDICTS: Verdicts = {
  hold: ({ quote }: { quote: { hold_id: string; job_id: string } }) => ({
    ok: true,
    hold_id: quote.hold_id,
    job_id: quote.job_id,
    policy_version: 1,
    expires_at: new Date(),
    limits: {},
  }),
  settle: () => ({ ok: true, charged_wei: 50n, prompt_tokens: 1, completion_tokens: 2 }),
};

export type FakeChat = {
  nodes?: NodeView[];
  /** How nodes answer chats; other calls get `other`, or an empty 200. */
  does?: (call: SeenCall) => TunnelAnswer | Promise<TunnelAnswer>;
  other?: (call: SeenCall) => TunnelAnswer;
  verdicts?: Verdicts;
  body?: Partial<ChatBody>;
  ports?: Partial<ChatPorts>;
  expose_node?: boolean;
};

/** The ports of a chat with nodes, ledger and client in memory, and a record of their calls. */
export function fakeChat({
  nodes = [signer],
  does,
  other,
  verdicts = {},
  body = {},
  ports: more,
  ...given
}: FakeChat = {}) {
  const operations: LedgerOperation[] = [];
  const calls: SeenCall[] = [];
  const acknowledged: string[] = [];
  const writer = {
    async apply(operation: LedgerOperation) {
      operations.push(operation);
      const verdict = verdicts[operation.kind] ?? VERDICTS[operation.kind] ?? (() => ({ ok: true }));
      return verdict(operation as never);
    },
    close: async () => {},
  } as LedgerWriter;
  const tunnel = (node_id: string): NodeTunnel | undefined =>
    nodes.some((one) => one.node_id === node_id)
      ? {
          node_id,
          epoch: 1,
          kind: "local",
          in_flight: 0,
          async call(call) {
            const seen: SeenCall = { ...call, node_id, body: JSON.parse(call.body.toString()) };
            calls.push(seen);
            const answers = call.path === "/v1/chat/completions" ? does : other;
            return answers ? answers(seen) : nodeAnswer(200);
          },
        }
      : undefined;
  const routing = createRouting({ nodes: () => nodes, control: fixed(control(nodes)), seed: 7 });
  const ended: [node_id: string, outcome: string][] = [];
  const ports: ChatPorts = {
    writer,
    routing: {
      ...routing,
      end(node_id, outcome) {
        ended.push([node_id, outcome]);
        routing.end(node_id, outcome);
      },
    },
    tunnel,
    node_keys: (node_id) => nodes.find((one) => one.node_id === node_id)?.keys ?? [],
    policies: () => ({ route_tiers: null, expose_node: given.expose_node ?? false }),
    pepper: Buffer.alloc(32),
    gateway: { gateway_id: "gw_here", epoch: 1 },
    alive: async () => true,
    fee_bps: 500,
    deadline_ms: 10_000,
    receipt_grace_ms: 1_000,
    timeouts: TIMEOUTS,
    draining: () => false,
    running: { begin: () => ({ revoked: new AbortController().signal, end() {} }), idle: async () => {} },
    acknowledge: (_node_id, receipt_hash) => acknowledged.push(receipt_hash),
    metrics: createMetrics(),
    tracing: NO_TRACING,
    token_audit: { penalty: () => 0, chat: (call, work) => work(call), stop: async () => {} },
    ...more,
  };
  const client = fakeClient();
  const call: ChatCall = {
    body: { model: "m", messages: [{ role: "user", content: "hi" }], ...body },
    idempotency_key: undefined,
    ...client.of_call,
  };
  const caller = { customer_id: "cus_a", credential_id: "key_a" };
  return { ports, call, caller, client, operations, calls, ended, acknowledged, routing };
}

/** A client that records what it receives, and can leave. */
function fakeClient() {
  const leaving = new AbortController();
  const headers: Record<string, string> = {};
  const client = { text: "", opened: null as Record<string, string> | null, comments: [] as string[], ended: false };
  const sink = {
    get opened() {
      return client.opened !== null;
    },
    open: (of_stream: Record<string, string> = {}) => void (client.opened = of_stream),
    write: async (bytes: Buffer | string) => void (client.text += bytes.toString()),
    comment: (text: string) => void client.comments.push(text),
    end: async () => void (client.ended = true),
  };
  return Object.assign(client, {
    headers,
    leave: () => leaving.abort(new Error("left")),
    of_call: {
      signal: leaving.signal,
      sink,
      set_header: (name: string, value: string) => void (headers[name] = value),
    },
  });
}

/** A chat that was admitted at these ports. */
export function admittedChat({
  ports,
  call,
  caller,
}: Pick<ReturnType<typeof fakeChat>, "ports" | "call" | "caller">): Chat {
  const request = readChatRequest(call.body);
  const candidates = ports.routing.candidates({ model: "m", model_profile_id: null, sticky_key: null });
  const started = performance.now();
  return {
    request,
    caller,
    call,
    policy: ports.policies(caller.customer_id, caller.credential_id),
    started,
    candidates,
    quote: quoteFor(request, candidates),
    hold: {
      ok: true,
      hold_id: mintHoldId(),
      job_id: mintJobId(),
      policy_version: 1,
      expires_at: new Date(),
      limits: {},
    },
    node_epoch: 1,
    mode: request.stream ? "stream" : "plain",
    deadline: started + ports.deadline_ms,
    held_at: started,
    signal: call.signal,
    delivering: false,
  };
}

/** The dispatch terms of an admitted chat. */
export function dispatchOf({ hold, candidates: [candidate], request }: Chat): RouterDispatch {
  return {
    job_id: hold.job_id,
    fence: 1,
    model_profile_id: candidate!.profile.model_profile_id,
    prompt_price_wei: String(candidate!.prompt_price_wei),
    completion_price_wei: String(candidate!.completion_price_wei),
    fee_bps: 500,
    ...boundsFor(request, candidate!),
    deadline_ms: 1_000,
  };
}

/** A chat that its first candidate has taken, with this answer. */
export function dispatchedChat<First>(
  ports: ChatPorts,
  chat: Chat,
  answer: TunnelAnswer,
  first: First,
): Dispatched<First> {
  const candidate = chat.candidates[0]!;
  const tunnel = ports.tunnel(candidate.node_id)!;
  return { candidate, bounds: boundsFor(chat.request, candidate), tunnel, fence: 1, answer, first };
}
