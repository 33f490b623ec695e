import { setTimeout as sleep } from "node:timers/promises";

export type Repeated = { stop(): Promise<void> };

/**
 * Runs `round` again and again: first after `every_ms`, then `every_ms` after the end of the last round. A failed round
 * is reported, and the next one runs as usual. `stop` waits for the running round.
 */
export function repeat(every_ms: number, round: () => Promise<unknown>, onFailure: (error: unknown) => void): Repeated {
  const stopping = new AbortController();
  const { signal } = stopping;
  async function run(): Promise<void> {
    for (;;) {
      await sleep(every_ms, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      await round().catch(onFailure);
    }
  }
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
