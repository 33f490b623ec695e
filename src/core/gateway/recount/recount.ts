import type { Database } from "../../../store/postgres/database.ts";
import { findReceipt } from "../../../store/postgres/receipts/receipts.ts";
import { insertRecount } from "../../../store/postgres/recounts/recounts.ts";
import { recountsByNode } from "../../../store/postgres/recounts/recounts.ts";
import type { Logger } from "../../log.ts";
import { errorFields } from "../../log.ts";
import type { Metrics } from "../../metrics.ts";
import type { AnswerSink } from "../chat/stream.ts";
import type { ChatAnswer, ChatCall, ChatCaller } from "../chat/context.ts";
import type { ControlView } from "../control.ts";
import type { NodeView } from "../nodes/types.ts";
import { withinCeilings } from "../routing/claims.ts";
import { type Counts, isOverstated, usagePenalty } from "./plausible.ts";
import { type AnswerTexts, plainTexts, promptTexts, streamTexts } from "./texts.ts";
import type { Vocabularies } from "./vocabularies.ts";

type Complete = (caller: ChatCaller, call: ChatCall) => Promise<ChatAnswer | null>;

export type RecountPorts = {
  db: Database;
  vocabularies: Vocabularies;
  node: (node_id: string) => NodeView | undefined;
  control: ControlView;
  metrics: Metrics;
  log: Logger;
  /** Of 10,000 chats so many are counted again. */
  share_bps: number;
  random?: () => number;
};

const WINDOW_HOURS = 24;
const REFRESH_MS = 30_000;
/** Longer answers are let go: they would wait in memory for their end. */
const LONGEST_STREAM_BYTES = 4 * 1024 * 1024;
const AT_ONCE = 4;

/**
 * Sampled recount (docs/design/money.md, Clamp;
 * docs/decisions/0009-recount.md): the texts of some chats are tokenised again by the profile's vocabulary, in memory,
 * after their end. What is kept are numbers.
 */
export function createRecount(ports: RecountPorts) {
  const { db, vocabularies, metrics, log, share_bps, random = Math.random } = ports;
  const penalties = new Map<string, number>();
  const running = new Set<Promise<void>>();

  async function refresh(): Promise<void> {
    const found = await recountsByNode(db, WINDOW_HOURS);
    penalties.clear();
    for (const { node_id, ...counts } of found) penalties.set(node_id, usagePenalty(counts));
  }
  const quietly = () => refresh().catch((error: unknown) => log.warn("recounts_not_read", errorFields(error)));
  const timer = setInterval(() => void quietly(), REFRESH_MS);
  void quietly();

  async function recount(model_id: string, prompt: string[], messages: number, answer: AnswerTexts): Promise<void> {
    const { completion, receipt_hash } = answer;
    const tokens = await vocabularies.count(model_id, [...prompt, ...completion]);
    if (!tokens) return void metrics.usage_recounts.inc({ outcome: "not_counted" });
    const sum = (counts: number[]): number => counts.reduce((total, count) => total + count, 0);
    const counted: Counts = {
      prompt_tokens: sum(tokens.slice(0, prompt.length)),
      completion_tokens: sum(tokens.slice(prompt.length)),
    };
    const receipt = await findReceipt(db, Buffer.from(receipt_hash, "hex"));
    const payload = JSON.parse(receipt?.payload ?? "{}") as Partial<Counts> & { model_profile_id?: string };
    const claimed_profile = ports
      .node(receipt?.node_id ?? "")
      ?.profiles.find((one) => one.model_profile_id === payload.model_profile_id);
    const profile = claimed_profile && withinCeilings(claimed_profile, ports.control.current());
    const { prompt_tokens, completion_tokens } = payload;
    if (!receipt || !profile || prompt_tokens === undefined || completion_tokens === undefined) {
      return void metrics.usage_recounts.inc({ outcome: "not_counted" });
    }
    const claimed: Counts = { prompt_tokens, completion_tokens };
    // Reasoning that is hidden, and may be, cannot be counted here.
    const shown = profile.hidden_reasoning ? { prompt_tokens, completion_tokens: 0 } : claimed;
    const { template_tokens, tokens_per_message } = profile;
    const overstated = isOverstated(shown, counted, { messages, template_tokens, tokens_per_message });
    await insertRecount(db, {
      node_id: receipt.node_id,
      model_profile_id: profile.model_profile_id,
      overstated,
      claimed_prompt_tokens: claimed.prompt_tokens,
      counted_prompt_tokens: counted.prompt_tokens,
      claimed_completion_tokens: claimed.completion_tokens,
      counted_completion_tokens: counted.completion_tokens,
    });
    metrics.usage_recounts.inc({ outcome: overstated ? "overstated" : "plausible" });
    if (overstated) {
      const expected = counted.prompt_tokens + counted.completion_tokens;
      log.warn("usage_overstated", { node_id: receipt.node_id, count: prompt_tokens + completion_tokens, expected });
      await refresh();
    }
  }

  return {
    /** What a node's recounts of the last day add to its score (rank.ts). */
    penalty: (node_id: string): number => penalties.get(node_id) ?? 0,
    /** The same chat; some of them are counted again when they have ended, which nobody waits for. */
    sampled(complete: Complete): Complete {
      return async (caller, call) => {
        const model_id = String(call.body["model"]);
        const drawn = running.size < AT_ONCE && random() * 10_000 < share_bps && vocabularies.has(model_id);
        if (!drawn) return complete(caller, call);
        const prompt = promptTexts(call.body);
        const kept = keepingSink(call.sink);
        const answer = await complete(caller, { ...call, sink: kept.sink });
        const streamed = kept.text();
        const texts = answer ? plainTexts(answer.body) : streamed === null ? null : streamTexts(streamed);
        if (!prompt || !texts) return answer;
        const messages = (call.body["messages"] as unknown[]).length;
        const work: Promise<void> = recount(model_id, prompt, messages, texts)
          .catch((error: unknown) => log.warn("usage_not_recounted", errorFields(error)))
          .finally(() => running.delete(work));
        running.add(work);
        return answer;
      };
    },
    async stop(): Promise<void> {
      clearInterval(timer);
      await vocabularies.stop();
      await Promise.all(running);
    },
  };
}

export type Recount = ReturnType<typeof createRecount>;

/** Passes everything on, and keeps what was written; `text` is null when that was too long. */
function keepingSink(sink: AnswerSink): { sink: AnswerSink; text(): string | null } {
  let parts: Buffer[] | null = [];
  let size = 0;
  return {
    text: () => parts && Buffer.concat(parts).toString("utf8"),
    sink: {
      get opened() {
        return sink.opened;
      },
      open: (headers) => sink.open(headers),
      write(bytes) {
        const part = Buffer.from(bytes);
        size += part.length;
        if (size > LONGEST_STREAM_BYTES) parts = null;
        parts?.push(part);
        return sink.write(bytes);
      },
      comment: (text) => sink.comment(text),
      end: () => sink.end(),
    },
  };
}
