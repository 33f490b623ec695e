/** A node's recent dispatches at this gateway. */
export type NodeHealth = { in_flight: number; recent_failures: number };

/**
 * The end of a dispatch for its node. `lost`: the tunnel closed, which is a failure for the ranking but no reason to
 * eject: the node has to reconnect anyway, and may have lost only its gateway.
 */
export type DispatchOutcome = "ok" | "failed" | "lost" | "unknown";

const FAILURE_WINDOW_MS = 60_000;
const EJECT_AFTER = 3;
const EJECT_BASE_MS = 10_000;
const EJECT_MAX_MS = 300_000;

type Entry = {
  in_flight: number;
  failures: number[];
  consecutive: number;
  ejections: number;
  ejected_until_ms: number;
};

/**
 * This gateway's experience with each node: work in flight, failures of the last minute, ejection after three in a row,
 * for 10 s at first and doubling. A dispatch counts as load until `end`; when a dispatch may still be running, `end` is
 * called once its cancel is confirmed (docs/design/nodes.md, Ranking).
 */
export function createHealth(clock: () => number = () => performance.now()) {
  const entries = new Map<string, Entry>();
  const entry = (node_id: string): Entry => {
    let found = entries.get(node_id);
    if (!found)
      entries.set(node_id, (found = { in_flight: 0, failures: [], consecutive: 0, ejections: 0, ejected_until_ms: 0 }));
    return found;
  };
  return {
    begin(node_id: string): void {
      entry(node_id).in_flight += 1;
    },
    end(node_id: string, outcome: DispatchOutcome): void {
      const found = entry(node_id);
      found.in_flight = Math.max(0, found.in_flight - 1);
      if (outcome === "ok") {
        found.consecutive = 0;
        found.ejections = 0;
      }
      if (outcome === "ok" || outcome === "unknown") return;
      const now = clock();
      found.failures = [...found.failures.filter((at) => now - at < FAILURE_WINDOW_MS), now].slice(-32);
      if (outcome === "lost") return;
      found.consecutive += 1;
      if (found.consecutive < EJECT_AFTER) return;
      found.ejected_until_ms = now + Math.min(EJECT_MAX_MS, EJECT_BASE_MS * 2 ** found.ejections);
      found.ejections += 1;
      found.consecutive = 0;
    },
    ejected: (node_id: string): boolean => (entries.get(node_id)?.ejected_until_ms ?? 0) > clock(),
    of(node_id: string): NodeHealth {
      const { in_flight, failures } = entry(node_id);
      const now = clock();
      return { in_flight, recent_failures: failures.filter((at) => now - at < FAILURE_WINDOW_MS).length };
    },
  };
}

export type Health = ReturnType<typeof createHealth>;
