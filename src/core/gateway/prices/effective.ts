import type { ModelPrice } from "../control.ts";
import type { ProfileView } from "../nodes/types.ts";

/** Bounds that allow every price; the same object goes out on the wire. */
export const NO_PRICE_BOUNDS = {
  floor_prompt_price_wei: null,
  floor_completion_price_wei: null,
  ceiling_prompt_price_wei: null,
  ceiling_completion_price_wei: null,
} satisfies Partial<ModelPrice>;

type Prices = { prompt_price_wei: bigint; completion_price_wei: bigint };

/** The price of a token at a node, and the usual price: at least the admin's default. */
export type Priced = Prices & { usual: Prices };

export type EffectivePrice = ({ ok: true } & Priced) | { ok: false; blocker: "price_unknown" | "price_out_of_bounds" };

/** Above this price, the quote of one request could pass 2^256 - 1 wei: the bounds are at most 2^40 tokens each. */
const PRICE_MOST_WEI = 2n ** 200n;

/**
 * The node's price within the admin's bounds; the admin's default where the node names no price (docs/design/nodes.md,
 * Prices). An unknown price and a price of 0 are refused, never free.
 */
export function effectivePrice(profile: ProfileView, model: ModelPrice | undefined): EffectivePrice {
  const prompt = profile.asking_prompt_price_wei ?? model?.default_prompt_price_wei ?? null;
  const completion = profile.asking_completion_price_wei ?? model?.default_completion_price_wei ?? null;
  if (prompt === null || completion === null || prompt <= 0n || completion <= 0n)
    return { ok: false, blocker: "price_unknown" };
  const within =
    prompt <= PRICE_MOST_WEI &&
    completion <= PRICE_MOST_WEI &&
    inside(prompt, model?.floor_prompt_price_wei, model?.ceiling_prompt_price_wei) &&
    inside(completion, model?.floor_completion_price_wei, model?.ceiling_completion_price_wei);
  if (!within) return { ok: false, blocker: "price_out_of_bounds" };
  return {
    ok: true,
    prompt_price_wei: prompt,
    completion_price_wei: completion,
    usual: {
      prompt_price_wei: atLeast(prompt, model?.default_prompt_price_wei),
      completion_price_wei: atLeast(completion, model?.default_completion_price_wei),
    },
  };
}

function atLeast(price: bigint, least: bigint | null | undefined): bigint {
  return least == null || price > least ? price : least;
}

function inside(price: bigint, floor: bigint | null | undefined, ceiling: bigint | null | undefined): boolean {
  return (floor == null || price >= floor) && (ceiling == null || price <= ceiling);
}
