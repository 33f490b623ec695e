import type { ProfileView } from "../nodes/types.ts";

/** What an admin set for a model; wei a token. Null bounds are open. */
export type ModelPrice = {
  model_id: string;
  default_prompt_price_wei: bigint | null;
  default_completion_price_wei: bigint | null;
  floor_prompt_price_wei: bigint | null;
  floor_completion_price_wei: bigint | null;
  ceiling_prompt_price_wei: bigint | null;
  ceiling_completion_price_wei: bigint | null;
};

/** Bounds that leave every price free; reads the same on the wire. */
export const NO_PRICE_BOUNDS = {
  floor_prompt_price_wei: null,
  floor_completion_price_wei: null,
  ceiling_prompt_price_wei: null,
  ceiling_completion_price_wei: null,
} satisfies Partial<ModelPrice>;

export type EffectivePrice =
  | { ok: true; prompt_price_wei: bigint; completion_price_wei: bigint }
  | { ok: false; blocker: "price_unknown" | "price_out_of_bounds" };

/**
 * The node's ask within the admin's bounds; without an ask, the admin's default (design: nodes.md, Prices).
 * An unknown price and a price of 0 are refused, never free.
 */
export function effectivePrice(profile: ProfileView, model: ModelPrice | undefined): EffectivePrice {
  const prompt = profile.asking_prompt_price_wei ?? model?.default_prompt_price_wei ?? null;
  const completion = profile.asking_completion_price_wei ?? model?.default_completion_price_wei ?? null;
  if (prompt === null || completion === null || prompt <= 0n || completion <= 0n)
    return { ok: false, blocker: "price_unknown" };
  const within =
    inside(prompt, model?.floor_prompt_price_wei, model?.ceiling_prompt_price_wei) &&
    inside(completion, model?.floor_completion_price_wei, model?.ceiling_completion_price_wei);
  if (!within) return { ok: false, blocker: "price_out_of_bounds" };
  return { ok: true, prompt_price_wei: prompt, completion_price_wei: completion };
}

function inside(price: bigint, floor: bigint | null | undefined, ceiling: bigint | null | undefined): boolean {
  return (floor == null || price >= floor) && (ceiling == null || price <= ceiling);
}
