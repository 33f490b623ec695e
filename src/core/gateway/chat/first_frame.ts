import { within } from "../../time.ts";
import { type Frame, readFrames } from "../node_calls/frames.ts";
import type { TunnelAnswer } from "../nodes/types.ts";

const HELD_BACK_BYTES = 64 * 1024;

export type FirstFrame = {
  frames: AsyncGenerator<Frame>;
  /** Frames without content that came before `first`. */
  held: Frame[];
  first: Frame;
  /** `performance.now()` when `first` came. */
  at: number;
};

class FirstTokenLate extends Error {}

/**
 * Reads up to the first event with content, reasoning, a tool delta or a finish reason. Before that event the client
 * gets nothing, so the next candidate can still be tried. Throws when the stream fails, ends or stalls before it.
 */
export async function awaitFirst(answer: TunnelAnswer, first_token_ms: number): Promise<FirstFrame> {
  const started = performance.now();
  const frames = readFrames(answer.body as AsyncIterable<Buffer>);
  const held: Frame[] = [];
  let size = 0;
  for (;;) {
    const next = await within(frames.next(), first_token_ms - (performance.now() - started), null);
    if (next === null) throw new FirstTokenLate("the node did not send its first token in time");
    if (next.done || next.value.kind === "done") throw new Error("the node's stream ended before its first token");
    const frame = next.value;
    if (frame.kind === "error") throw new Error("the node's runtime failed before its first token");
    if (frame.content_bytes > 0 || frame.finish_reason !== null)
      return { frames, held, first: frame, at: performance.now() };
    held.push(frame);
    size += frame.bytes.length;
    if (size > HELD_BACK_BYTES) throw new Error("the node sent 64 kB without a token");
  }
}

/** Whether `awaitFirst` failed by time, and not by a failed stream. */
export function isFirstTokenLate(error: unknown): boolean {
  return error instanceof FirstTokenLate;
}
