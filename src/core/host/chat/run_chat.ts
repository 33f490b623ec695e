/**
 * One chat on this machine, routed or local: check, wait for a slot, run, count, sign, answer (docs/design/chat.md,
 * docs/design/evidence.md). Once the runtime has begun, the answer always ends in order with usage, and its receipt is on
 * disk before it is sent.
 */
import { ERRORS } from "../../../../generated/errors.ts";
import { EVENT_SLACK } from "../../chat_form.ts";
import { ApiError } from "../../errors.ts";
import { mintSalt, requestCommitment, responseCommitment } from "../../protocol/receipt/commitments.ts";
import { FormatError } from "../../protocol/bytes/outcome.ts";
import { receiptTrailers, type ReceiptPayload } from "../../protocol/receipt/receipt.ts";
import type { RouterDispatch } from "../../protocol/calls/router_call.ts";
import type { ChatCall, ChatResult, Dispatch, DispatchDeps } from "./chat.ts";
import { runtimeRequest } from "./chat_request.ts";
import type { Profile } from "../machine/profiles.ts";
import { createJoinedAnswer, joinCompletion, type JoinedAnswer } from "../runtimes/join.ts";
import type { ChatChunk, ChatCompletion, ChatRequest, ChatUsage } from "../runtimes/runtime.ts";
import { usageOf } from "./usage.ts";

/** Makes the agent's chat function. It throws ApiError before the first output, and ends the stream itself afterwards. */
export function createDispatch(deps: DispatchDeps): Dispatch {
  return async (call) => {
    const chat = prepare(call, deps);
    const forget =
      chat.dispatch === null
        ? () => {}
        : deps.jobs.start({ job_id: chat.dispatch.job_id, fence: chat.dispatch.fence, cancel: chat.stop });
    const deadline = chat.dispatch === null ? undefined : setTimeout(chat.stop, chat.dispatch.deadline_ms);
    call.signal.addEventListener("abort", chat.stop, { once: true });
    if (call.signal.aborted) chat.stop();
    try {
      const release = await deps.slots.acquire(call.origin.kind, chat.stopped);
      call.sink.accept();
      try {
        return await (chat.request.stream ? stream(chat, deps) : plain(chat, deps));
      } finally {
        release();
      }
    } finally {
      clearTimeout(deadline);
      call.signal.removeEventListener("abort", chat.stop);
      forget();
    }
  };
}

type Chat = {
  call: ChatCall;
  dispatch: RouterDispatch | null;
  profile: Profile;
  request: ChatRequest;
  salt: string;
  request_commitment: string;
  stopped: AbortSignal;
  stop: () => void;
  first_output_at: number | null;
};

type Outcome = ReceiptPayload["outcome"];

function prepare(call: ChatCall, { profiles }: DispatchDeps): Chat {
  const dispatch = call.origin.kind === "routed" ? call.origin.dispatch : null;
  const profile = dispatch === null ? profiles.byModel(call.body.model) : profiles.byProfile(dispatch.model_profile_id);
  if (profile.id !== call.body.model) {
    throw new ApiError(
      "model_not_found",
      `The profile ${profile.model_profile_id} does not serve the model that was asked for.`,
      { param: "model" },
    );
  }
  const request = runtimeRequest(call.body, { ...profile, completion_bound: dispatch?.completion_bound ?? null });
  const salt = mintSalt();
  const controller = new AbortController();
  const stop = () =>
    controller.abort(new ApiError("runtime_busy", "The request was cancelled before the runtime began."));
  return {
    call,
    dispatch,
    profile,
    request,
    salt,
    request_commitment: commit(salt, call.body.messages),
    stopped: controller.signal,
    stop,
    first_output_at: null,
  };
}

function commit(salt: string, messages: unknown[]): string {
  try {
    return requestCommitment(salt, messages);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new ApiError("invalid_request", `The messages have no canonical JSON form: ${error.message}`, {
      param: "messages",
    });
  }
}

