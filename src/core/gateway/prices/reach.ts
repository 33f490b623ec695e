import type { Priced } from "./effective.ts";

/** A price above this multiple of the lowest price is left out of quotes and of the prices that are shown. */
const REACH = 4n;

/** The items whose amount is at most four times `least`. */
export function withinReach<Item>(items: Item[], least: bigint, amount: (item: Item) => bigint): Item[] {
  return items.filter((item) => amount(item) <= REACH * least);
}

/** The smallest amount of a list that is not empty. */
export function leastOf(amounts: bigint[]): bigint {
  return amounts.reduce((least, amount) => (amount < least ? amount : least));
}

/** One number to order prices by: chats read about three times as many tokens as they write. */
export function pricePerToken(prices: { prompt_price_wei: bigint; completion_price_wei: bigint }): bigint {
  return 3n * prices.prompt_price_wei + prices.completion_price_wei;
}

/** The prices that quotes may use: those far above the lowest are left out. */
export function quotedPrices(prices: Priced[]): Priced[] {
  if (prices.length === 0) return [];
  return withinReach(prices, leastOf(prices.map(({ usual }) => pricePerToken(usual))), pricePerToken);
}
