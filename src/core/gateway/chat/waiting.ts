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
