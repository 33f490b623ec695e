import type { Duplex } from "node:stream";

/** How long the other end of a tunnel may take to end its side too. */
const LINGER_MS = 1_000;

/** A session that closed in order has ended its side of the connection; a peer that does not is not waited for. */
export function destroyOnceEnded(duplex: Duplex): void {
  duplex.once("finish", () => setTimeout(() => duplex.destroy(), LINGER_MS).unref());
}
