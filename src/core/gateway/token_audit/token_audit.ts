import type { Database } from "../../../store/postgres/database.ts";
import { findReceipt } from "../../../store/postgres/receipts/receipts.ts";
import { insertRecount, recountsByNode } from "../../../store/postgres/recounts/recounts.ts";
import { errorFields, type Logger } from "../../log.ts";
import type { Metrics } from "../../metrics.ts";
import type { AnswerSink, ChatAnswer, ChatCall } from "../chat_call.ts";
import type { ControlView } from "../control.ts";
import type { NodeView, ProfileView } from "../nodes/types.ts";
import { withinCeilings } from "../routing/claims.ts";
import { type Counts, isOverstated, usagePenalty } from "./plausible.ts";
import { type AnswerTexts, plainTexts, promptTexts, streamTexts } from "./texts.ts";
import type { Vocabularies } from "./vocabularies.ts";

export type TokenAuditPorts = {
  db: Database;
  vocabularies: Vocabularies;
  node: (node_id: string) => NodeView | undefined;
  control: ControlView;
  metrics: Metrics;
  log: Logger;
  /** The number of audited chats in 10,000. */
  share_bps: number;
  random?: () => number;
};

type AuditState = TokenAuditPorts & {
  /** The addition to a node's score from the audits of the last day. */
  penalties: Map<string, number>;
  /** Audits under way. */
  running: Set<Promise<void>>;
};

type Work = (call: ChatCall) => Promise<ChatAnswer | null>;

const WINDOW_HOURS = 24;
const REFRESH_MS = 30_000;
/** A longer stream is not audited: its text would wait in memory for the end. */
const STREAM_BYTES_MAX = 4 * 1024 * 1024;
const RUNNING_MAX = 4;

/**
 * Audits the token counts of a sample of chats (docs/design/money.md, Clamp; docs/decisions/0009-token-audit.md): when a
 * sampled chat has ended, its texts are tokenised again by the profile's vocabulary, in memory. Only numbers are kept.
 */
export function createTokenAudit(ports: TokenAuditPorts) {
  const state: AuditState = { ...ports, penalties: new Map(), running: new Set() };
  const refreshed = () =>
    refresh(state).catch((error: unknown) => ports.log.warn("recounts_not_read", errorFields(error)));
  const timer = setInterval(() => void refreshed(), REFRESH_MS);
  void refreshed();
  return {
    /** The addition to a node's score from its audits of the last day (routing/rank.ts). */
    penalty: (node_id: string): number => state.penalties.get(node_id) ?? 0,
    chat: (call: ChatCall, work: Work) => auditChat(state, call, work),
    async stop(): Promise<void> {
      clearInterval(timer);
      await ports.vocabularies.stop();
      await Promise.all(state.running);
    },
  };
}

export type TokenAudit = ReturnType<typeof createTokenAudit>;

/** Runs a chat. A sampled chat is audited when it has ended; its answer does not wait for the audit. */
function auditChat(state: AuditState, call: ChatCall, work: Work): Promise<ChatAnswer | null> {
  const { running, random = Math.random, share_bps, vocabularies } = state;
  const sampled = running.size < RUNNING_MAX && random() * 10_000 < share_bps && vocabularies.has(call.body.model);
  return sampled ? auditSampled(state, call, work) : work(call);
}

async function auditSampled(state: AuditState, call: ChatCall, work: Work): Promise<ChatAnswer | null> {
  const { running, log } = state;
  const kept = keepingSink(call.sink);
  const answer = await work({ ...call, sink: kept.sink });
  const prompt = promptTexts(call.body);
  const streamed = kept.text();
  const texts = answer ? plainTexts(answer.body) : streamed === null ? null : streamTexts(streamed);
  if (!prompt || !texts) return answer;
  const audit: Promise<void> = auditTexts(state, call.body.model, prompt, texts, call.body.messages.length)
    .catch((error: unknown) => log.warn("usage_not_recounted", errorFields(error)))
    .finally(() => running.delete(audit));
  running.add(audit);
  return answer;
}

/** Counts the texts, compares them with the receipt, and keeps the verdict. */
async function auditTexts(
  state: AuditState,
  model_id: string,
  prompt: string[],
  answer: AnswerTexts,
  messages: number,
): Promise<void> {
  const { db, metrics, log } = state;
  const counted = await countTexts(state, model_id, prompt, answer.completion);
  const claim = counted && (await findClaim(state, answer.receipt_hash));
  if (!counted || !claim) return void metrics.usage_recounts.inc({ outcome: "not_counted" });
  const { node_id, profile, counts } = claim;
  // Hidden reasoning, where an admin allowed it, is not in the texts.
  const shown = profile.hidden_reasoning ? { ...counts, completion_tokens: 0 } : counts;
  const { model_profile_id, template_tokens, tokens_per_message } = profile;
  const overstated = isOverstated(shown, counted, { messages, template_tokens, tokens_per_message });
  await insertRecount(db, {
    node_id,
    model_profile_id,
    overstated,
    claimed_prompt_tokens: counts.prompt_tokens,
    counted_prompt_tokens: counted.prompt_tokens,
    claimed_completion_tokens: counts.completion_tokens,
    counted_completion_tokens: counted.completion_tokens,
  });
  metrics.usage_recounts.inc({ outcome: overstated ? "overstated" : "plausible" });
  if (!overstated) return;
  log.warn("usage_overstated", { node_id, count: total(counts), expected: total(counted) });
  await refresh(state);
}

const total = ({ prompt_tokens, completion_tokens }: Counts): number => prompt_tokens + completion_tokens;

async function countTexts(
  { vocabularies }: AuditState,
  model_id: string,
  prompt: string[],
  completion: string[],
): Promise<Counts | null> {
  const tokens = await vocabularies.count(model_id, [...prompt, ...completion]);
  if (!tokens) return null;
  const sum = (counts: number[]): number => counts.reduce((total, count) => total + count, 0);
  return {
    prompt_tokens: sum(tokens.slice(0, prompt.length)),
    completion_tokens: sum(tokens.slice(prompt.length)),
  };
}

/** The counts that a node signed, and the profile for which it signed them. */
async function findClaim(
  { db, node, control }: AuditState,
  receipt_hash: string,
): Promise<{ node_id: string; profile: ProfileView; counts: Counts } | null> {
  const receipt = await findReceipt(db, Buffer.from(receipt_hash, "hex"));
  if (!receipt) return null;
  const { model_profile_id, prompt_tokens, completion_tokens } = JSON.parse(receipt.payload) as Partial<Counts> & {
    model_profile_id?: string;
  };
  const profile = node(receipt.node_id)?.profiles.find((one) => one.model_profile_id === model_profile_id);
  if (!profile || prompt_tokens === undefined || completion_tokens === undefined) return null;
  return {
    node_id: receipt.node_id,
    profile: withinCeilings(profile, control.current()),
    counts: { prompt_tokens, completion_tokens },
  };
}

async function refresh({ db, penalties }: AuditState): Promise<void> {
  const found = await recountsByNode(db, WINDOW_HOURS);
  penalties.clear();
  for (const { node_id, ...counts } of found) penalties.set(node_id, usagePenalty(counts));
}

/** Passes all bytes on and keeps a copy; `text` is null when the stream was too long. */
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
        if (size > STREAM_BYTES_MAX) parts = null;
        parts?.push(part);
        return sink.write(bytes);
      },
      comment: (text) => sink.comment(text),
      end: () => sink.end(),
    },
  };
}
