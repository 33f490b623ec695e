import type { ChatAnswer, ChatCompletion } from "../chat_call.ts";
import type { Frame } from "../node_calls/frames.ts";
import type { Candidate } from "../routing/candidate.ts";
import type { Chat, Payment } from "./context.ts";

/** The facts that the gateway adds to a node's answer after the settlement. */
export type AnswerFacts = {
  model: string;
  b3iq: NonNullable<ChatCompletion["b3iq"]>;
  /** The charged figures; null without a charge. */
  settled: { prompt_tokens: number; completion_tokens: number } | null;
  /** The node, where the customer's policy exposes it. */
  exposed: Candidate | null;
};

/** The facts of an answer that ends now; `payment` is null when nothing is charged. */
export function answerFacts(
  { request, hold, started, policy }: Chat,
  candidate: Candidate,
  payment: Payment | null,
  ttft_ms: number | null,
): AnswerFacts {
  const { profile } = candidate;
  return {
    model: request.model,
    b3iq: {
      ...(payment && {
        receipt_hash: payment.receipt.receipt.receipt_hash,
        commitment_salt: payment.receipt.commitment_salt,
      }),
      job_id: hold.job_id,
      ...(request.client_job_id && { client_job_id: request.client_job_id }),
      charged_wei: String(payment?.settled.charged_wei ?? 0n),
      latency_ms: Math.round(performance.now() - started),
      ...(ttft_ms !== null && { ttft_ms }),
      runtime_kind: profile.runtime_kind,
      ...(policy.expose_node && { runtime_id: profile.model_profile_id }),
    },
    settled: payment?.settled ?? null,
    exposed: policy.expose_node ? candidate : null,
  };
}

type Usage = NonNullable<ChatCompletion["usage"]>;

/**
 * The node's totals, with the settled figures in place of the node's where something was charged: the answer, the receipt
 * and the ledger then show the same numbers.
 */
function usageOf(nodeUsage: unknown, facts: AnswerFacts): Usage | null {
  const usage = typeof nodeUsage === "object" && nodeUsage !== null ? (nodeUsage as Usage) : null;
  if (!facts.settled) return usage;
  const { prompt_tokens, completion_tokens } = facts.settled;
  return { ...usage, prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

/** The headers that say how a chat was routed; `exposed` is the node where the customer's policy shows it, else null. */
export function routeHeaders(exposed: { node_id: string } | null): Record<string, string> {
  return {
    "x-b3iq-router-dispatch-mode": "pooled_sync",
    ...(exposed && { "x-b3iq-router-node-id": exposed.node_id }),
  };
}

/** The whole answer of a plain chat. */
export function plainAnswer(nodeBody: ChatCompletion, facts: AnswerFacts): ChatAnswer {
  const usage = usageOf(nodeBody.usage, facts);
  return {
    body: { ...nodeBody, model: facts.model, ...(usage ? { usage } : {}), b3iq: facts.b3iq },
    headers: {
      ...routeHeaders(facts.exposed),
      ...(facts.b3iq.receipt_hash && { "x-b3iq-receipt-hash": facts.b3iq.receipt_hash }),
    },
  };
}

/**
 * The frame with the finish reason, with `b3iq`. A stream that the gateway cut at its bound gets the finish reason
 * `length`.
 */
export function settledFinish(finish: Frame | null, first: Frame, facts: AnswerFacts, include_usage: boolean): string {
  const data: Record<string, unknown> = finish?.data
    ? { ...finish.data }
    : { ...envelopeOf(first), choices: [{ index: 0, delta: {}, finish_reason: "length" }] };
  if (include_usage) data["usage"] = null;
  else delete data["usage"];
  return `data: ${JSON.stringify({ ...data, b3iq: facts.b3iq })}\n\n`;
}

/** The totals in a frame of their own, with `choices: []`; empty when neither node nor ledger has them. */
export function settledUsage(usage: Frame | null, finish: Frame, facts: AnswerFacts): string {
  const totals = usageOf(usage?.usage ?? finish.usage, facts);
  return totals ? `data: ${JSON.stringify({ ...envelopeOf(finish), choices: [], usage: totals })}\n\n` : "";
}

function envelopeOf(frame: Frame): Record<string, unknown> {
  const { id, object, created, model, system_fingerprint } = frame.data ?? {};
  return { id, object, created, model, ...(system_fingerprint === undefined ? {} : { system_fingerprint }) };
}

/** A plain answer arrives whole: its node alone measures the time to the first token. */
export function nodeTtft({ b3iq }: ChatCompletion): number | null {
  const ttft = b3iq?.ttft_ms;
  return typeof ttft === "number" && Number.isSafeInteger(ttft) && ttft >= 0 ? ttft : null;
}
