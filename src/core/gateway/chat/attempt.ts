import { TunnelError } from "../../../tunnel/tunnel_error.ts";
import { ApiError } from "../../errors.ts";
import { DISPATCH, readAll } from "../nodes/agent_api.ts";
import type { NodeTunnel, TunnelAnswer } from "../nodes/types.ts";
import type { Candidate } from "../routing/candidates.ts";
import type { Bounds } from "./quote.ts";
import type { ChatRequest } from "./request.ts";

export type ChatTimeouts = {
  tunnel_connect_ms: number;
  candidate_accepts_ms: number;
  first_token_ms: number;
  between_tokens_ms: number;
  client_progress_ms: number;
  hold_status_ms: number;
  keep_alive_ms: number;
  settle_wait_ms: number;
};

export type DispatchOrder = {
  job_id: string;
  fence: number;
  candidate: Candidate;
  bounds: Bounds;
  fee_bps: number;
  deadline_ms: number;
};

/**
 * Why an attempt gave no answer: `refused` is final for the caller, the others move to the next candidate. After `lost`
 * the node may have begun, unless nothing was `sent`.
 */
export type AttemptFailure =
  | { kind: "refused"; error: ApiError }
  | { kind: "busy" }
  | { kind: "failed" }
  | { kind: "lost"; sent: boolean }
  | { kind: "timeout" };

/**
 * The body that the node receives: as the customer sent it, with our bounds under both names and usage always asked
 * for.
 */
export function nodeBody(request: ChatRequest, bounds: Bounds): Buffer {
  const body: Record<string, unknown> = {
    ...request.forwarded,
    max_tokens: bounds.completion_bound,
    max_completion_tokens: bounds.completion_bound,
  };
  if (request.stream) body["stream_options"] = { include_usage: true };
  else delete body["stream_options"];
  return Buffer.from(JSON.stringify(body));
}

/**
 * Sends one attempt: the node must take it up within 5 s (an interim answer), and then has its time to the first token.
 * Returns the open answer, or why there is none; never throws for a node's fault.
 */
export async function attempt(
  tunnel: NodeTunnel,
  request: ChatRequest,
  order: DispatchOrder,
  timeouts: ChatTimeouts,
  signal: AbortSignal,
): Promise<{ answer: TunnelAnswer } | { failure: AttemptFailure }> {
  const waiting = new AbortController();
  let late = false;
  const giveUp = () => {
    late = true;
    waiting.abort(new Error("the node did not answer in time"));
  };
  // Only until there is an answer: after that, a client that leaves gets the node told to end in order, not reset.
  const onLeft = () => waiting.abort(new Error("the client left"));
  signal.addEventListener("abort", onLeft, { once: true });
  if (signal.aborted) onLeft();
  let timer = setTimeout(giveUp, timeouts.candidate_accepts_ms);
  const onAccepted = () => {
    clearTimeout(timer);
    timer = setTimeout(giveUp, timeouts.first_token_ms);
  };
  try {
    const answer = await tunnel.call({
      ...DISPATCH,
      body: nodeBody(request, order.bounds),
      dispatch: {
        job_id: order.job_id,
        fence: order.fence,
        model_profile_id: order.candidate.profile.model_profile_id,
        prompt_price_wei: order.candidate.prompt_price_wei.toString(),
        completion_price_wei: order.candidate.completion_price_wei.toString(),
        fee_bps: order.fee_bps,
        prompt_bound: order.bounds.prompt_bound,
        completion_bound: order.bounds.completion_bound,
        deadline_ms: order.deadline_ms,
      },
      connect_timeout_ms: timeouts.tunnel_connect_ms,
      onAccepted,
      signal: waiting.signal,
    });
    if (answer.status === 200) return { answer };
    return { failure: await readRefusal(answer) };
  } catch (error) {
    if (late) return { failure: { kind: "timeout" } };
    // What was never sent cannot be running at the node.
    return { failure: { kind: "lost", sent: !(error instanceof TunnelError) || error.sent } };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onLeft);
  }
}

const IN_OUR_WORDS = {
  unsupported_parameter:
    "The node cannot honour a parameter of this request; supported_parameters in GET /v1/models says what the model can do.",
  invalid_request:
    "The model's runtime refused the request as malformed; check the messages, tools and response_format.",
};

/**
 * Codes of the node that tell about the request rather than about the node: the caller gets them, rewritten in our
 * words.
 */
async function readRefusal(answer: TunnelAnswer): Promise<AttemptFailure> {
  const text = await readAll(answer, 64 * 1024).catch(() => "");
  const error = parseError(text);
  if (answer.status === 503) return { kind: "busy" };
  if (answer.status === 400 && error?.code === "context_length_exceeded") {
    const [prompt, context] = [error.b3iq?.["prompt_tokens"], error.b3iq?.["context_length"]];
    if (
      typeof prompt === "number" &&
      typeof context === "number" &&
      Number.isSafeInteger(prompt) &&
      Number.isSafeInteger(context)
    )
      return {
        kind: "refused",
        error: new ApiError(
          "context_length_exceeded",
          `The prompt has ${prompt} tokens, and this model's context length is ${context} tokens. Shorten the messages, or ask for fewer completion tokens.`,
          { param: "messages", detail: { prompt_tokens: prompt, context_length: context } },
        ),
      };
  }
  const code = error?.code;
  if (answer.status === 400 && (code === "unsupported_parameter" || code === "invalid_request")) {
    const param = /^[a-z_.0-9[\]]{1,64}$/.test(error?.param ?? "") ? error!.param! : null;
    return { kind: "refused", error: new ApiError(code, IN_OUR_WORDS[code], { param }) };
  }
  return { kind: "failed" };
}

type NodeError = { code?: string; param?: string | null; b3iq?: Record<string, unknown> };

function parseError(text: string): NodeError | null {
  try {
    const value = JSON.parse(text) as { error?: NodeError };
    return value.error ?? null;
  } catch {
    return null;
  }
}
