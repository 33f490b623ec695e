import type { Control } from "../control.ts";
import type { ProfileView } from "../nodes/types.ts";

/** No known chat template adds more than this to a prompt, or to each of its messages. */
const TEMPLATE_TOKENS_MOST = 256;
const TOKENS_PER_MESSAGE_MOST = 16;
/** Tokens per byte of text, in thousandths; a tokenizer that normalises its input first may make more than one. */
const GROWTH_FACTOR_MILLI_MOST = 4_000;

/**
 * A profile with its claims cut to ceilings (docs/money.md, How far a node could overstate). A node's claims about its
 * template, tokenizer and context bound its pay, so each counts up to a ceiling only, and hidden reasoning only where
 * an admin allowed it for the model. Quotes, dispatches, token audits and public views all read a profile's limits from
 * here; no other code cuts them.
 */
export function withinCeilings(
  profile: ProfileView,
  { context_length_max, prices }: Pick<Control, "context_length_max" | "prices">,
): ProfileView {
  const context_length = Math.min(profile.context_length, context_length_max);
  const max_completion_tokens = Math.min(profile.max_completion_tokens, context_length);
  return {
    ...profile,
    context_length,
    max_completion_tokens,
    default_max_tokens: Math.min(profile.default_max_tokens, max_completion_tokens),
    ...templateWithin(profile),
    growth_factor_milli: Math.min(profile.growth_factor_milli, GROWTH_FACTOR_MILLI_MOST),
    hidden_reasoning: profile.hidden_reasoning && prices.get(profile.model_id)?.hidden_reasoning === true,
  };
}

type Template = Pick<ProfileView, "template_tokens" | "tokens_per_message">;

/** The largest template that a node can claim with effect. */
export const LARGEST_TEMPLATE: Template = {
  template_tokens: TEMPLATE_TOKENS_MOST,
  tokens_per_message: TOKENS_PER_MESSAGE_MOST,
};

/** A claimed template, cut to the largest one. */
export function templateWithin({ template_tokens, tokens_per_message }: Template): Template {
  return {
    template_tokens: Math.min(template_tokens, TEMPLATE_TOKENS_MOST),
    tokens_per_message: Math.min(tokens_per_message, TOKENS_PER_MESSAGE_MOST),
  };
}
