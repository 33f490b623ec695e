/** Server-sent events of a chat stream (WHATWG HTML §9.2.6), with the text of each frame kept as it came. */
import { ApiError } from "../../errors.ts";
import type { ChatChunk, RuntimeEvent } from "./runtime.ts";

const FRAME_BYTES = 1024 * 1024;

/**
 * The chunks of a stream up to `[DONE]`. Throws ApiError `runtime_failed` for an error event, a broken frame, or an end
 * without finish.
 */
export async function* chatEvents(body: AsyncIterable<Buffer>): AsyncGenerator<RuntimeEvent> {
  let finished = false;
  for await (const frame of frames(body)) {
    const data = dataOf(frame);
    if (data === null) continue;
    if (data === "[DONE]") return;
    const chunk = parseChunk(data);
    finished ||= chunk.choices.some((choice) => choice.finish_reason != null);
    yield { type: "frame", frame: `${frame}\n\n`, chunk };
  }
  if (!finished) {
    throw new ApiError("runtime_failed", "The model runtime's stream ended before the answer was complete.");
  }
}

/** Splits at blank lines; a last frame without one is incomplete and dropped. */
async function* frames(body: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of body) {
    text += decoder.decode(part, { stream: true });
    for (let end = boundary(text); end !== null; end = boundary(text)) {
      const frame = text.slice(0, end.at);
      text = text.slice(end.at + end.length);
      if (frame !== "") yield frame;
    }
    if (text.length > FRAME_BYTES) {
      throw new ApiError("runtime_failed", "The model runtime sent an event without an end.");
    }
  }
}

function boundary(text: string): { at: number; length: number } | null {
  const found = /\r\n\r\n|\n\n|\r\r/.exec(text);
  return found === null ? null : { at: found.index, length: found[0].length };
}

/** The joined data lines of an event, or null for comments and other fields. */
function dataOf(frame: string): string | null {
  const lines = frame.split(/\r\n|\n|\r/).filter((line) => line.startsWith("data:"));
  return lines.length === 0 ? null : lines.map((line) => line.slice(5).replace(/^ /, "")).join("\n");
}

function parseChunk(data: string): ChatChunk {
  const value = parse(data);
  if (Array.isArray(value?.["choices"])) return value as unknown as ChatChunk;
  throw new ApiError(
    "runtime_failed",
    value?.["error"] === undefined
      ? "The model runtime sent an event that is not a chat chunk."
      : "The model runtime failed in the middle of its answer.",
  );
}

function parse(data: string): Record<string, unknown> | null {
  try {
    return JSON.parse(data) as Record<string, unknown> | null;
  } catch {
    return null;
  }
}