async function plain(chat: Chat, deps: DispatchDeps): Promise<ChatResult> {
  const events = deps.runtime.chat(chat.request, { signal: chat.stopped });
  let completion: ChatCompletion | null = null;
  try {
    for await (const event of events) if (event.type === "answer") completion = event.completion;
  } catch (error) {
    if (!chat.stopped.aborted) {
      countFailure(deps);
      throw asRuntimeFailure(error);
    }
  }
  completion ??= emptyCompletion(chat);
  chat.first_output_at = performance.now();
  const answer = joinCompletion(completion);
  const usage = await usageOf(answer, chat.request, deps.runtime);
  const signed = await sign(chat, answer, usage, outcomeOf(answer, chat, false), deps);
  // An answer that was cut off is refused; its receipt goes to the gateway by the outbox.
  if (answer.finish_reason === null)
    throw new ApiError("runtime_failed", "The answer was cut off before it was complete.");
  const completed = { ...completion, usage, b3iq: signed.b3iq };
  return {
    kind: "plain",
    completion: completed,
    headers: { "x-b3iq-receipt-hash": signed.receipt_hash },
    trailers: signed.trailers,
  };
}

async function stream(chat: Chat, deps: DispatchDeps): Promise<ChatResult> {
  const { sink } = chat.call;
  const answer = createJoinedAnswer();
  const held: ChatChunk[] = [];
  let opened = false;
  let usageSent = false;
  let broken: unknown = null;
  // A gateway or client that is gone takes no frames; the receipt is still written, and the outbox submits it.
  const write = async (text: string) => {
    if (!opened) {
      sink.open();
      opened = true;
    }
    await sink.write(text).catch(chat.stop);
  };
  try {
    for await (const event of deps.runtime.chat(chat.request, { signal: chat.stopped })) {
      if (event.type !== "frame") continue;
      answer.push(event.chunk);
      if (answer.deltas > 0) chat.first_output_at ??= performance.now();
      const usageOnly = event.chunk.choices.length === 0;
      if (usageOnly && !event.chunk.usage) continue;
      // A local answer carries its receipt on the finish frame, which is held back for that; a routed one in the trailers.
      if (
        chat.dispatch === null &&
        (usageOnly || held.length > 0 || event.chunk.choices.some((choice) => choice.finish_reason))
      )
        held.push(event.chunk);
      else {
        usageSent ||= usageOnly;
        await write(event.frame);
      }
      if (answer.deltas > (chat.request.max_tokens ?? Infinity) + EVENT_SLACK) chat.stop();
    }
  } catch (error) {
    if (!opened && !chat.stopped.aborted) {
      countFailure(deps);
      throw asRuntimeFailure(error);
    }
    broken = error;
  }
  const usage = await usageOf(answer, chat.request, deps.runtime);
  const signed = await sign(chat, answer, usage, outcomeOf(answer, chat, broken !== null), deps);
  if (chat.dispatch === null) return finishLocal(chat, held, usage, signed, answer, write);
  if (broken !== null && !chat.stopped.aborted) await write(errorFrame(broken));
  if (!usageSent) await write(frameOf({ ...chunkLike(chat), choices: [], usage }));
  await write("data: [DONE]\n\n");
  await sink.end(signed.trailers);
  return { kind: "streamed" };
}

async function finishLocal(
  chat: Chat,
  held: ChatChunk[],
  usage: ChatUsage,
  signed: Signed,
  answer: JoinedAnswer,
  write: (text: string) => Promise<void>,
): Promise<ChatResult> {
  if (answer.finish_reason === null) {
    if (!chat.stopped.aborted)
      throw new ApiError("runtime_failed", "The model runtime failed before the answer was complete.");
    await chat.call.sink.end();
    return { kind: "streamed" };
  }
  for (const chunk of held) {
    if (chunk.choices.length === 0) continue;
    const { usage: _usage, ...rest } = chunk;
    const finish = chunk.choices.some((choice) => choice.finish_reason);
    await write(frameOf(finish ? { ...rest, b3iq: signed.b3iq } : rest));
  }
  if (chat.call.body.stream_options?.include_usage) {
    await write(frameOf({ ...chunkLike(chat, held[0]), choices: [], usage }));
  }
  await write("data: [DONE]\n\n");
  await chat.call.sink.end();
  return { kind: "streamed" };
}

