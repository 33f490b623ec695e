import { templateWithin } from "../routing/claims.ts";

/** Counts of one chat: what a node signed, or what its texts have by the profile's vocabulary. */
export type Counts = { prompt_tokens: number; completion_tokens: number };

export type TemplateAllowance = { messages: number; template_tokens: number; tokens_per_message: number };

/** A text tokenises a little differently from how it was generated, and runtimes count their end marks. */
const TOLERANCE = 1.1;
const SLACK_TOKENS = 8;

/**
 * Whether signed counts are above what the texts and the template can have. Fewer than counted hurt nobody but the
 * node.
 */
export function isOverstated(claimed: Counts, counted: Counts, allowance: TemplateAllowance): boolean {
  const { template_tokens, tokens_per_message } = templateWithin(allowance);
  const template = template_tokens + allowance.messages * tokens_per_message;
  return (
    claimed.prompt_tokens > counted.prompt_tokens * TOLERANCE + template + SLACK_TOKENS ||
    claimed.completion_tokens > counted.completion_tokens * TOLERANCE + SLACK_TOKENS
  );
}

const REPEATED = 3;
const SHARE = 0.2;
const WORST = 4;

/**
 * What a node's recounts add to its score: nothing until three of them, and a fifth, were overstated; then up to 4,
 * where 1 is a price twice as high.
 */
export function usagePenalty({ sampled, overstated }: { sampled: number; overstated: number }): number {
  if (overstated < REPEATED || overstated < sampled * SHARE) return 0;
  return WORST * (overstated / sampled);
}
