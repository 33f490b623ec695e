import { ApiError } from "../../errors.ts";
import type { ChatAnswer, ChatCall, ChatCaller } from "../chat_call.ts";
import { admit } from "./admit.ts";
import { routeHeaders } from "./answer_facts.ts";
import { showLimits } from "./chat_refusals.ts";
import type { AskedChat, Chat, ChatPorts, AnswerEnd } from "./context.ts";
import { PLAIN } from "./deliver_plain.ts";
import { STREAM } from "./deliver_stream.ts";
import type { Delivery } from "./delivery.ts";
import { dispatch } from "./dispatch.ts";
import { endDispatch } from "./dispatch_end.ts";
import { readChatRequest } from "./request.ts";
import { release, settle } from "./settle.ts";
import { keepWaitingClient } from "./waiting.ts";

/**
 * Runs one hosted chat (docs/design/chat.md, Steps), with a span and, for a share of chats, an audit. Exactly one hold
 * is closed at the end, or later by recovery. Returns null when the answer was sent as a stream.
 */
export function complete(ports: ChatPorts, caller: ChatCaller, call: ChatCall): Promise<ChatAnswer | null> {
  return ports.tracing.chat(call, () =>
    ports.token_audit.chat(call, (audited) =>
      whileRunning(ports, caller, (revoked) => answer(ports, caller, audited, revoked)),
    ),
  );
}

/** The steps of a chat before and after its delivery. */
async function answer(
  ports: ChatPorts,
  caller: ChatCaller,
  call: ChatCall,
  revoked: AbortSignal,
): Promise<ChatAnswer | null> {
  const asked = readChat(ports, caller, call);
  const admitted = await admit(ports, asked);
  const chat: Chat = {
    ...asked,
    ...admitted,
    deadline: asked.started + ports.deadline_ms,
    held_at: performance.now(),
    signal: AbortSignal.any([call.signal, revoked]),
    delivering: false,
  };
  const { metrics, timeouts } = ports;
  const { mode } = admitted;
  const streamed = chat.request.stream;
  showLimits(call.set_header, chat.hold.limits);
  metrics.streams.inc({ mode });
  const waiting = streamed ? keepWaitingClient(call.sink, call.signal, routeHeaders(null), timeouts) : null;
  try {
    return streamed ? await answerBy(ports, chat, STREAM) : await answerBy(ports, chat, PLAIN);
  } catch (error) {
    if (!chat.delivering) await release(ports, chat, error);
    throw error;
  } finally {
    waiting?.stop();
    metrics.streams.dec({ mode });
    if (call.signal.aborted) metrics.client_aborts.inc({ mode });
  }
}

/** The steps of an admitted chat; `delivery` is what differs between a plain answer and a stream. */
async function answerBy<First, Done extends AnswerEnd>(
  ports: ChatPorts,
  chat: Chat,
  { accept, deliver, finish }: Delivery<First, Done>,
): Promise<ChatAnswer | null> {
  const dispatched = await dispatch(ports, chat, accept);
  const delivered = await deliver(ports, chat, dispatched);
  endDispatch(ports, chat, dispatched, { kind: "answered", reason: delivered.observation.reason });
  const payment = await settle(ports, chat, dispatched, delivered);
  return finish(ports, chat, dispatched, delivered, payment);
}

function readChat(ports: ChatPorts, caller: ChatCaller, call: ChatCall): AskedChat {
  const started = performance.now();
  const request = readChatRequest(call.body);
  return { request, caller, call, policy: ports.policies(caller.customer_id, caller.credential_id), started };
}

/** Counts the chat as running, so that a drain waits for it and a revoked key cuts it. */
async function whileRunning<Result>(
  ports: Pick<ChatPorts, "draining" | "running">,
  { credential_id }: ChatCaller,
  work: (revoked: AbortSignal) => Promise<Result>,
): Promise<Result> {
  if (ports.draining())
    throw new ApiError("draining", "This gateway is shutting down; send the request again.", { retry_after_ms: 1_000 });
  const running = ports.running.begin(credential_id);
  try {
    return await work(running.revoked);
  } catch (error) {
    throw running.revoked.aborted
      ? new ApiError("unauthorized", "The key was revoked while this request was answered.")
      : error;
  } finally {
    running.end();
  }
}
