import { randomUUID } from "node:crypto";
import { cancelJob } from "../nodes/agent_api.ts";
import { answerFacts, routeHeaders, settledFinish, settledUsage } from "./answer_facts.ts";
import { brokenStream } from "./chat_refusals.ts";
import { type Chat, type ChatPorts, demandOf, type Dispatched, type Payment } from "./context.ts";
import type { Delivery } from "./delivery.ts";
import { awaitFirst, type FirstFrame } from "./first_frame.ts";
import { noteProgress } from "./notes.ts";
import { relay, type Relayed } from "./stream.ts";

/** The first frame of a stream, and how to tell its node to stop; `cancel` sends one call at most. */
export type StreamStart = FirstFrame & { cancel: () => void };

/** A stream's node is accepted by its first frame; then frames are passed on, and the last ones wait for the settlement. */
export const STREAM: Delivery<StreamStart, Relayed> = {
  accept: readFirst,
  deliver: relayStream,
  finish: finishStream,
};

async function readFirst(
  { timeouts }: ChatPorts,
  chat: Chat,
  { answer, tunnel, fence }: Omit<Dispatched, "first">,
): Promise<StreamStart> {
  let cancelled = false;
  const cancel = () => {
    if (!cancelled) void cancelJob(tunnel, chat.hold.job_id, fence);
    cancelled = true;
  };
  chat.signal.addEventListener("abort", cancel, { once: true });
  try {
    return { ...(await awaitFirst(answer, timeouts.first_token_ms)), cancel };
  } finally {
    chat.signal.removeEventListener("abort", cancel);
  }
}

async function relayStream(
  { writer, timeouts }: ChatPorts,
  chat: Chat,
  { answer, candidate, bounds, first }: Dispatched<StreamStart>,
): Promise<Relayed> {
  const { signal, policy, hold } = chat;
  const { sink } = chat.call;
  chat.delivering = true;
  if (!signal.aborted && !sink.opened) sink.open(routeHeaders(policy.expose_node ? candidate : null));
  const notes = noteProgress((delivered) =>
    writer.apply({ kind: "note", operation_id: randomUUID(), hold_id: hold.hold_id, delivered }),
  );
  return relay(answer, first, sink, {
    completion_bound: bounds.completion_bound,
    deadline: chat.deadline,
    timeouts,
    client: signal,
    onPassed: notes.passed,
    cancel: first.cancel,
  }).finally(notes.stop);
}

/** Sends the finish reason, the usage and `[DONE]`. A stream that broke ends with an error instead. */
async function finishStream(
  { routing, pepper }: ChatPorts,
  chat: Chat,
  { candidate, first }: Dispatched<StreamStart>,
  { observation, finish, usage }: Relayed,
  payment: Payment | null,
): Promise<null> {
  const { sink, signal } = chat.call;
  if (signal.aborted) {
    await sink.end().catch(() => {});
    return null;
  }
  const { reason } = observation;
  if (reason !== "complete" && reason !== "cut") throw brokenStream(reason, payment !== null);
  const facts = answerFacts(chat, candidate, payment, Math.round(first.at - chat.started));
  const { include_usage } = chat.request;
  const last =
    settledFinish(finish, first.first, facts, include_usage) +
    (include_usage ? settledUsage(usage, finish ?? first.first, facts) : "") +
    "data: [DONE]\n\n";
  await sink
    .write(last)
    .then(() => sink.end())
    .catch(() => {});
  const { sticky_key } = demandOf(pepper, chat);
  if (sticky_key !== null) routing.stick(sticky_key, candidate.node_id);
  return null;
}
