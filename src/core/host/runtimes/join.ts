/**
 * Puts the chunks of a streamed answer together again: for plain answers of runtimes that only stream, and for
 * commitments.
 */
import type { CommittedAnswer } from "../../protocol/receipt/commitments.ts";
import type { FinishReason } from "../../chat_form.ts";
import type { ChatToolCall } from "../../../../generated/local.ts";
import type { ChatChunk, ChatCompletion, ChatUsage } from "./runtime.ts";

export type JoinedAnswer = {
  /** Takes the next chunk; only the choice with index 0 is read. */
  push(chunk: ChatChunk): void;
  readonly content: string;
  readonly reasoning: string;
  readonly tool_calls: ChatToolCall[];
  readonly finish_reason: FinishReason | null;
  /** The last usage that any chunk carried. */
  readonly usage: ChatUsage | null;
  /** Deltas with content, reasoning or tool calls so far. */
  readonly deltas: number;
  committed(): CommittedAnswer;
};

/** Collects one answer; nothing is kept beyond its text. */
export function createJoinedAnswer(): JoinedAnswer {
  const content: string[] = [];
  const reasoning: string[] = [];
  const calls = new Map<number, ChatToolCall>();
  let finish_reason: FinishReason | null = null;
  let usage: ChatUsage | null = null;
  let deltas = 0;
  const joined: JoinedAnswer = {
    push(chunk) {
      if (chunk.usage) usage = chunk.usage;
      const choice = chunk.choices.find((candidate) => candidate.index === 0);
      if (choice === undefined) return;
      const delta = choice.delta ?? {};
      const thought = delta.reasoning_content || delta.reasoning;
      if (delta.content || thought || delta.tool_calls?.length) deltas++;
      if (delta.content) content.push(delta.content);
      if (thought) reasoning.push(thought);
      for (const piece of delta.tool_calls ?? []) {
        const call = calls.get(piece.index) ?? { id: "", type: "function", function: { name: "", arguments: "" } };
        calls.set(piece.index, call);
        if (piece.id) call.id = piece.id;
        if (piece.function?.name) call.function.name += piece.function.name;
        if (piece.function?.arguments) call.function.arguments += piece.function.arguments;
      }
      if (choice.finish_reason) finish_reason = choice.finish_reason;
    },
    get content() {
      return content.join("");
    },
    get reasoning() {
      return reasoning.join("");
    },
    get tool_calls() {
      return [...calls].sort(([one], [other]) => one - other).map(([, call]) => call);
    },
    get finish_reason() {
      return finish_reason;
    },
    get usage() {
      return usage;
    },
    get deltas() {
      return deltas;
    },
    committed: () => ({
      content: joined.content,
      reasoning: joined.reasoning,
      tool_calls: joined.tool_calls,
      finish_reason: joined.finish_reason,
    }),
  };
  return joined;
}

/** The same for a plain answer, so that its commitment is that of the stream. */
export function joinCompletion(completion: ChatCompletion): JoinedAnswer {
  const joined = createJoinedAnswer();
  const choice = completion.choices[0];
  const { id, created, model, usage } = completion;
  joined.push({
    id,
    created,
    model,
    object: "chat.completion.chunk",
    usage: usage ?? null,
    choices:
      choice === undefined
        ? []
        : [
            {
              index: 0,
              finish_reason: choice.finish_reason,
              delta: {
                ...choice.message,
                tool_calls: (choice.message.tool_calls ?? []).map((call, index) => ({ ...call, index })),
              },
            },
          ],
  });
  return joined;
}

/** One chat.completion from all chunks of an answer. */
export function joinChunks(chunks: ChatChunk[]): ChatCompletion {
  const joined = createJoinedAnswer();
  chunks.forEach((chunk) => joined.push(chunk));
  const { id, created, model } = chunks[0]!;
  return {
    id,
    object: "chat.completion",
    created,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: joined.tool_calls.length > 0 && joined.content === "" ? null : joined.content,
          ...(joined.reasoning === "" ? {} : { reasoning_content: joined.reasoning }),
          ...(joined.tool_calls.length === 0 ? {} : { tool_calls: joined.tool_calls }),
        },
        finish_reason: joined.finish_reason,
      },
    ],
    ...(joined.usage === null ? {} : { usage: joined.usage }),
  };
}
