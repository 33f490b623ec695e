import { mintHoldId } from "../../protocol/bytes/ids.ts";
import type { HoldQuote, Serving } from "../billing/operations.ts";
import type { Candidate } from "../routing/candidate.ts";
import type { ChatRequest } from "./request.ts";

export type Bounds = { prompt_bound: number; completion_bound: number };

/** Tokens that a chat template may write around one tool definition; some templates render tools as indented JSON. */
const TOKENS_PER_TOOL = 64;

/**
 * The most tokens that the text of a request can be. A byte-level tokenizer never makes more than there are bytes;
 * `growth_factor_milli` covers those that normalise first.
 */
export function tokensByBytes({ size }: ChatRequest, { profile }: Pick<Candidate, "profile">): number {
  return (
    Math.ceil((size.text_bytes * profile.growth_factor_milli) / 1000) +
    profile.template_tokens +
    size.messages * profile.tokens_per_message +
    size.tools * TOKENS_PER_TOOL
  );
}

/**
 * The most tokens that one candidate may count for this request (docs/design/chat.md, Bounds).
 * `exact_prompt_tokens`, when the candidate itself has counted, lowers the byte bound.
 */
export function boundsFor(request: ChatRequest, candidate: Candidate, exact_prompt_tokens = Infinity): Bounds {
  const { profile } = candidate;
  const most = request.size.images > 0 ? profile.context_length : tokensByBytes(request, candidate);
  const asked = request.max_tokens_asked ?? profile.default_max_tokens;
  return {
    prompt_bound: Math.min(exact_prompt_tokens, most, profile.context_length),
    completion_bound: Math.max(1, Math.min(asked, profile.max_completion_tokens, profile.context_length)),
  };
}

/** The reservation for a request. Each bound is the highest of all candidates; the two may come from different ones. */
export type Quote = Bounds & { amount_wei: bigint };

/**
 * The most that any of the candidates may cost, each by its own bounds, so that moving to any of them stays within the
 * hold.
 */
export function quoteFor(request: ChatRequest, candidates: Candidate[], exact_prompt_tokens?: number): Quote {
  const quote: Quote = { prompt_bound: 0, completion_bound: 0, amount_wei: 0n };
  for (const candidate of candidates) {
    const bounds = boundsFor(request, candidate, exact_prompt_tokens);
    const cost_wei = costOf(bounds, candidate);
    quote.prompt_bound = Math.max(quote.prompt_bound, bounds.prompt_bound);
    quote.completion_bound = Math.max(quote.completion_bound, bounds.completion_bound);
    if (cost_wei > quote.amount_wei) quote.amount_wei = cost_wei;
  }
  return quote;
}

/** Whether a hold for `quote` is enough for a candidate with these bounds too, so that the request may move to it. */
export function covers(quote: Quote, bounds: Bounds, candidate: Candidate): boolean {
  return (
    costOf(bounds, candidate) <= quote.amount_wei &&
    bounds.prompt_bound <= quote.prompt_bound &&
    bounds.completion_bound <= quote.completion_bound
  );
}

/**
 * The bounds of a candidate under a quote. A quote for a single candidate may rest on that candidate's own count, which
 * binds no other node.
 */
export function boundsUnder(
  quote: Quote,
  request: ChatRequest,
  [first, ...more]: Candidate[],
  candidate: Candidate,
): Bounds {
  const own =
    more.length === 0 &&
    candidate.node_id === first!.node_id &&
    candidate.profile.model_profile_id === first!.profile.model_profile_id;
  return own ? quote : boundsFor(request, candidate);
}

/** The part of a hold that describes the serving candidate, whose own bounds clamp its usage. */
export function servingTerms({ profile, route_tier }: Candidate, { prompt_bound, completion_bound }: Bounds): Serving {
  const { model_profile_id, hidden_reasoning } = profile;
  return { model_profile_id, route_tier, hidden_reasoning, prompt_bound, completion_bound };
}

/** The cost of these bounds at these prices. */
export function costOf(
  { prompt_bound, completion_bound }: Bounds,
  prices: Pick<Candidate, "prompt_price_wei" | "completion_price_wei">,
): bigint {
  return BigInt(prompt_bound) * prices.prompt_price_wei + BigInt(completion_bound) * prices.completion_price_wei;
}

export type QuoteTerms = {
  customer_id: string;
  credential_id: string | null;
  job_id: string;
  /** The epoch of the first candidate's tunnel. */
  node_epoch: number;
  fee_bps: number;
  deadline_ms: number;
  receipt_grace_ms: number;
  gateway: { gateway_id: string; epoch: number };
};

/**
 * The complete quote that a hold freezes, with the terms of the first candidate. Before a dispatch to a later candidate,
 * the terms of that candidate are written over them.
 */
export function freezeQuote(
  request: ChatRequest,
  quote: Quote,
  candidates: Candidate[],
  { gateway, ...terms }: QuoteTerms,
): HoldQuote {
  const first = candidates[0]!;
  return {
    ...servingTerms(first, boundsUnder(quote, request, candidates, first)),
    ...terms,
    hold_id: mintHoldId(),
    client_job_id: request.client_job_id,
    node_id: first.node_id,
    model_id: request.model,
    mode: request.stream ? "stream" : "plain",
    prompt_price_wei: first.prompt_price_wei,
    completion_price_wei: first.completion_price_wei,
    reserved_tokens: quote.prompt_bound + quote.completion_bound,
    amount_wei: quote.amount_wei,
    max_price_wei: request.max_price_wei,
    gateway_id: gateway.gateway_id,
    gateway_epoch: gateway.epoch,
  };
}
