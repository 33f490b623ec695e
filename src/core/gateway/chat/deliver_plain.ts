import type { ChatAnswer, ChatCompletion } from "../chat_call.ts";
import { deltaBytes, hasFinished } from "../node_calls/frames.ts";
import { cancelJob, readAll } from "../nodes/agent_api.ts";
import { answerFacts, nodeTtft, plainAnswer } from "./answer_facts.ts";
import type { Chat, ChatPorts, AnswerEnd, Dispatched, Payment } from "./context.ts";
import type { Delivery } from "./delivery.ts";

const PLAIN_ANSWER_BYTES = 32 * 1024 * 1024;

/** A plain answer, whole. */
export type WholeAnswer = { body: ChatCompletion; trailers: Record<string, string> };

/** A plain answer is read whole before its node is accepted, and is delivered only once it is settled. */
export const PLAIN: Delivery<WholeAnswer, AnswerEnd> = {
  accept: readWhole,
  deliver: observeWhole,
  finish: finishPlain,
};

/** Reads the whole answer. A client that leaves, and the chat's deadline, stop the node. */
async function readWhole(
  _ports: ChatPorts,
  chat: Chat,
  { answer, tunnel, fence }: Omit<Dispatched, "first">,
): Promise<WholeAnswer> {
  const cancel = () => void cancelJob(tunnel, chat.hold.job_id, fence);
  chat.signal.addEventListener("abort", cancel, { once: true });
  const late = setTimeout(() => {
    cancel();
    answer.cancel();
  }, chat.deadline - performance.now());
  try {
    const body = JSON.parse(await readAll(answer, PLAIN_ANSWER_BYTES)) as ChatCompletion;
    if (!hasFinished(body)) throw new Error("the node's answer has no finish reason");
    const trailers = await answer.trailers;
    // A cut stream can look like a clean end: only the trailers make an answer complete.
    if (!trailers) throw new Error("the node's answer has no trailers");
    return { body, trailers };
  } finally {
    clearTimeout(late);
    chat.signal.removeEventListener("abort", cancel);
  }
}

function observeWhole(_ports: ChatPorts, _chat: Chat, { first }: Dispatched<WholeAnswer>): AnswerEnd {
  const { body, trailers } = first;
  return {
    observation: { content_bytes: deltaBytes({ ...body.choices[0]?.message }), events: 1, reason: "complete" },
    trailers,
  };
}

async function finishPlain(
  _ports: ChatPorts,
  chat: Chat,
  { candidate, first }: Dispatched<WholeAnswer>,
  _delivered: AnswerEnd,
  payment: Payment | null,
): Promise<ChatAnswer> {
  return plainAnswer(first.body, answerFacts(chat, candidate, payment, nodeTtft(first.body)));
}
