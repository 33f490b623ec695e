import { mintJobId } from "../../protocol/bytes/ids.ts";
import { readFrames } from "../node_calls/frames.ts";
import { sendChat } from "../node_calls/send_chat.ts";
import type { NodeTunnel, ProfileView } from "../nodes/types.ts";

export type Observed = { ttft_ms: number; tokens_per_second: number; prompt_tokens: number; completion_tokens: number };

export type BenchmarkLimits = {
  /** The most time to the first token. */
  first_token_ms: number;
  whole_ms: number;
  /** The most time for the whole answer. */
  bytes: number;
};

export const BENCHMARK_LIMITS: BenchmarkLimits = { first_token_ms: 15_000, whole_ms: 120_000, bytes: 256 * 1024 };
/** The largest count that its column holds. */
const COUNT_MAX = 2 ** 31 - 1;

/**
 * Sends real work to a node, at no price, and measures the answer. Throws when the node refuses, is late, sends more than
 * allowed or ends without usage and trailers, and when `ending` aborts; the node's stream is then reset.
 */
export async function callBenchmark(
  tunnel: NodeTunnel,
  profile: ProfileView,
  max_tokens: number,
  limits: BenchmarkLimits,
  ending: AbortSignal,
): Promise<Observed> {
  const stop = new AbortController();
  const late = () => stop.abort(new Error("the node is too slow for the benchmark"));
  const first_timer = setTimeout(late, limits.first_token_ms);
  const timer = setTimeout(late, limits.whole_ms);
  const started = performance.now();
  let first_at: number | undefined;
  let last_at = 0;
  let events = 0;
  let usage: Record<string, unknown> | null = null;
  try {
    const answer = await sendChat(tunnel, {
      ...orderOf(profile, max_tokens, limits),
      signal: AbortSignal.any([stop.signal, ending]),
    });
    if (answer.status !== 200) throw new Error("the node refused the benchmark");
    for await (const frame of readFrames(upTo(limits.bytes, answer.body as AsyncIterable<Buffer>))) {
      if (frame.kind === "error") throw new Error("the node's runtime failed");
      usage = frame.usage ?? usage;
      if (frame.content_bytes === 0 && (frame.finish_reason === null || first_at !== undefined)) continue;
      last_at = performance.now();
      first_at ??= last_at;
      events += 1;
      clearTimeout(first_timer);
    }
    if (first_at === undefined || !(await answer.trailers)) throw new Error("the benchmark's answer is not complete");
  } catch (error) {
    stop.abort(error);
    throw error;
  } finally {
    clearTimeout(first_timer);
    clearTimeout(timer);
  }
  const [prompt_tokens, completion_tokens] = [usage?.["prompt_tokens"], usage?.["completion_tokens"]];
  if (!isCount(prompt_tokens) || !isCount(completion_tokens) || completion_tokens === 0)
    throw new Error("the node reported no usage");
  // Speed is counted by the events that arrived, not by the usage that the node reports; an event has at least one token.
  const seconds = Math.max(0.001, (last_at - first_at) / 1000);
  return {
    ttft_ms: Math.round(first_at - started),
    tokens_per_second: Math.max(0.001, Math.max(1, events - 1) / seconds),
    prompt_tokens,
    completion_tokens,
  };
}

function orderOf(profile: ProfileView, max_tokens: number, { whole_ms }: BenchmarkLimits) {
  return {
    body: {
      model: profile.model_id,
      messages: [{ role: "user", content: "Count from one upwards in words, as far as you get." }],
      stream: true,
      stream_options: { include_usage: true },
      max_tokens,
      max_completion_tokens: max_tokens,
    },
    dispatch: {
      job_id: mintJobId(),
      fence: 1,
      model_profile_id: profile.model_profile_id,
      prompt_price_wei: "0",
      completion_price_wei: "0",
      fee_bps: 0,
      prompt_bound: profile.context_length,
      completion_bound: max_tokens,
      deadline_ms: whole_ms,
    },
  };
}

async function* upTo(bytes: number, source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const chunk of source) {
    left -= chunk.length;
    if (left < 0) throw new Error("the node's answer is larger than a benchmark's");
    yield chunk;
  }
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value <= COUNT_MAX;
}
