/**
 * Which nodes have a command to lease, as far as this gateway knows, and which polls wait for one. A poll asks the
 * database only when its node is marked: an idle network's polls cost no query.
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
    /** What the database said at the last look. */
    replace(node_ids: string[]): void {
      marked = new Set(node_ids);
      for (const node_id of marked) waiting.get(node_id)?.(true);
    },
    /** True when it is worth asking the database; the mark is gone then. */
    take: (node_id: string): boolean => marked.delete(node_id),
    /** False when the time is over, the caller left, or the node polled again elsewhere. */
    wait(node_id: string, timeout_ms: number, signal: AbortSignal): Promise<boolean> {
      waiting.get(node_id)?.(false);
      return new Promise((resolve) => {
        const done = (woken: boolean): void => {
          clearTimeout(timer);
          signal.removeEventListener("abort", left);
          if (waiting.get(node_id) === done) waiting.delete(node_id);
          resolve(woken);
        };
        const left = (): void => done(false);
        const timer = setTimeout(left, timeout_ms);
        signal.addEventListener("abort", left, { once: true });
        waiting.set(node_id, done);
      });
    },
    stop(): void {
      for (const done of waiting.values()) done(false);
    },
  };
}
