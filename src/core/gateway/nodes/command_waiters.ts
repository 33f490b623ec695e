import { within } from "../../time.ts";

/**
 * The nodes for which a command may wait (marked), and their waiting polls. A poll queries the database only when its
 * node is marked, so the polls of an idle network cost no query.
 */
export function createCommandWaiters() {
  let marked = new Set<string>();
  const waiting = new Map<string, (woken: boolean) => void>();

  function wake(node_id: string): void {
    marked.add(node_id);
    waiting.get(node_id)?.(true);
  }

  return {
    wake,
    /** Marks the nodes that the last refresh found, and only those. */
    replace(node_ids: string[]): void {
      marked = new Set(node_ids);
      for (const node_id of marked) waiting.get(node_id)?.(true);
    },
    /** Removes the mark of a node; true when the node was marked, so that a query is worth its cost. */
    take: (node_id: string): boolean => marked.delete(node_id),
    /** True once the node is marked; false after the time, when the caller leaves, or at the node's next poll. */
    async wait(node_id: string, timeout_ms: number, signal: AbortSignal): Promise<boolean> {
      waiting.get(node_id)?.(false);
      const { promise, resolve } = Promise.withResolvers<boolean>();
      waiting.set(node_id, resolve);
      const woken = await within(promise, timeout_ms, false, signal);
      if (waiting.get(node_id) === resolve) waiting.delete(node_id);
      return woken;
    },
    stop(): void {
      for (const done of waiting.values()) done(false);
    },
  };
}

export type CommandWaiters = ReturnType<typeof createCommandWaiters>;
