import type { AnswerSink } from "../chat_call.ts";
import type { ChatTimeouts } from "./timeouts.ts";

/**
 * A stream's 200 is held until the first byte, so that early failures keep their status, but no longer than 10 s; then
 * the 200 goes out, and a comment follows every 15 s for proxies that cut silent connections (docs/design/chat.md,
 * Answer).
 */
export function keepWaitingClient(
  sink: AnswerSink,
  client: AbortSignal,
  headers: Record<string, string>,
  timeouts: Pick<ChatTimeouts, "hold_status_ms" | "keep_alive_ms">,
): { stop(): void } {
  const open = setTimeout(() => {
    if (!sink.opened && !client.aborted) sink.open(headers);
  }, timeouts.hold_status_ms);
  const beat = setInterval(() => {
    if (sink.opened && !client.aborted) sink.comment("keep-alive");
  }, timeouts.keep_alive_ms);
  return {
    stop() {
      clearTimeout(open);
      clearInterval(beat);
    },
  };
}

export const LATE = Symbol("late");

/** The promise's value, or LATE after `ms`; the promise itself stays pending and may be waited for again. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | typeof LATE> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, ms), LATE);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for a promise to settle either way, at most `ms`. */
export async function settledOrAfter(promise: Promise<unknown>, ms: number): Promise<void> {
  await within(
    promise.catch(() => {}),
    ms,
  );
}

/** The value of the promise, or a rejection as soon as `signal` aborts; the promise itself goes on. */
export function beforeAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  promise.catch(() => {});
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  return Promise.race([promise, aborted]);
}
