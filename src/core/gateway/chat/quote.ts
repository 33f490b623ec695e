import type { Candidate } from "../routing/candidates.ts";
import type { ChatRequest } from "./request.ts";

export type Bounds = { prompt_bound: number; completion_bound: number };

/** Room for what a chat template writes around one tool definition, in tokens; tools are rendered as indented JSON by some. */
const TOKENS_PER_TOOL = 64;

/**
 * The most tokens that one candidate may count for this request (design: chat.md, Bounds).
 * A byte-level tokenizer never makes more tokens than there are bytes; `growth_factor_milli` covers those that normalise first.
 * `exact_prompt_tokens`, when the candidate itself has counted, replaces the byte bound.
 */
export function boundsFor(request: ChatRequest, candidate: Candidate, exact_prompt_tokens?: number): Bounds {
  const profile = candidate.profile;
  const { text_bytes, messages, tools, images } = request.size;
  const byBytes = Math.ceil((text_bytes * profile.growth_factor_milli) / 1000)
    + profile.template_tokens + messages * profile.tokens_per_message + tools * TOKENS_PER_TOOL;
  const prompt = exact_prompt_tokens ?? (images > 0 ? profile.context_length : byBytes);
  const asked = request.max_tokens_asked ?? profile.default_max_tokens;
  return {
    prompt_bound: Math.min(prompt, profile.context_length),
    completion_bound: Math.max(1, Math.min(asked, profile.max_completion_tokens, profile.context_length)),
  };
}

export type Quote = Bounds & { amount_wei: bigint };

/** The highest price among the candidates for the highest of their bounds, so that moving to any of them stays within the hold. */
export function quoteFor(request: ChatRequest, candidates: Candidate[], exact_prompt_tokens?: number): Quote {
  const bounds = candidates.map((candidate) => boundsFor(request, candidate, exact_prompt_tokens));
  const prompt_bound = Math.max(...bounds.map((bound) => bound.prompt_bound));
  const completion_bound = Math.max(...bounds.map((bound) => bound.completion_bound));
  let amount_wei = 0n;
  for (const candidate of candidates) {
    const price = BigInt(prompt_bound) * candidate.prompt_price_wei + BigInt(completion_bound) * candidate.completion_price_wei;
    if (price > amount_wei) amount_wei = price;
  }
  return { prompt_bound, completion_bound, amount_wei };
}
