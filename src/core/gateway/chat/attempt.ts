import { TunnelError } from "../../../tunnel/tunnel_error.ts";
import { ApiError } from "../../errors.ts";
import type { RouterDispatch } from "../../protocol/calls/router_call.ts";
import { readAll } from "../nodes/agent_api.ts";
import { sendChat } from "../node_calls/send_chat.ts";
import type { TunnelAnswer } from "../nodes/types.ts";
import type { Chat, ChatPorts, Sending } from "./context.ts";
import type { Bounds } from "./quote.ts";
import type { ChatRequest } from "./request.ts";

/**
 * Why an attempt gave no answer. `refused` is final for the customer; every other one moves the chat to the next
 * candidate. After `lost` with `sent`, the node may have begun.
 */
export type AttemptFailure =
  | { kind: "refused"; error: ApiError }
  | { kind: "busy" }
  | { kind: "failed" }
  | { kind: "lost"; sent: boolean }
  | { kind: "timeout" };

/** The body that the node receives: the customer's, with the bounds of the dispatch, and usage asked for in every stream. */
function nodeBody({ forwarded, stream }: ChatRequest, { completion_bound }: Bounds): Record<string, unknown> {
  const { stream_options: _asked, ...rest } = forwarded;
  return {
    ...rest,
    max_tokens: completion_bound,
    max_completion_tokens: completion_bound,
    ...(stream ? { stream_options: { include_usage: true } } : {}),
  };
}

/**
 * Sends one attempt: the node must take the chat up within 5 s (an interim answer), and then has its time to the first
 * token. Returns the open answer, or why there is none; never throws for a node's fault.
 */
export async function attempt(
  ports: Pick<ChatPorts, "fee_bps" | "timeouts">,
  chat: Chat,
  sending: Sending,
): Promise<{ answer: TunnelAnswer } | { failure: AttemptFailure }> {
  const { timeouts } = ports;
  const { signal } = chat;
  const waiting = new AbortController();
  let late = false;
  const onLate = () => {
    late = true;
    waiting.abort(new Error("the node did not answer in time"));
  };
  // Aborts only before the answer: later, the node of a client that left gets a cancel and ends in order.
  const onLeft = () => waiting.abort(new Error("the client left"));
  signal.addEventListener("abort", onLeft, { once: true });
  if (signal.aborted) onLeft();
  let timer = setTimeout(onLate, timeouts.candidate_accepts_ms);
  try {
    const answer = await sendChat(sending.tunnel, {
      body: nodeBody(chat.request, sending.bounds),
      dispatch: dispatchOf(ports, chat, sending),
      connect_timeout_ms: timeouts.tunnel_connect_ms,
      onAccepted() {
        clearTimeout(timer);
        timer = setTimeout(onLate, timeouts.first_token_ms);
      },
      signal: waiting.signal,
    });
    return answer.status === 200 ? { answer } : { failure: await readRefusal(answer) };
  } catch (error) {
    if (late) return { failure: { kind: "timeout" } };
    // An unsent call cannot be running at the node.
    return { failure: { kind: "lost", sent: !(error instanceof TunnelError) || error.sent } };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onLeft);
  }
}

/** The terms that the node copies into its receipt. */
function dispatchOf(
  { fee_bps }: Pick<ChatPorts, "fee_bps">,
  { hold, deadline }: Chat,
  { candidate, bounds, fence }: Sending,
): RouterDispatch {
  const { prompt_bound, completion_bound } = bounds;
  return {
    job_id: hold.job_id,
    fence,
    model_profile_id: candidate.profile.model_profile_id,
    prompt_price_wei: candidate.prompt_price_wei.toString(),
    completion_price_wei: candidate.completion_price_wei.toString(),
    fee_bps,
    prompt_bound,
    completion_bound,
    deadline_ms: Math.max(1, Math.round(deadline - performance.now())),
  };
}

const REFUSED_BY_THE_RUNTIME = {
  unsupported_parameter:
    "The node cannot honour a parameter of this request; supported_parameters in GET /v1/models says what the model can do.",
  invalid_request:
    "The model's runtime refused the request as malformed; check the messages, tools and response_format.",
};

/**
 * Codes that concern the request rather than the node are final, and the customer gets them with a message of the
 * gateway's: a node's own text never reaches a customer.
 */
async function readRefusal(answer: TunnelAnswer): Promise<AttemptFailure> {
  const error = parseError(await readAll(answer, 64 * 1024).catch(() => ""));
  if (answer.status === 503) return { kind: "busy" };
  if (answer.status !== 400 || error === null) return { kind: "failed" };
  const { code, param, b3iq } = error;
  if (code === "context_length_exceeded") {
    const [prompt_tokens, context_length] = [b3iq?.["prompt_tokens"], b3iq?.["context_length"]];
    if (Number.isSafeInteger(prompt_tokens) && Number.isSafeInteger(context_length))
      return { kind: "refused", error: contextLengthExceeded(prompt_tokens as number, context_length as number) };
  }
  if (code === "unsupported_parameter" || code === "invalid_request") {
    const named = /^[a-z_.0-9[\]]{1,64}$/.test(param ?? "") ? param! : null;
    return { kind: "refused", error: new ApiError(code, REFUSED_BY_THE_RUNTIME[code], { param: named }) };
  }
  return { kind: "failed" };
}

function contextLengthExceeded(prompt_tokens: number, context_length: number): ApiError {
  return new ApiError(
    "context_length_exceeded",
    `The prompt has ${prompt_tokens} tokens, and this model's context length is ${context_length} tokens. Shorten the messages, or ask for fewer completion tokens.`,
    { param: "messages", detail: { prompt_tokens, context_length } },
  );
}

type NodeError = { code?: string; param?: string | null; b3iq?: Record<string, unknown> };

function parseError(text: string): NodeError | null {
  try {
    return (JSON.parse(text) as { error?: NodeError }).error ?? null;
  } catch {
    return null;
  }
}
