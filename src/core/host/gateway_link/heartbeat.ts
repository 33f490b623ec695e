import type { HeartbeatAnswer, HeartbeatRequest } from "../../../../generated/hosted.ts";
import { errorFields, type Logger } from "../../log.ts";
import { GatewayCallError, type GatewayClient } from "./gateway_client.ts";

export type HeartbeatsDeps = {
  client: GatewayClient;
  log: Logger;
  /** The state of this machine now. */
  collect: () => HeartbeatRequest | Promise<HeartbeatRequest>;
  onAnswer?: (answer: HeartbeatAnswer) => void;
  onFailure?: (error: GatewayCallError) => void;
  interval_ms?: number;
  random?: () => number;
};

/** Two changes within this time make one heartbeat. */
const SETTLE_MS = 50;

/**
 * Reports the profiles and state of this machine to the gateway every 10 s (± 10 %), and at once on a change
 * (docs/design/nodes.md).
 */
export function createHeartbeats(deps: HeartbeatsDeps) {
  const interval_ms = deps.interval_ms ?? 10_000;
  const random = deps.random ?? Math.random;
  const stop = new AbortController();
  let running: Promise<void> | null = null;
  let changed = false;
  let wake: () => void = () => undefined;

  /** True when the gateway took the heartbeat. */
  async function beat(timeout_ms = interval_ms): Promise<boolean> {
    try {
      const body = await deps.collect();
      const answer = await deps.client.call("publishHeartbeat", { body }, { signal: stop.signal, timeout_ms });
      deps.onAnswer?.(answer);
      return true;
    } catch (error) {
      if (stop.signal.aborted) return false;
      if (error instanceof GatewayCallError) {
        deps.log.info("heartbeat_refused", { error_code: error.code, status: error.status });
        deps.onFailure?.(error);
      } else {
        deps.log.error("heartbeat_not_collected", errorFields(error));
      }
      return false;
    }
  }

  function pause(timeout_ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeout_ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      changed = false;
      // A failed heartbeat is repeated sooner: three more may fail before the node counts as dead.
      const wait_ms = (await beat()) ? interval_ms : interval_ms / 4;
      if (!changed && !stop.signal.aborted) await pause(wait_ms * (0.9 + 0.2 * random()));
      if (changed && !stop.signal.aborted) await pause(SETTLE_MS);
    }
  }

  return {
    /** Sends one now, beside those of the interval; false when the gateway did not take it within `timeout_ms`. */
    now: beat,
    start(): void {
      running ??= run();
    },
    /** Sends one soon after a change, such as an opened tunnel, a new model, a pause. */
    notify(): void {
      changed = true;
      wake();
    },
    async stop(): Promise<void> {
      stop.abort();
      wake();
      await running;
    },
  };
}

export type Heartbeats = ReturnType<typeof createHeartbeats>;
