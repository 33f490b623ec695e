import type { Duplex } from "node:stream";

/** How long the other end of a tunnel may take to end its side too. */
const LINGER_MS = 1_000;

/** After an orderly end of the session: cuts the connection when the peer does not end its side in time. */
export function destroyOnceEnded(duplex: Duplex): void {
  duplex.once("finish", () => setTimeout(() => duplex.destroy(), LINGER_MS).unref());
}
