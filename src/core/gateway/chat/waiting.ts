import { ApiError } from "../../errors.ts";
import type { ChatTimeouts } from "./attempt.ts";
import type { AnswerSink } from "./relay.ts";

/**
 * A stream's 200 is held until the first byte, so that early failures keep their status, but no longer than 10 s; then
 * it goes out, and a comment follows every 15 s for proxies that cut silent connections (design: chat.md, Answer).
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

/** Rejects once the database was away for longer than the end of an answer waits. */
export function ledgerAway(patience: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give_up = () =>
      reject(
        new ApiError("admission_unavailable", "The ledger cannot be reached, so this answer cannot be settled.", {
          retry_after_ms: 5_000,
        }),
      );
    patience.addEventListener("abort", give_up, { once: true });
  });
}
