/**
 * A gateway whose lease was renewed longer ago than this is gone: it holds no tunnel any more, and its holds are taken
 * over (docs/design/money.md, Recovery).
 */
export const LEASE_LIFETIME_MS = 20_000;
