import type { ChatTimeouts } from "./attempt.ts";
import type { AnswerSink } from "./stream.ts";

/**
 * A stream's 200 is held until the first byte, so that early failures keep their status, but no longer than 10 s; then
 * it goes out, and a comment follows every 15 s for proxies that cut silent connections (docs/design/chat.md, Answer).
 */
export function keepWaitingClient(
  sink: AnswerSink,
  client: AbortSignal,
  headers: Record<string, string>,
  timeouts: ChatTimeouts,
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

/** Waits for a promise to settle either way, at most `ms`. */
export async function settledOrAfter(promise: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([
    promise.catch(() => {}),
    new Promise((resolve) => {
      timer = setTimeout(resolve, ms);
    }),
  ]);
  clearTimeout(timer);
}

/** What the promise settles to, or a rejection as soon as `signal` aborts; the promise itself goes on. */
export function beforeAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  promise.catch(() => {});
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  return Promise.race([promise, aborted]);
}
