/** The stream of an OpenAI-compatible runtime: its chunks, then one finish reason, then its usage. */
import type { Readable } from "node:stream";
import { ApiError } from "../../errors.ts";
import { dataOf, readEvents } from "../../event_stream.ts";
import { addsToAnswer, type FinishReason, isFinishReason } from "../../chat_form.ts";
import { isUsage } from "../chat/usage.ts";
import { chunkReader, failed, type ReadChunk } from "./published_form.ts";
import { chunkFrame, type ChatChunk, type ChatUsage, type RuntimeEvent } from "./runtime.ts";

/** How long to wait for usage and `[DONE]` once the answer has ended. */
const AFTER_FINISH_MS = 5_000;
/** The wait where a finish reason may come with every chunk: longer, so that a slow token is not taken for the end. */
const AFTER_DOUBTFUL_FINISH_MS = 20_000;

/** The state of an answer's end while its stream is read. */
type End = {
  /** The last chunk with a finish reason, without content; held back, because content may still follow it. */
  finish: ChatChunk | null;
  /** `stop`, where the last chunk's finish reason is in no list; it counts only if the stream then ends in order. */
  guess: ChatChunk | null;
  usage: ChatUsage | null;
  /** True once the answer is whole: whatever comes or breaks afterwards takes nothing from it. */
  is_sure: boolean;
  /**
   * Content came with a finish reason or after one, so that only usage, `[DONE]` or the stream's end make an answer
   * whole.
   */
  is_doubtful: boolean;
  /** The last chunk that had a choice. */
  last: ChatChunk | null;
};

/**
 * The answer of a runtime in the published form: chunks without a finish reason, then one that has nothing else, then
 * the usage. Throws ApiError `runtime_failed` for an error event, a broken event, or an end without a finish reason.
 */
export async function* chatEvents(body: Readable): AsyncGenerator<RuntimeEvent> {
  const read = chunkReader();
  const end: End = { finish: null, guess: null, usage: null, is_sure: false, is_doubtful: false, last: null };
  let late: NodeJS.Timeout | undefined;
  let waits_ms = Infinity;
  try {
    for await (const event of readEvents(body)) {
      const data = dataOf(event);
      if (data === null) continue;
      if (data.trim() === "[DONE]") break;
      const found = readData(read, data);
      if (found instanceof ApiError && end.is_sure) continue;
      if (found instanceof ApiError) throw found;
      const chunk = take(end, found);
      if (chunk) {
        clearTimeout(late);
        waits_ms = Infinity;
        yield found.is_as_written ? { type: "frame", frame: `${event}\n\n`, chunk } : frameOf(chunk);
      }
      if (found.ending === "broken" && !end.is_sure) throw failed("The model runtime broke its answer off.");
      if (patience(end) >= waits_ms) continue;
      waits_ms = patience(end);
      clearTimeout(late);
      late = setTimeout(() => body.destroy(), waits_ms);
    }
  } catch (error) {
    if (!end.is_sure) throw error;
  } finally {
    clearTimeout(late);
  }
  yield* lastFrames(end);
}

/** How long the runtime may take from here to the end of its stream, in ms. */
function patience({ finish, guess, is_sure }: End): number {
  if (is_sure) return AFTER_FINISH_MS;
  return (finish ?? guess) ? AFTER_DOUBTFUL_FINISH_MS : Infinity;
}

function readData(read: (value: unknown) => ReadChunk, data: string): ReadChunk | ApiError {
  try {
    return read(JSON.parse(data));
  } catch (error) {
    return error instanceof ApiError ? error : failed("The model runtime sent an event that is not a chat chunk.");
  }
}

/** Updates the end's state from a chunk; returns the part of the chunk that is passed on. */
function take(end: End, { chunk, ending }: ReadChunk): ChatChunk | null {
  const [choice] = chunk.choices;
  if (isUsage(chunk.usage)) end.usage = chunk.usage;
  if (!choice) {
    end.is_sure ||= (end.finish ?? end.guess) !== null && chunk.usage != null;
    return null;
  }
  const adds = addsToAnswer(choice.delta);
  if (adds) {
    end.is_doubtful ||= end.finish !== null || isFinishReason(ending);
    end.is_sure = false;
    end.guess = null;
  }
  end.last = chunk;
  if (ending === "unknown") end.guess = finishChunk(chunk, "stop");
  if (isFinishReason(ending)) {
    end.finish = finishChunk(chunk, ending);
    end.is_sure = !end.is_doubtful;
  }
  return adds || end.finish === null ? chunk : null;
}

/** The chunks that are still to be sent when the runtime's stream has ended in order. */
function* lastFrames({ finish, guess, usage, last }: End): Generator<RuntimeEvent> {
  const ending = finish ?? guess;
  if (ending) yield frameOf(ending);
  const like = ending ?? last;
  if (usage && like) yield chunkFrame({ ...envelopeOf(like), choices: [], usage });
  if (!ending) throw failed("The model runtime's stream ended before the answer was complete.");
}

function finishChunk(chunk: ChatChunk, finish_reason: FinishReason): ChatChunk {
  return { ...envelopeOf(chunk), choices: [{ index: 0, delta: {}, finish_reason }] };
}

/** The chunk's fields without choices and usage. */
function envelopeOf({ choices: _choices, usage: _usage, ...envelope }: ChatChunk): Omit<ChatChunk, "choices"> {
  return envelope;
}

/** Usage gets a frame of its own, so that a client that did not ask for usage gets none. */
function frameOf(chunk: ChatChunk): RuntimeEvent {
  const { usage: _usage, ...rest } = chunk;
  return { ...chunkFrame(rest), chunk } as RuntimeEvent;
}
