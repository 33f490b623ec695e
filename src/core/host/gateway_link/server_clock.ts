/** The gateway's header with its Unix milliseconds, on every answer to a node. */
export const SERVER_TIME_HEADER = "x-b3iq-server-time";

/** Corrections below this are noise of the network. */
const TOLERANCE_MS = 500;

/** This machine's clock, corrected by the time that the gateway states (docs/design/nodes.md, Identity and calls). */
export function createServerClock(now: () => number = Date.now) {
  let offset_ms = 0;
  return {
    /** The estimated gateway time in Unix milliseconds. */
    now_ms: (): number => now() + offset_ms,
    offset_ms: (): number => offset_ms,
    /**
     * Takes the server's time from an answer's header, or from the `server_time` of its body; half of the round trip is
     * taken for the way back.
     */
    observe(headers: Record<string, string | string[] | undefined>, round_trip_ms: number, body?: unknown): void {
      const server_ms = statedTime(
        headers[SERVER_TIME_HEADER],
        (body as { server_time?: unknown } | null | undefined)?.server_time,
      );
      if (server_ms === null) return;
      const found_ms = server_ms + round_trip_ms / 2 - now();
      // A slow answer is ignored: its time may be wrong by the whole round trip.
      if (Math.abs(found_ms - offset_ms) > Math.max(TOLERANCE_MS, round_trip_ms)) offset_ms = Math.round(found_ms);
    },
  };
}

export type ServerClock = ReturnType<typeof createServerClock>;

function statedTime(header: unknown, server_time: unknown): number | null {
  if (typeof header === "string" && /^[0-9]{1,15}$/.test(header)) return Number(header);
  const parsed = typeof server_time === "string" ? Date.parse(server_time) : Number.NaN;
  return Number.isNaN(parsed) ? null : parsed;
}
