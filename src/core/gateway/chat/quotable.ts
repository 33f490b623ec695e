import { leastOf, withinReach } from "../prices/reach.ts";
import type { Candidate, CandidateFilter } from "../routing/candidate.ts";
import { LARGEST_TEMPLATE } from "../routing/claims.ts";
import { type Bounds, costOf, tokensByBytes } from "./quote.ts";
import type { ChatRequest } from "./request.ts";

/** The least context with which nodes are compared. */
const LEAST_CONTEXT = 8_192;
const LEAST_OUTPUT = 1_024;

/**
 * The candidates that may decide the quote of a request together: those that ask at most four times what the cheapest
 * asks, in wei and then in tokens, so that no node's price or bounds swell the hold for all. Some always remain.
 * No node can push the others out by asking next to nothing: a short context or template that a node claims does not make
 * it cheaper, a price below the operator's default counts as the default, and a node that failed lately (not `proven`)
 * sets the least only where all candidates did.
 */
export const quotable =
  (request: ChatRequest): CandidateFilter =>
  (field, proven) => {
    const needs = field.map((candidate) => {
      const need = needOf(request, candidate);
      const usual_wei = costOf(need, candidate.usual);
      const tokens = BigInt(need.prompt_bound) + BigInt(need.completion_bound);
      return { candidate, wei: costOf(need, candidate), usual_wei, tokens };
    });
    if (needs.length < 2) return field;
    const setting = needs.filter(({ candidate }) => proven(candidate));
    const least_wei = leastOf((setting.length > 0 ? setting : needs).map(({ usual_wei }) => usual_wei));
    const cheap = withinReach(needs, least_wei, ({ wei }) => wei);
    const short = withinReach(cheap, leastOf(cheap.map(({ tokens }) => tokens)), ({ tokens }) => tokens);
    return short.map(({ candidate }) => candidate);
  };

/**
 * The tokens by which a node is compared: the node's bounds, but with the same template for all nodes, and with no less
 * context than is usual. For a short message, an honest large template needs more than four times the tokens of an honest
 * small one.
 */
function needOf(request: ChatRequest, candidate: Candidate): Bounds {
  const { context_length, default_max_tokens } = candidate.profile;
  const by_bytes = tokensByBytes(request, { profile: { ...candidate.profile, ...LARGEST_TEMPLATE } });
  return {
    prompt_bound: request.size.images > 0 ? Math.max(by_bytes, context_length, LEAST_CONTEXT) : by_bytes,
    completion_bound: request.max_tokens_asked ?? Math.max(default_max_tokens, LEAST_OUTPUT),
  };
}
