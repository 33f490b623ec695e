import { mintHoldId } from "../../protocol/ids.ts";
import type { HoldQuote } from "../billing/operations.ts";
import type { Candidate } from "../routing/candidates.ts";
import type { ChatRequest } from "./request.ts";

export type Bounds = { prompt_bound: number; completion_bound: number };

/**
 * Room for what a chat template writes around one tool definition, in tokens; tools are rendered as indented JSON by
 * some.
 */
const TOKENS_PER_TOOL = 64;

/**
 * The most tokens that one candidate may count for this request (design: chat.md, Bounds).
 * A byte-level tokenizer never makes more tokens than there are bytes; `growth_factor_milli` covers those that
 * normalise first.
 * `exact_prompt_tokens`, when the candidate itself has counted, replaces the byte bound.
 */
export function boundsFor(request: ChatRequest, candidate: Candidate, exact_prompt_tokens?: number): Bounds {
  const profile = candidate.profile;
  const { text_bytes, messages, tools, images } = request.size;
  const byBytes =
    Math.ceil((text_bytes * profile.growth_factor_milli) / 1000) +
    profile.template_tokens +
    messages * profile.tokens_per_message +
    tools * TOKENS_PER_TOOL;
  const prompt = exact_prompt_tokens ?? (images > 0 ? profile.context_length : byBytes);
  const asked = request.max_tokens_asked ?? profile.default_max_tokens;
  return {
    prompt_bound: Math.min(prompt, profile.context_length),
    completion_bound: Math.max(1, Math.min(asked, profile.max_completion_tokens, profile.context_length)),
  };
}

export type Quote = Bounds & { amount_wei: bigint };

/**
 * The highest price among the candidates for the highest of their bounds, so that moving to any of them stays within
 * the hold.
 */
export function quoteFor(request: ChatRequest, candidates: Candidate[], exact_prompt_tokens?: number): Quote {
  const bounds = candidates.map((candidate) => boundsFor(request, candidate, exact_prompt_tokens));
  const prompt_bound = Math.max(...bounds.map((bound) => bound.prompt_bound));
  const completion_bound = Math.max(...bounds.map((bound) => bound.completion_bound));
  let amount_wei = 0n;
  for (const candidate of candidates) {
    const price =
      BigInt(prompt_bound) * candidate.prompt_price_wei + BigInt(completion_bound) * candidate.completion_price_wei;
    if (price > amount_wei) amount_wei = price;
  }
  return { prompt_bound, completion_bound, amount_wei };
}

/** Whether a hold for `quote` is enough for a candidate with these bounds too, so that the request may move to it. */
export function covers(quote: Quote, bounds: Bounds, candidate: Candidate): boolean {
  const price =
    BigInt(quote.prompt_bound) * candidate.prompt_price_wei +
    BigInt(quote.completion_bound) * candidate.completion_price_wei;
  return (
    price <= quote.amount_wei &&
    bounds.prompt_bound <= quote.prompt_bound &&
    bounds.completion_bound <= quote.completion_bound
  );
}

export type QuoteTerms = {
  customer_id: string;
  credential_id: string | null;
  job_id: string;
  /** Of the first candidate's tunnel. */
  node_epoch: number;
  fee_bps: number;
  deadline_ms: number;
  receipt_grace_ms: number;
  gateway: { gateway_id: string; epoch: number };
};

/**
 * The complete quote that a hold freezes, for the first candidate; a later one is written over it before its dispatch.
 */
export function freezeQuote(
  request: ChatRequest,
  quote: Quote,
  first: Candidate,
  { gateway, ...terms }: QuoteTerms,
): HoldQuote {
  return {
    ...terms,
    hold_id: mintHoldId(),
    client_job_id: request.client_job_id,
    node_id: first.node_id,
    model_id: request.model,
    model_profile_id: first.profile.model_profile_id,
    route_tier: first.route_tier,
    mode: request.stream ? "stream" : "plain",
    prompt_price_wei: first.prompt_price_wei,
    completion_price_wei: first.completion_price_wei,
    prompt_bound: quote.prompt_bound,
    completion_bound: quote.completion_bound,
    amount_wei: quote.amount_wei,
    max_price_wei: request.max_price_wei,
    hidden_reasoning: first.profile.hidden_reasoning,
    gateway_id: gateway.gateway_id,
    gateway_epoch: gateway.epoch,
  };
}
