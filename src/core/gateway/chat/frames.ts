/**
 * One server-sent event as it arrived: its bytes go to the client untouched, its fields are what the gateway counts by.
 */
export type Frame = {
  bytes: Buffer;
  kind: "comment" | "done" | "chunk" | "error";
  /** UTF-8 bytes of content, reasoning and tool deltas. */
  content_bytes: number;
  finish_reason: string | null;
  /** Present on the usage frame only. */
  usage: Record<string, unknown> | null;
  /** True for the frame with `choices: []` that carries the totals. */
  usage_only: boolean;
  data: Record<string, unknown> | null;
};

const LIMIT_FRAME_BYTES = 4 * 1024 * 1024;

/** Splits a byte stream into events (WHATWG HTML §9.2); rejects an event above 4 MiB. */
export async function* readFrames(source: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    for (;;) {
      const end = endOfEvent(rest);
      if (end < 0) break;
      yield parseFrame(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
    if (rest.length > LIMIT_FRAME_BYTES) throw new Error("an event of the node is larger than 4 MiB");
  }
  if (rest.toString().trim() !== "") throw new Error("the node's stream ended inside an event");
}

/** Index just past the blank line that ends the first event, or -1. */
function endOfEvent(buffer: Buffer): number {
  const lf = buffer.indexOf("\n\n");
  const crlf = buffer.indexOf("\r\n\r\n");
  if (lf < 0 && crlf < 0) return -1;
  if (lf >= 0 && (crlf < 0 || lf < crlf)) return lf + 2;
  return crlf + 4;
}

function parseFrame(bytes: Buffer): Frame {
  const data = bytes
    .toString("utf8")
    .split(/\r?\n/)
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(line[5] === " " ? 6 : 5))
    .join("\n");
  const empty = { bytes, content_bytes: 0, finish_reason: null, usage: null, usage_only: false, data: null };
  if (data === "") return { ...empty, kind: "comment" };
  if (data === "[DONE]") return { ...empty, kind: "done" };
  const value = JSON.parse(data) as Record<string, unknown>;
  if (value["error"] !== undefined) return { ...empty, kind: "error", data: value };
  const choices = Array.isArray(value["choices"]) ? (value["choices"] as Record<string, unknown>[]) : [];
  const choice = choices[0];
  const usage = typeof value["usage"] === "object" ? (value["usage"] as Record<string, unknown> | null) : null;
  return {
    bytes,
    kind: "chunk",
    content_bytes: choice ? deltaBytes((choice["delta"] ?? {}) as Record<string, unknown>) : 0,
    finish_reason: typeof choice?.["finish_reason"] === "string" ? choice["finish_reason"] : null,
    usage,
    usage_only: usage !== null && choices.length === 0,
    data: value,
  };
}

/** Bytes that a message or delta shows: content, reasoning, refusal, and the names and arguments of tool calls. */
export function deltaBytes(delta: Record<string, unknown>): number {
  let bytes = 0;
  for (const name of ["content", "reasoning_content", "reasoning", "refusal"]) {
    const value = delta[name];
    if (typeof value === "string") bytes += Buffer.byteLength(value);
  }
  const calls = Array.isArray(delta["tool_calls"]) ? (delta["tool_calls"] as Record<string, unknown>[]) : [];
  for (const call of calls) {
    const called = (call["function"] ?? {}) as Record<string, unknown>;
    for (const text of [called["name"], called["arguments"]])
      if (typeof text === "string") bytes += Buffer.byteLength(text);
  }
  return bytes;
}
