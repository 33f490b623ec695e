import type { Priced } from "./effective.ts";

/** What asks for more than so many times the least is left out of a quote, and of the prices that are shown. */
const REACH = 4n;

/** The items whose amount is at most four times `least`. */
export function withinReach<Item>(items: Item[], least: bigint, amount: (item: Item) => bigint): Item[] {
  return items.filter((item) => amount(item) <= REACH * least);
}

/** Of a list that is not empty. */
export function leastOf(amounts: bigint[]): bigint {
  return amounts.reduce((least, amount) => (amount < least ? amount : least));
}

/** Chats read more than they write, at about three to one; only the order matters. */
export function pricePerToken(prices: { prompt_price_wei: bigint; completion_price_wei: bigint }): bigint {
  return 3n * prices.prompt_price_wei + prices.completion_price_wei;
}

/** The prices that chats are quoted at, without those that are left out of quotes. */
export function quotedPrices(prices: Priced[]): Priced[] {
  if (prices.length === 0) return [];
  return withinReach(prices, leastOf(prices.map(({ usual }) => pricePerToken(usual))), pricePerToken);
}
