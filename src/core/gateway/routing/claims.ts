import type { Control } from "../control.ts";
import type { ProfileView } from "../nodes/types.ts";

/** More than this no chat template that is known adds to a prompt, or to each of its messages. */
const TEMPLATE_TOKENS_MOST = 256;
const TOKENS_PER_MESSAGE_MOST = 16;
/** Tokens a byte of text, in thousandths; a tokenizer that normalises its input first may make more than one. */
const GROWTH_FACTOR_MILLI_MOST = 4_000;

/**
 * A profile with its claims cut to what money may rest on (docs/money.md, How far a node could overstate): what a node
 * says of its template, tokenizer and context bounds what it is paid, so it counts up to these ceilings only, and hidden
 * reasoning only where an admin allowed it for the model. Whatever quotes, orders, recounts or shows the limits of a
 * profile reads them from here, and nothing else cuts them.
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

/** The largest template that is believed of any node. */
export const LARGEST_TEMPLATE: Template = {
  template_tokens: TEMPLATE_TOKENS_MOST,
  tokens_per_message: TOKENS_PER_MESSAGE_MOST,
};

/** What a template is believed to add to a prompt. */
export function templateWithin({ template_tokens, tokens_per_message }: Template): Template {
  return {
    template_tokens: Math.min(template_tokens, TEMPLATE_TOKENS_MOST),
    tokens_per_message: Math.min(tokens_per_message, TOKENS_PER_MESSAGE_MOST),
  };
}
