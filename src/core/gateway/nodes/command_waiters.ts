import { within } from "../../time.ts";

/**
 * Nodes with a command to lease, as far as this gateway knows, and the polls that wait for one. A poll asks the
 * database only when its node is marked: the polls of an idle network cost no query.
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
    /** Takes the mark of a node; true when the node had one, and the database is worth asking. */
    take: (node_id: string): boolean => marked.delete(node_id),
    /** True when the node was marked; false when the time is over, the caller left, or the node polled again. */
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
