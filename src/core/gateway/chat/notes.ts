import type { Delivered } from "../billing/model.ts";
import type { Frame } from "../node_calls/frames.ts";

const FIRST_NOTE_MS = 1_000;

/**
 * Notes on the hold of a running stream how much of the stream was sent: 1 s after the first content, then 2, 4, 8, ...
 * s after the note before, so that ten notes suffice for the longest answer. A stream that ends sooner writes none. The
 * stream never waits for a note; each note waits for the one before.
 */
export function noteProgress(write: (delivered: Delivered) => Promise<unknown>) {
  const delivered: Delivered = { content_bytes: 0, events: 0 };
  let noted_events = 0;
  let pause_ms = FIRST_NOTE_MS;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function note(): Promise<void> {
    if (delivered.events > noted_events) {
      noted_events = delivered.events;
      await write({ ...delivered }).catch(() => {}); // a later note includes this one
    }
    pause_ms *= 2;
    if (!stopped) timer = setTimeout(() => void note(), pause_ms);
  }

  return {
    passed({ content_bytes }: Frame): void {
      if (content_bytes === 0) return;
      delivered.content_bytes += content_bytes;
      delivered.events += 1;
      timer ??= setTimeout(() => void note(), pause_ms);
    },
    stop(): void {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
