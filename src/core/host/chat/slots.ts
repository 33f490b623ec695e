/** The slots of a runtime: how many requests run at once, how long others wait, how many slots are kept for the owner. */
import { ApiError } from "../../errors.ts";

export type SlotKind = "routed" | "local";

export type SlotOptions = {
  capacity: number;
  /** Slots that routed requests may not take. */
  kept_for_owner: () => number;
  queue_max: number;
  wait_ms: Record<SlotKind, number>;
};

export type SlotState = { active: number; queued: number; capacity: number };

export type Slots = {
  /** Resolves with the function that gives the slot back. Rejects with `runtime_busy`, or with the signal's reason. */
  acquire(kind: SlotKind, signal: AbortSignal): Promise<() => void>;
  readonly state: SlotState;
};

type Waiter = { kind: SlotKind; start(): void };

/** One for each runtime. Requests start in their order, but a local one may take a slot that routed ones may not. */
export function createSlots(options: SlotOptions): Slots {
  const waiting: Waiter[] = [];
  let active = 0;
  let activeRouted = 0;

  const isFree = (kind: SlotKind): boolean => {
    if (active >= options.capacity) return false;
    return kind === "local" || activeRouted < Math.max(0, options.capacity - options.kept_for_owner());
  };
  const take = (kind: SlotKind): (() => void) => {
    active++;
    if (kind === "routed") activeRouted++;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      active--;
      if (kind === "routed") activeRouted--;
      wakeNext();
    };
  };
  const wakeNext = () => {
    for (let i = 0; i < waiting.length;) {
      if (isFree(waiting[i]!.kind)) waiting.splice(i, 1)[0]!.start();
      else i++;
    }
  };
  return {
    async acquire(kind, signal) {
      signal.throwIfAborted();
      if (isFree(kind)) return take(kind);
      if (waiting.length >= options.queue_max) throw busy("its queue is full");
      return new Promise((resolve, reject) => {
        const leave = () => {
          clearTimeout(timer);
          signal.removeEventListener("abort", onAbort);
          const at = waiting.indexOf(waiter);
          if (at !== -1) waiting.splice(at, 1);
        };
        const onAbort = () => {
          leave();
          reject(signal.reason as Error);
        };
        const waiter: Waiter = {
          kind,
          start() {
            leave();
            resolve(take(kind));
          },
        };
        const timer = setTimeout(() => {
          leave();
          reject(busy("no slot became free in time"));
        }, options.wait_ms[kind]);
        signal.addEventListener("abort", onAbort, { once: true });
        waiting.push(waiter);
      });
    },
    get state() {
      return { active, queued: waiting.length, capacity: options.capacity };
    },
  };
}

function busy(why: string): ApiError {
  return new ApiError("runtime_busy", `The model runtime is busy: ${why}.`, { retry_after_ms: 1000 });
}
