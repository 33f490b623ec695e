import { ApiError } from "../../errors.ts";
import type { Observation } from "../billing/model.ts";
import type { TunnelAnswer } from "../nodes/types.ts";
import type { ChatTimeouts } from "./attempt.ts";
import { type Frame, readFrames } from "./frames.ts";

/** Where a stream goes; the surface's event sink has this shape. */
export type AnswerSink = {
  readonly opened: boolean;
  open(headers?: Record<string, string>): void;
  write(bytes: Buffer | string): Promise<void>;
  comment(text: string): void;
  end(): Promise<void>;
};

/** How a relayed stream ended. The last frames are held back: they wait for the settlement. */
export type Relayed = {
  observation: Observation;
  finish: Frame | null;
  usage: Frame | null;
  trailers: Record<string, string> | undefined;
};

const HELD_BACK_BYTES = 64 * 1024;
/**
 * Events may exceed tokens a little: a tool call opens with a frame of its own, a token may end in the middle of a
 * character.
 */
const EVENT_SLACK = 64;
/**
 * A node that was told to stop has this long to end in order; then its stream is reset, and the receipt comes by its
 * outbox.
 */
const ORDERLY_END_MS = 2_000;
const TRAILERS_MS = 10_000;
/** After its finish reason a node has only usage and receipt left to send. */
const AFTER_FINISH_MS = 10_000;

export type FirstFrame = {
  frames: AsyncGenerator<Frame>;
  held: Frame[];
  first: Frame;
  /** `performance.now()` */ at: number;
};

/**
 * Reads up to the first event with content, reasoning, a tool delta or a finish reason; nothing reaches the client
 * before it, so that until then the next candidate may still be tried. Throws when the stream fails, ends or stalls
 * before it.
 */
export async function awaitFirst(answer: TunnelAnswer, first_token_ms: number): Promise<FirstFrame> {
  const started = performance.now();
  const frames = readFrames(answer.body as AsyncIterable<Buffer>);
  const held: Frame[] = [];
  let size = 0;
  for (;;) {
    const next = await within(frames.next(), first_token_ms - (performance.now() - started));
    if (next === LATE)
      throw Object.assign(new Error("the node did not send its first token in time"), { code: FIRST_TOKEN_LATE });
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

const FIRST_TOKEN_LATE = "first_token_late";

/** Whether `awaitFirst` gave up because of time, rather than because the stream failed. */
export function isFirstTokenLate(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === FIRST_TOKEN_LATE;
}

export type RelayLimits = {
  completion_bound: number;
  /** `performance.now()` at which the whole answer is cut. */
  deadline: number;
  timeouts: ChatTimeouts;
  /** Aborts when the client left. */
  client: AbortSignal;
  /** Told of each frame that has left for the client. */
  passed: (frame: Frame) => void;
  /** Tells the node to stop; called at most once. */
  cancel: () => void;
};

/**
 * Passes a node's frames on and counts what it passed on, and nothing else. The last finish reason and the usage are
 * held back; content that comes after a finish reason is passed on like any other. Stops passing when the client
 * leaves, when the output bound is reached, on a stall or when the node fails; the node is then told to stop, and its
 * usage and receipt are still read.
 */
export async function relay(
  answer: TunnelAnswer,
  start: FirstFrame,
  sink: AnswerSink,
  limits: RelayLimits,
): Promise<Relayed> {
  const seen: Observation = { content_bytes: 0, events: 0, reason: "complete" };
  const ended: Relayed = { observation: seen, finish: null, usage: null, trailers: undefined };
  /** `performance.now()` at the finish reason, unless content came after it. */
  let finished_at: number | null = null;
  let stopped: { reason: Observation["reason"]; until: number } | null = null;
  const stop = (reason: Observation["reason"]) => {
    if (stopped) return;
    stopped = { reason, until: performance.now() + ORDERLY_END_MS };
    limits.cancel();
  };
  const isStopped = () => stopped !== null;
  const onLeft = () => stop("client_left");
  const pass = async (frame: Frame) => {
    if (await isTaken(frame, sink, limits.timeouts.client_progress_ms)) limits.passed(frame);
    else onLeft();
  };
  limits.client.addEventListener("abort", onLeft, { once: true });
  if (limits.client.aborted) onLeft();
  try {
    const frames = inOrder(start);
    let pending = frames.next();
    for (;;) {
      const next = await within(pending, patience(stopped, finished_at, limits));
      if (next === LATE) {
        if (isStopped()) break;
        stop("timeout");
        continue;
      }
      if (next.done) break;
      pending = frames.next();
      pending.catch(() => {});
      const frame = next.value;
      if (frame.usage_only) ended.usage = frame;
      else if (frame.kind === "error" && finished_at === null) stop("node_failed");
      else if (isStopped() || frame.kind === "done" || frame.kind === "error") continue;
      else if (frame.finish_reason !== null) {
        ended.finish = frame;
        finished_at ??= performance.now();
      } else if (frame.content_bytes === 0) await pass(frame);
      else if (seen.events >= limits.completion_bound + EVENT_SLACK) stop("cut");
      else {
        finished_at = null;
        seen.content_bytes += frame.content_bytes;
        seen.events += 1;
        await pass(frame);
      }
    }
    const trailers = await within(answer.trailers, TRAILERS_MS);
    ended.trailers = trailers === LATE ? undefined : trailers;
  } catch {
    stop("node_failed");
  } finally {
    limits.client.removeEventListener("abort", onLeft);
    if (!ended.trailers) answer.cancel();
  }
  const reason = (stopped as { reason: Observation["reason"] } | null)?.reason;
  const whole = ended.trailers !== undefined && ended.finish !== null;
  // A node that was only slow to close after its finish reason has sent the whole answer.
  if (whole && (reason === undefined || (reason === "timeout" && finished_at !== null))) seen.reason = "complete";
  else seen.reason = reason ?? "node_failed";
  return ended;
}

/** Back-pressure: the node is read no faster than the client reads, and a client without progress counts as gone. */
async function isTaken(frame: Frame, sink: AnswerSink, progress_ms: number): Promise<boolean> {
  const written = sink.write(frame.bytes).then(
    () => true,
    () => false,
  );
  return (await within(written, progress_ms)) === true;
}

async function* inOrder({ held, first, frames }: FirstFrame): AsyncGenerator<Frame> {
  yield* held;
  yield first;
  yield* frames;
}

/** How long to wait for the next frame, in ms. */
function patience(stopped: { until: number } | null, finished_at: number | null, limits: RelayLimits): number {
  const now = performance.now();
  if (stopped) return stopped.until - now;
  const left = limits.deadline - now;
  const { between_tokens_ms } = limits.timeouts;
  return Math.min(left, between_tokens_ms, finished_at === null ? Infinity : finished_at + AFTER_FINISH_MS - now);
}

const LATE = Symbol("late");

/** The promise's value, or LATE after `ms`; the promise itself stays pending and may be waited for again. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | typeof LATE> {
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

/** The error that a client sees for a stream that broke after its first byte. */
export function brokenStream(reason: Observation["reason"], charged: boolean): ApiError {
  const charge = charged
    ? "The part that was delivered is charged at the node's signed usage."
    : "It is charged only if the node's signed receipt for the delivered part still arrives.";
  if (reason === "timeout")
    return new ApiError("router_timeout", `The node stopped sending before the answer was complete. ${charge}`);
  return new ApiError("router_dispatch_failed", `The node failed before the answer was complete. ${charge}`);
}
