import type { Frame } from "./frames.ts";

/** What the gateway adds to a node's answer once it is settled. */
export type AnswerFacts = {
  model: string;
  job_id: string;
  client_job_id: string | null;
  runtime_kind: string;
  latency_ms: number;
  ttft_ms: number | null;
  /** Who answered, by public names; null unless the customer's policy exposes the node. */
  exposed: { node_id: string; profile: { model_profile_id: string } } | null;
  charged_wei: bigint;
  receipt_hash: string | null;
  commitment_salt: string | null;
  /** The figures that were charged; null when nothing was. */
  usage: { prompt_tokens: number; completion_tokens: number } | null;
};

function b3iqOf(facts: AnswerFacts): Record<string, unknown> {
  return {
    ...(facts.receipt_hash ? { receipt_hash: facts.receipt_hash, commitment_salt: facts.commitment_salt } : {}),
    job_id: facts.job_id,
    ...(facts.client_job_id ? { client_job_id: facts.client_job_id } : {}),
    charged_wei: facts.charged_wei.toString(),
    latency_ms: facts.latency_ms,
    ...(facts.ttft_ms === null ? {} : { ttft_ms: facts.ttft_ms }),
    runtime_kind: facts.runtime_kind,
    ...(facts.exposed ? { runtime_id: facts.exposed.profile.model_profile_id } : {}),
  };
}

/**
 * The node's totals, with the settled figures in place of its own where something was charged: one number in every
 * place.
 */
function usageOf(nodeUsage: unknown, facts: AnswerFacts): Record<string, unknown> | null {
  const usage = typeof nodeUsage === "object" && nodeUsage !== null ? (nodeUsage as Record<string, unknown>) : null;
  if (!facts.usage) return usage;
  const { prompt_tokens, completion_tokens } = facts.usage;
  return { ...usage, prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

/** The headers that say how a chat was routed; `exposed` is the node where the customer's policy shows it, else null. */
export function routeHeaders(exposed: { node_id: string } | null): Record<string, string> {
  return {
    "x-b3iq-router-dispatch-mode": "pooled_sync",
    ...(exposed ? { "x-b3iq-router-node-id": exposed.node_id } : {}),
  };
}

/** The whole answer of a plain chat. */
export function plainAnswer(
  nodeBody: Record<string, unknown>,
  facts: AnswerFacts,
): { body: Record<string, unknown>; headers: Record<string, string> } {
  const usage = usageOf(nodeBody["usage"], facts);
  return {
    body: { ...nodeBody, model: facts.model, ...(usage ? { usage } : {}), b3iq: b3iqOf(facts) },
    headers: {
      ...routeHeaders(facts.exposed),
      ...(facts.receipt_hash ? { "x-b3iq-receipt-hash": facts.receipt_hash } : {}),
    },
  };
}

/**
 * The frame with the finish reason, carrying `b3iq`. A stream that we cut at its bound gets the finish reason `length`.
 */
export function settledFinish(finish: Frame | null, first: Frame, facts: AnswerFacts, include_usage: boolean): string {
  const data: Record<string, unknown> = finish?.data
    ? { ...finish.data }
    : { ...envelopeOf(first), choices: [{ index: 0, delta: {}, finish_reason: "length" }] };
  if (include_usage) data["usage"] = null;
  else delete data["usage"];
  return `data: ${JSON.stringify({ ...data, b3iq: b3iqOf(facts) })}\n\n`;
}

/** The totals in a frame of their own, with `choices: []`; empty when nobody knows them. */
export function settledUsage(usage: Frame | null, finish: Frame, facts: AnswerFacts): string {
  const totals = usageOf(usage?.usage ?? finish.usage, facts);
  return totals ? `data: ${JSON.stringify({ ...envelopeOf(finish), choices: [], usage: totals })}\n\n` : "";
}

function envelopeOf(frame: Frame): Record<string, unknown> {
  const { id, object, created, model, system_fingerprint } = frame.data ?? {};
  return { id, object, created, model, ...(system_fingerprint === undefined ? {} : { system_fingerprint }) };
}

/** A plain answer arrives whole, so only its node knows when the first token came. */
export function nodeTtft(body: Record<string, unknown>): number | null {
  const ttft = (body["b3iq"] as { ttft_ms?: unknown } | undefined)?.ttft_ms;
  return typeof ttft === "number" && Number.isSafeInteger(ttft) && ttft >= 0 ? ttft : null;
}
