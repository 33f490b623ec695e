/** Streams that foreign runtimes were reported to send, and the part of each that a client must get. */
import { FAKE_MODEL } from "./fake_runtime.ts";

const BASE = { id: "chatcmpl-script", object: "chat.completion.chunk", created: 1, model: FAKE_MODEL };
const USAGE = { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 };

export const event = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;
export const chunk = (delta: object, finish_reason: unknown = null): string =>
  event({ ...BASE, choices: [{ index: 0, delta, finish_reason }] });
export const word = (content: string, finish_reason: unknown = null): string => chunk({ content }, finish_reason);
export const usage = event({ ...BASE, choices: [], usage: USAGE });
export const DONE = "data: [DONE]\n\n";

const role = chunk({ role: "assistant", content: "" });
const words = ["one", " two", " three", " four"].map((text) => word(text));
const start = [role, ...words];
const call = (index: unknown, id: string | undefined, name: string | undefined, args: string): string =>
  chunk({ tool_calls: [{ index, ...(id ? { id, type: "function" } : {}), function: { name, arguments: args } }] });
const LONG_MS = 100_000;

export type Script = {
  name: string;
  script: (string | number)[];
  finish?: string;
  content?: string;
  tool_calls?: [id: string, name: string, args: string][];
};

/** Each ends well: its content (four words unless said otherwise), one finish reason, usage, `[DONE]`. */
export const WHOLE: Script[] = [
  { name: "finish, usage, [DONE]", script: [...start, chunk({}, "stop"), usage, DONE] },
  {
    name: "stop on every chunk",
    script: [role, ...words.map((text) => text.replace(":null}", ':"stop"}')), usage, DONE],
  },
  {
    name: "stop on every chunk, and no usage",
    script: [role, ...words.map((text) => text.replace(":null}", ':"stop"}')), DONE],
  },
  {
    name: "a slow token with stop on every chunk",
    script: [role, word("one two three", "stop"), 5_500, word(" four", "stop"), DONE],
  },
  {
    name: "an empty finish reason on every chunk",
    script: [...["one", " two", " three", " four"].map((text) => word(text, "")), chunk({}, "length"), usage, DONE],
    finish: "length",
  },
  {
    name: "an unknown finish reason on content",
    script: [word("one", "thinking_end"), ...words.slice(1), chunk({}, "stop"), usage, DONE],
  },
  { name: "no finish reason but an unknown one", script: [...start, chunk({}, "repetition"), usage, DONE] },
  { name: "eos_token", script: [...start, chunk({}, "eos_token"), usage, DONE] },
  {
    name: "content on the frame with the finish reason",
    script: [role, ...words.slice(0, 3), word(" four", "stop"), usage, DONE],
  },
  {
    name: "a tool call after the frame with tool_calls",
    script: [role, call(0, "a", "f", "{}"), chunk({}, "tool_calls"), call(1, "b", "g", "{}"), usage, DONE],
    content: "",
    finish: "tool_calls",
    tool_calls: [
      ["a", "f", "{}"],
      ["b", "g", "{}"],
    ],
  },
  {
    name: "two tool calls under one index",
    script: [
      role,
      call(0, "a", "f", '{"x":'),
      call(0, undefined, undefined, "1}"),
      call(0, "b", "g", "{}"),
      chunk({}, "tool_calls"),
      usage,
      DONE,
    ],
    content: "",
    finish: "tool_calls",
    tool_calls: [
      ["a", "f", '{"x":1}'],
      ["b", "g", "{}"],
    ],
  },
  ...[1e9, -1, 1.5, "x", undefined].map((index) => ({
    name: `a tool call with index ${index}`,
    script: [
      role,
      call(index, "a", "f", '{"x":'),
      call(index, undefined, undefined, "1}"),
      chunk({}, "tool_calls"),
      usage,
      DONE,
    ],
    content: "",
    finish: "tool_calls",
    tool_calls: [["a", "f", '{"x":1}']] as [string, string, string][],
  })),
  { name: "usage without choices", script: [...start, chunk({}, "stop"), event({ ...BASE, usage: USAGE }), DONE] },
  {
    name: "usage with choices null",
    script: [...start, chunk({}, "stop"), event({ ...BASE, choices: null, usage: USAGE }), DONE],
  },
  { name: "usage before the content", script: [usage, ...start, chunk({}, "stop"), DONE] },
  {
    name: "garbage after the finish reason",
    script: [...start, chunk({}, "stop"), "data: <html>\n\n", "data: 5\n\n", event({ object: "ping" }), usage, DONE],
  },
  {
    name: "an error after the finish reason",
    script: [...start, chunk({}, "stop"), event({ error: { message: "no usage" } }), DONE],
  },
  { name: "a reset after finish and usage", script: [...start, chunk({}, "stop"), usage, "RESET"] },
  { name: "a reset after the finish reason", script: [...start, chunk({}, "stop"), "RESET"] },
  { name: "[DONE] with a blank", script: [...start, chunk({}, "stop"), usage, "data: [DONE] \n\n"] },
  { name: "no [DONE]", script: [...start, chunk({}, "stop"), usage] },
  { name: "an open socket after the finish reason", script: [...start, chunk({}, "stop"), LONG_MS] },
  {
    name: "an open socket after stop on every chunk and usage",
    script: [role, ...words.map((text) => text.replace(":null}", ':"stop"}')), usage, LONG_MS],
  },
  {
    name: "pings and empty events",
    script: [
      role,
      ...words.flatMap((text) => ["event: ping\ndata:\n\n", "data: \n\n", ": comment\n\n", "event: ping\n\n", text]),
      chunk({}, "stop"),
      usage,
      DONE,
    ],
  },
  { name: "CRLF", script: [[...start, chunk({}, "stop"), usage, DONE].join("").replaceAll("\n", "\r\n")] },
  {
    name: "mixed line ends",
    script: [
      role,
      words[0]!.replaceAll("\n", "\r\n"),
      words[1]!.replaceAll("\n", "\r"),
      words[2]!.replace("\n\n", "\n\r\n"),
      words[3]!.replace("\n\n", "\r\n\n"),
      chunk({}, "stop"),
      usage,
      DONE,
    ],
  },
  {
    name: "content as parts",
    script: [
      role,
      chunk({ content: [{ type: "text", text: "one two" }] }),
      ...words.slice(2),
      chunk({}, "stop"),
      usage,
      DONE,
    ],
  },
];

/** Each is broken: no finish reason, no `[DONE]`, and the content that was sent before. */
export const BROKEN: Script[] = [
  { name: "abort", script: [...start, chunk({}, "abort"), usage, DONE] },
  { name: "error as a finish reason", script: [...start, chunk({}, "error"), DONE] },
  { name: "[DONE] without a finish reason", script: [...start, usage, DONE] },
  {
    name: "an error after stop on every chunk",
    script: [
      role,
      ...words.map((text) => text.replace(":null}", ':"stop"}')),
      event({ error: { message: "gone" } }),
      DONE,
    ],
  },
  {
    name: "a reset after stop on every chunk",
    script: [role, ...words.map((text) => text.replace(":null}", ':"stop"}')), "RESET"],
  },
];
