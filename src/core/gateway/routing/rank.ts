import { leastOf, pricePerToken } from "../prices/reach.ts";
import type { Candidate } from "./candidate.ts";
import type { NodeHealth } from "./health.ts";

export type Score = {
  total: number;
  price: number;
  load: number;
  speed: number;
  failures: number;
  sticky: number;
  /** The addition for overstated token counts (token_audit/plausible.ts). */
  usage: number;
};

/**
 * Deterministic random numbers in [0, 1) from a 32-bit seed (mulberry32, public domain algorithm by Tommy Ettinger).
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The best values of a field, to which all scores of the field are relative. */
export type Best = { price: bigint; tokens_per_second: number };

/** The best values of a field that is not empty. */
export function bestOf(field: Candidate[]): Best {
  return {
    price: leastOf(field.map(pricePerToken)),
    tokens_per_second: field.reduce((high, { tokens_per_second }) => Math.max(high, tokens_per_second), 1e-9),
  };
}

/**
 * The most that a price adds to a score, which bounds how many failures a low price can outweigh. Quotes keep
 * candidates that ask up to four times the least.
 */
const PRICE_SCORE_MAX = 3;

/** Lower is better. Each term is relative to the best of the field, so that units cancel. */
export function scoreOf(candidate: Candidate, best: Best, health: NodeHealth, sticky: boolean, usage = 0): Score {
  // A ratio in thousandths: wei themselves never become a number.
  const ratio = Number(((pricePerToken(candidate) - best.price) * 1000n) / best.price) / 1000;
  const price = Math.min(ratio, PRICE_SCORE_MAX);
  const capacity = Math.max(1, candidate.capacity);
  const load = (candidate.queued + Math.max(candidate.active, health.in_flight)) / capacity;
  const speed = best.tokens_per_second / Math.max(candidate.tokens_per_second, 1e-9) - 1;
  const failures = health.recent_failures;
  const stickiness = sticky ? -0.5 : 0;
  return {
    total: price + load + 0.25 * Math.min(speed, 8) + failures + stickiness + usage,
    price,
    load,
    speed,
    failures,
    sticky: stickiness,
    usage,
  };
}

export type Ranked = {
  candidate: Candidate;
  score: Score;
  /** The gateway that holds the node's tunnel. */
  tunnel_at?: string | null;
};

/**
 * When one gateway holds the tunnels of all picked candidates, the last one gives way to the best candidate of another
 * gateway: a gateway that dies takes all of its tunnels along.
 */
export function spread(picked: Ranked[], field: Ranked[]): Ranked[] {
  const at = picked[0]?.tunnel_at;
  if (picked.length < 2 || picked.some(({ tunnel_at }) => tunnel_at !== at)) return picked;
  const others = field.filter(({ tunnel_at }) => tunnel_at !== at);
  if (others.length === 0) return picked;
  return [
    ...picked.slice(0, -1),
    others.reduce((best, other) => (other.score.total < best.score.total ? other : best)),
  ];
}

/**
 * Picks up to `count` candidates by power of two choices (Mitzenmacher 2001): of two drawn at random the better score
 * goes next. Deterministic under `random`; a sticky candidate takes part in every draw.
 */
export function pick(field: Ranked[], count: number, random: () => number): Ranked[] {
  const left = [...field];
  const picked: Ranked[] = [];
  while (picked.length < count && left.length > 0) {
    const one = Math.floor(random() * left.length);
    let other = left.length > 1 ? Math.floor(random() * (left.length - 1)) : one;
    if (left.length > 1 && other >= one) other += 1;
    const sticky = left.findIndex(({ score }) => score.sticky < 0);
    const drawn = [one, other, ...(sticky >= 0 ? [sticky] : [])];
    const best = drawn.reduce((winner, index) =>
      left[index]!.score.total < left[winner]!.score.total ? index : winner,
    );
    picked.push(...left.splice(best, 1));
  }
  return picked;
}
