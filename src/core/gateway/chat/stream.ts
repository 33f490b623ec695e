import { EVENT_SLACK } from "../../chat_form.ts";
import { within } from "../../time.ts";
import type { Observation } from "../billing/model.ts";
import type { AnswerSink } from "../chat_call.ts";
import type { Frame } from "../node_calls/frames.ts";
import type { TunnelAnswer } from "../nodes/types.ts";
import type { AnswerEnd } from "./context.ts";
import type { FirstFrame } from "./first_frame.ts";
import type { ChatTimeouts } from "./timeouts.ts";

/** How a relayed stream ended. Its last frames are held back, since they wait for the settlement. */
export type Relayed = AnswerEnd & { finish: Frame | null; usage: Frame | null };

export type RelayLimits = {
  completion_bound: number;
  /** `performance.now()` at which the whole answer is cut. */
  deadline: number;
  timeouts: Pick<ChatTimeouts, "between_tokens_ms" | "client_progress_ms">;
  /** Aborts when the client left. */
  client: AbortSignal;
  /** Called with each frame that has left for the client. */
  onPassed: (frame: Frame) => void;
  /** Tells the node to stop; called at most once. */
  cancel: () => void;
};

/** A stream while it is relayed. */
type Relay = {
  sink: AnswerSink;
  limits: RelayLimits;
  ended: Relayed;
  /** `performance.now()` at the finish reason; null again once content came after it. */
  finished_at: number | null;
  /** Why frames are no longer passed on, and until when the node may still end in order. */
  stopped: { reason: Observation["reason"]; until: number } | null;
};

/**
 * A node that was told to stop has this long to end in order; then its stream is reset, and the receipt comes by the
 * node's outbox.
 */
const ORDERLY_END_MS = 2_000;
const TRAILERS_MS = 10_000;
/** After its finish reason a node has only usage and receipt left to send. */
const AFTER_FINISH_MS = 10_000;

/**
 * Passes a node's frames on, and counts only those. The last finish reason and the usage are held back; content that
 * comes after a finish reason is passed on like any other. Stops passing when the client leaves, when the output bound is
 * reached, on a stall or when the node fails; the node is then told to stop, and its usage and receipt are still read.
 */
export async function relay(
  answer: TunnelAnswer,
  start: FirstFrame,
  sink: AnswerSink,
  limits: RelayLimits,
): Promise<Relayed> {
  const observation: Observation = { content_bytes: 0, events: 0, reason: "complete" };
  const ended: Relayed = { observation, finish: null, usage: null, trailers: undefined };
  const relay: Relay = { sink, limits, ended, finished_at: null, stopped: null };
  const onLeft = () => stop(relay, "client_left");
  limits.client.addEventListener("abort", onLeft, { once: true });
  if (limits.client.aborted) onLeft();
  try {
    await relayFrames(relay, inOrder(start));
    ended.trailers = await within(answer.trailers, TRAILERS_MS, undefined);
  } catch {
    stop(relay, "node_failed");
  } finally {
    limits.client.removeEventListener("abort", onLeft);
    if (!ended.trailers) answer.cancel();
  }
  observation.reason = endReason(relay);
  return ended;
}

/** Relays until the node's stream has ended, or the time for that is over. */
async function relayFrames(relay: Relay, frames: AsyncGenerator<Frame>): Promise<void> {
  let pending = frames.next();
  for (;;) {
    const next = await within(pending, patience(relay), null);
    if (next === null) {
      if (relay.stopped) return;
      stop(relay, "timeout");
      continue;
    }
    if (next.done) return;
    pending = frames.next();
    pending.catch(() => {});
    if (isToPass(relay, next.value)) await pass(relay, next.value);
  }
}

/** Takes one frame into account: whether it is passed on. */
function isToPass(relay: Relay, frame: Frame): boolean {
  const { ended, limits } = relay;
  const seen = ended.observation;
  if (frame.usage_only) ended.usage = frame;
  else if (frame.kind === "error" && relay.finished_at === null) stop(relay, "node_failed");
  else if (relay.stopped || frame.kind === "done" || frame.kind === "error") return false;
  else if (frame.finish_reason !== null) {
    ended.finish = frame;
    relay.finished_at ??= performance.now();
  } else if (frame.content_bytes === 0) return true;
  else if (seen.events >= limits.completion_bound + EVENT_SLACK) stop(relay, "cut");
  else {
    relay.finished_at = null;
    seen.content_bytes += frame.content_bytes;
    seen.events += 1;
    return true;
  }
  return false;
}

/** The node is read no faster than the client reads, and a client without progress counts as gone. */
async function pass(relay: Relay, frame: Frame): Promise<void> {
  const { sink, limits } = relay;
  const written = sink.write(frame.bytes).then(
    () => true,
    () => false,
  );
  if (await within(written, limits.timeouts.client_progress_ms, false)) limits.onPassed(frame);
  else stop(relay, "client_left");
}

/** Passes nothing on any more, and tells the node to stop. The first reason stays. */
function stop(relay: Relay, reason: Observation["reason"]): void {
  if (relay.stopped) return;
  relay.stopped = { reason, until: performance.now() + ORDERLY_END_MS };
  relay.limits.cancel();
}

function endReason({ ended, stopped, finished_at }: Relay): Observation["reason"] {
  const reason = stopped?.reason;
  const whole = ended.trailers !== undefined && ended.finish !== null;
  // A node that was only slow to close after its finish reason has sent the whole answer.
  if (whole && (reason === undefined || (reason === "timeout" && finished_at !== null))) return "complete";
  return reason ?? "node_failed";
}

async function* inOrder({ held, first, frames }: FirstFrame): AsyncGenerator<Frame> {
  yield* held;
  yield first;
  yield* frames;
}

/** How long to wait for the next frame, in ms. */
function patience({ stopped, finished_at, limits }: Relay): number {
  const now = performance.now();
  if (stopped) return stopped.until - now;
  const left = limits.deadline - now;
  const { between_tokens_ms } = limits.timeouts;
  return Math.min(left, between_tokens_ms, finished_at === null ? Infinity : finished_at + AFTER_FINISH_MS - now);
}
