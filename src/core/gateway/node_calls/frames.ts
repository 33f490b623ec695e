import { dataOf, isComment, readEvents } from "../../event_stream.ts";
import { addsToAnswer, isFinishReason, TOOL_CALLS_MAX } from "../../chat_form.ts";

/**
 * One event of a node: the bytes for the client, and the fields that the gateway counts. An event with both content and
 * a finish reason becomes two frames, so a frame with a finish reason never has content.
 */
export type Frame = {
  bytes: Buffer;
  kind: "comment" | "done" | "chunk" | "error";
  /** UTF-8 bytes of content, reasoning and tool deltas. */
  content_bytes: number;
  /** A published finish reason; null for any other, which ends no answer. */
  finish_reason: string | null;
  /** Present on the usage frame only. */
  usage: Record<string, unknown> | null;
  /** True for the frame without a choice that carries the totals. */
  usage_only: boolean;
  data: Record<string, unknown> | null;
};

type Fields = Record<string, unknown>;

/** The frames of a node's answer, in order. Events without data are left out. */
export async function* readFrames(source: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  for await (const event of readEvents(source)) yield* parseFrames(event);
}

/** An event that is not in the published form counts as an error of the node, like an error that the node sends itself. */
function parseFrames(event: string): Frame[] {
  const bytes = Buffer.from(`${event}\n\n`);
  const empty = { bytes, content_bytes: 0, finish_reason: null, usage: null, usage_only: false, data: null };
  const data = dataOf(event);
  if (data === null) return isComment(event) ? [{ ...empty, kind: "comment" }] : [];
  if (data.trim() === "[DONE]") return [{ ...empty, kind: "done" }];
  try {
    return parseChunk(JSON.parse(data) as Fields, bytes);
  } catch {
    return [{ ...empty, kind: "error" }];
  }
}

function parseChunk(value: Fields, bytes: Buffer): Frame[] {
  if (typeof value !== "object" || value["error"]) throw new Error("the node's runtime failed");
  const choices = Array.isArray(value["choices"]) ? (value["choices"] as Fields[]) : [];
  const usage = typeof value["usage"] === "object" ? (value["usage"] as Fields | null) : null;
  const [choice] = choices;
  if (choice === undefined) return [chunkFrame(value, bytes, usage)];
  const delta = (choice["delta"] ?? {}) as Fields;
  checkToolCalls(delta);
  if (choice["finish_reason"] == null) return [chunkFrame(value, bytes, usage)];
  if (!isFinishReason(choice["finish_reason"]))
    return [chunkFrame({ ...value, choices: [{ ...choice, finish_reason: null }] }, null, usage)];
  if (!addsToAnswer(delta)) return [chunkFrame(value, bytes, usage)];
  const { content, finish } = splitFinish(value);
  return [chunkFrame(content, null, null), chunkFrame(finish, null, usage)];
}

/**
 * Splits a chunk with both content and a finish reason in two: the content is passed on at once, the finish reason held
 * back. Some runtimes put a finish reason on every chunk, and only the last one is true.
 */
function splitFinish(chunk: Fields): { content: Fields; finish: Fields } {
  const { usage: _usage, ...rest } = chunk;
  const [choice] = chunk["choices"] as [Fields];
  const { logprobs: _logprobs, ...ending } = choice;
  return {
    content: { ...rest, choices: [{ ...choice, finish_reason: null }] },
    finish: { ...chunk, choices: [{ ...ending, delta: {} }] },
  };
}

/** @param bytes null where the chunk is not as the node wrote it: its bytes are then made from `data`. */
function chunkFrame(data: Fields, bytes: Buffer | null, usage: Fields | null): Frame {
  const [choice] = Array.isArray(data["choices"]) ? (data["choices"] as Fields[]) : [];
  const finish_reason = choice?.["finish_reason"];
  return {
    bytes: bytes ?? Buffer.from(`data: ${JSON.stringify(data)}\n\n`),
    kind: "chunk",
    content_bytes: deltaBytes((choice?.["delta"] ?? {}) as Fields),
    finish_reason: isFinishReason(finish_reason) ? finish_reason : null,
    usage,
    usage_only: usage !== null && choice === undefined,
    data,
  };
}

function checkToolCalls({ tool_calls }: Fields): void {
  for (const { index } of (tool_calls ?? []) as { index?: unknown }[])
    if (!Number.isInteger(index) || (index as number) < 0 || (index as number) >= TOOL_CALLS_MAX)
      throw new Error("a tool call has no place in the answer");
}

/** Whether the one choice of a plain answer has ended for a reason of the published list. */
export function hasFinished(body: Record<string, unknown>): boolean {
  const [choice] = Array.isArray(body["choices"]) ? (body["choices"] as (Fields | null)[]) : [];
  return isFinishReason(choice?.["finish_reason"]);
}

/** Bytes that a message or delta shows: content, reasoning, refusal, and the names and arguments of tool calls. */
export function deltaBytes(delta: Record<string, unknown>): number {
  let bytes = 0;
  for (const name of ["content", "reasoning_content", "reasoning", "refusal"]) {
    const value = delta[name];
    if (typeof value === "string") bytes += Buffer.byteLength(value);
  }
  const calls = Array.isArray(delta["tool_calls"]) ? (delta["tool_calls"] as (Fields | null)[]) : [];
  for (const call of calls) {
    const called = (call?.["function"] ?? {}) as Fields;
    for (const text of [called["name"], called["arguments"]])
      if (typeof text === "string") bytes += Buffer.byteLength(text);
  }
  return bytes;
}
