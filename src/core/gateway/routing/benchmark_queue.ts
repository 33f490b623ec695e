import { LRUCache } from "lru-cache";

/** A profile that needs a measurement; `known` when it was measured before. */
export type Due = { node_id: string; model_profile_id: string; known: boolean };

const RUNNING_MAX = 4;
/** The most measurements of known profiles, and of new ones: a place stays free for the other kind. */
const RUNNING_MAX_OF_A_KIND = RUNNING_MAX - 1;
const RETRY_MS = 30_000;
const RETRY_MAX_MS = 600_000;
/** More than a network has; a node that renames its profiles all the time pushes out the oldest. */
const REMEMBERED = 50_000;

/**
 * The order in which profiles are measured. Known profiles go before new ones; then the profiles of the node that was
 * tried longest ago, so that a node that does not answer, or invents profiles, waits behind all nodes that were not tried
 * since. A profile that fails again and again is tried after 30 s, 60 s and so on up to ten minutes. A node is measured
 * once at a time.
 */
export function createBenchmarkQueue(clock: () => number = () => performance.now()) {
  const tried_at = new LRUCache<string, number>({ max: REMEMBERED });
  const profiles = new LRUCache<string, { tried_at: number; failures: number }>({ max: REMEMBERED });
  const running = new Map<string, Due>();
  const nameOf = ({ node_id, model_profile_id }: Due): string => `${node_id} ${model_profile_id}`;
  const runningOf = (known: boolean): number => [...running.values()].filter((one) => one.known === known).length;

  function rests(one: Due): boolean {
    const last = profiles.get(nameOf(one));
    if (last === undefined) return false;
    const wait_ms = Math.min(RETRY_MAX_MS, RETRY_MS * 2 ** Math.max(0, last.failures - 1));
    return clock() - last.tried_at < wait_ms;
  }

  function isBefore(one: Due, other: Due): boolean {
    if (one.known !== other.known) return one.known;
    const at = (due: Due) => tried_at.get(due.node_id) ?? -Infinity;
    if (at(one) !== at(other)) return at(one) < at(other);
    const profile_at = (due: Due) => profiles.get(nameOf(due))?.tried_at ?? -Infinity;
    return profile_at(one) < profile_at(other);
  }

  return {
    /** Takes the next of the due profiles; undefined when none may begin now. `end` must follow. */
    begin<One extends Due>(due: readonly One[]): One | undefined {
      if (running.size >= RUNNING_MAX) return undefined;
      const full = new Map([true, false].map((known) => [known, runningOf(known) >= RUNNING_MAX_OF_A_KIND]));
      const ready = due.filter((one) => !full.get(one.known) && !running.has(one.node_id) && !rests(one));
      if (ready.length === 0) return undefined;
      const next = ready.reduce((first, one) => (isBefore(one, first) ? one : first));
      const now = clock();
      tried_at.set(next.node_id, now);
      profiles.set(nameOf(next), { tried_at: now, failures: profiles.get(nameOf(next))?.failures ?? 0 });
      running.set(next.node_id, next);
      return next;
    },
    end(one: Due, ok: boolean): void {
      running.delete(one.node_id);
      const last = profiles.get(nameOf(one));
      if (last) last.failures = ok ? 0 : last.failures + 1;
    },
  };
}

export type BenchmarkQueue = ReturnType<typeof createBenchmarkQueue>;
