import { templateWithin } from "../routing/claims.ts";

/** Token counts of one chat: signed by its node, or counted from its texts by the profile's vocabulary. */
export type Counts = { prompt_tokens: number; completion_tokens: number };

export type TemplateAllowance = { messages: number; template_tokens: number; tokens_per_message: number };

/** A text may tokenise a little differently from how it was generated, and runtimes count their end marks. */
const TOLERANCE = 1.1;
const SLACK_TOKENS = 8;

/** Whether signed counts are higher than texts and template can give. Too low a count harms only its node. */
export function isOverstated(claimed: Counts, counted: Counts, allowance: TemplateAllowance): boolean {
  const { template_tokens, tokens_per_message } = templateWithin(allowance);
  const template = template_tokens + allowance.messages * tokens_per_message;
  return (
    claimed.prompt_tokens > counted.prompt_tokens * TOLERANCE + template + SLACK_TOKENS ||
    claimed.completion_tokens > counted.completion_tokens * TOLERANCE + SLACK_TOKENS
  );
}

const OVERSTATED_MIN = 3;
const OVERSTATED_SHARE_MIN = 0.2;
const PENALTY_MAX = 4;

/**
 * The addition to a node's score from its audits: 0 until at least three, and a fifth of them, found overstated counts;
 * then up to 4, where 1 equals a doubled price.
 */
export function usagePenalty({ sampled, overstated }: { sampled: number; overstated: number }): number {
  if (overstated < OVERSTATED_MIN || overstated < sampled * OVERSTATED_SHARE_MIN) return 0;
  return PENALTY_MAX * (overstated / sampled);
}
