/**
 * A gateway whose lease was not renewed for this long counts as dead: its tunnels do not count, and its holds are taken
 * over (docs/design/money.md, Recovery).
 */
export const LEASE_LIFETIME_MS = 20_000;