type Signed = {
  receipt_hash: string;
  /** The receipt as trailers, for a routed chat. */
  trailers: Record<string, string> | undefined;
  b3iq: Record<string, unknown>;
};

async function sign(
  chat: Chat,
  answer: JoinedAnswer,
  usage: ChatUsage,
  outcome: Outcome,
  deps: DispatchDeps,
): Promise<Signed> {
  const { receipts, counters } = deps;
  const facts = {
    model_id: chat.profile.id,
    model_profile_id: chat.profile.model_profile_id,
    runtime_kind: chat.profile.runtime_kind,
    outcome,
    prompt_tokens: usage.prompt_tokens,
    completion_tokens: usage.completion_tokens,
    request_commitment: chat.request_commitment,
    response_commitment: responseCommitment(chat.salt, answer.committed()),
  };
  if (outcome === "cancelled") counters.jobs_cancelled++;
  else if (outcome === "error") countFailure(deps);
  else counters.jobs_ok++;
  counters.prompt_tokens += usage.prompt_tokens;
  counters.completion_tokens += usage.completion_tokens;
  const { origin, received_at } = chat.call;
  const b3iq = (receipt_hash: string) => ({
    receipt_hash,
    latency_ms: Math.round(performance.now() - received_at),
    ttft_ms: Math.round((chat.first_output_at ?? performance.now()) - received_at),
    runtime_kind: chat.profile.runtime_kind,
    commitment_salt: chat.salt,
  });
  if (origin.kind === "local") {
    const { receipt_hash } = await receipts.local({ ...facts, request_id: origin.request_id }, chat.salt);
    return { receipt_hash, trailers: undefined, b3iq: b3iq(receipt_hash) };
  }
  const { job_id, fence, prompt_price_wei, completion_price_wei, fee_bps } = origin.dispatch;
  const signed = await receipts.routed(
    {
      ...facts,
      node_epoch: origin.node_epoch,
      dispatch_mode: origin.dispatch_mode ?? "pooled_sync",
      job_id,
      fence,
      prompt_price_wei,
      completion_price_wei,
      fee_bps,
    },
    chat.salt,
  );
  return {
    receipt_hash: signed.receipt_hash,
    b3iq: b3iq(signed.receipt_hash),
    trailers: { ...receiptTrailers(signed), "x-b3iq-commitment-salt": chat.salt },
  };
}

function countFailure({ counters, onRuntimeFailure }: DispatchDeps): void {
  counters.jobs_failed++;
  onRuntimeFailure();
}

function outcomeOf(answer: JoinedAnswer, chat: Chat, broken: boolean): Outcome {
  if (answer.finish_reason !== null && !broken) return answer.finish_reason === "length" ? "truncated" : "ok";
  if (answer.deltas > (chat.request.max_tokens ?? Infinity)) return "truncated";
  return chat.stopped.aborted ? "cancelled" : "error";
}

function asRuntimeFailure(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError("runtime_failed", "The model runtime failed before its first output.", { cause: error });
}

function chunkLike(chat: Chat, like?: ChatChunk): Omit<ChatChunk, "choices"> {
  return {
    id: like?.id ?? "chatcmpl-usage",
    object: "chat.completion.chunk",
    created: like?.created ?? Math.floor(Date.now() / 1000),
    model: like?.model ?? chat.profile.id,
  };
}

function emptyCompletion(chat: Chat): ChatCompletion {
  return {
    id: "chatcmpl-cancelled",
    object: "chat.completion",
    created: Math.floor(Date.now() / 1000),
    model: chat.profile.id,
    choices: [{ index: 0, message: { role: "assistant", content: null }, finish_reason: null }],
  };
}

function frameOf(chunk: object): string {
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

function errorFrame(error: unknown): string {
  const { message, code, status } = asRuntimeFailure(error);
  const { type, title } = ERRORS[code];
  return frameOf({ error: { message, type, param: null, code, b3iq: { status, title, detail: message, code } } });
}
