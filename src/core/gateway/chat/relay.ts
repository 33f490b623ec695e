import { ApiError } from "../../errors.ts";
import type { Observation } from "../billing/operations.ts";
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
 * Passes frames on, byte for byte, until the one with the finish reason, and counts what it saw. Stops passing when the
 * client leaves, when the output bound is passed, on a stall or when the node fails; the node is then told to stop, and
 * its last frames and receipt are still read.
 */
export async function relay(
  answer: TunnelAnswer,
  start: FirstFrame,
  sink: AnswerSink,
  limits: RelayLimits,
): Promise<Relayed> {
  const seen: Observation = { content_bytes: 0, events: 0, reason: "complete" };
  const ended: Relayed = { observation: seen, finish: null, usage: null, trailers: undefined };
  let stopped: { reason: Observation["reason"]; until: number } | null = null;
  const stop = (reason: Observation["reason"]) => {
    if (stopped) return;
    stopped = { reason, until: performance.now() + ORDERLY_END_MS };
    limits.cancel();
  };
  const isStopped = () => stopped !== null;
  const onLeft = () => stop("client_left");
  // Back-pressure: the node is read no faster than the client reads, and a client without progress counts as gone.
  const pass = async (frame: Frame) => {
    const written = await within(
      sink.write(frame.bytes).then(
        () => true,
        () => false,
      ),
      limits.timeouts.client_progress_ms,
    );
    if (written === true) limits.passed(frame);
    else onLeft();
  };
  limits.client.addEventListener("abort", onLeft, { once: true });
  if (limits.client.aborted) onLeft();
  try {
    for (const frame of start.held) if (!isStopped()) await pass(frame);
    let pending: Promise<IteratorResult<Frame>> = Promise.resolve({ value: start.first, done: false });
    for (;;) {
      const next = await within(pending, patience(stopped, limits));
      if (next === LATE) {
        if (isStopped()) break;
        stop("timeout");
        continue;
      }
      if (next.done) break;
      pending = start.frames.next();
      pending.catch(() => {});
      const frame = next.value;
      if (frame.kind === "error") stop("node_failed");
      if (frame.kind !== "chunk" && frame.kind !== "comment") continue;
      if (frame.content_bytes > 0) {
        seen.content_bytes += frame.content_bytes;
        seen.events += 1;
      }
      if (frame.usage_only) {
        ended.usage = frame;
        continue;
      }
      // A node sends one finish reason; what follows it is not the client's.
      if (frame.finish_reason !== null) {
        ended.finish ??= frame;
        continue;
      }
      if (ended.finish || isStopped()) continue;
      if (seen.events > limits.completion_bound + EVENT_SLACK) stop("cut");
      else await pass(frame);
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
  seen.reason = reason ?? (ended.trailers && ended.finish ? "complete" : "node_failed");
  return ended;
}

function patience(stopped: { until: number } | null, limits: RelayLimits): number {
  if (stopped) return stopped.until - performance.now();
  return Math.min(limits.timeouts.between_tokens_ms, limits.deadline - performance.now());
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
