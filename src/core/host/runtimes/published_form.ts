/**
 * Brings a runtime's answer into the published form, as far as counts, receipts and clients depend on it: one choice, text
 * as strings, tool calls numbered by the agent, a finish reason of the published list or none.
 */
import { ApiError } from "../../errors.ts";
import { type FinishReason, isFinishReason, TOOL_CALLS_MAX } from "../../chat_form.ts";
import type { ChatToolCall } from "../../../../generated/local.ts";
import type { ChatChunk, ChatCompletion, ToolCallDelta } from "./runtime.ts";

type Fields = Record<string, unknown>;

/** The meaning of a runtime's finish reason: a published one, `unknown` for a word in no list, `broken` for a failure. */
type Ending = FinishReason | "broken" | "unknown" | null;

/** Words of TGI, vLLM, SGLang, Anthropic's and Google's interfaces, in lower case. */
const WORDS = new Map<string, Ending>([
  ["eos", "stop"],
  ["eos_token", "stop"],
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["max_tokens", "length"],
  ["tool_use", "tool_calls"],
  ["safety", "content_filter"],
  ["abort", "broken"],
  ["aborted", "broken"],
  ["cancelled", "broken"],
  ["error", "broken"],
]);

const TOO_MANY_CALLS = "The model runtime's answer has too many tool calls.";
const TEXTS = ["content", "reasoning_content", "reasoning"] as const;

function endingOf(value: unknown): Ending {
  if (value == null || value === "") return null;
  const word = typeof value === "string" ? value.toLowerCase() : "";
  return isFinishReason(word) ? word : (WORDS.get(word) ?? "unknown");
}

/** One event of a stream, read. */
export type ReadChunk = {
  /** The chunk with at most one choice, without its finish reason. */
  chunk: ChatChunk;
  /** True when the runtime's own text can be relayed: nothing of the chunk was changed. */
  is_as_written: boolean;
  ending: Ending;
};

/** Makes the function that reads the chunks of one stream. It throws ApiError `runtime_failed` for an event that is no chunk. */
export function chunkReader(): (value: unknown) => ReadChunk {
  const number = callNumbers();
  return (value) => {
    const chunk = fieldsOf(value);
    if (chunk["error"]) throw failed("The model runtime failed in the middle of its answer.");
    const choices = chunk["choices"] ?? ("choices" in chunk || chunk["usage"] ? [] : undefined);
    if (!Array.isArray(choices)) throw failed("The model runtime sent an event that is not a chat chunk.");
    if (choices.length === 0) return readChunk(chunk, [], null, false);
    const found = firstChoice(choices);
    const { index, finish_reason, delta } = found;
    if (choices.length === 1 && index === 0 && finish_reason == null && isPlain(delta))
      return readChunk(chunk, [found], null, chunk["usage"] == null);
    const { tool_calls, ...said } = withTexts(fieldsOf(delta ?? {}));
    const read = { ...said, ...(tool_calls == null ? {} : { tool_calls: number(tool_calls) }) };
    return readChunk(chunk, [{ ...found, index: 0, delta: read, finish_reason: null }], endingOf(finish_reason), false);
  };
}

function readChunk(chunk: Fields, choices: Fields[], ending: Ending, is_as_written: boolean): ReadChunk {
  return { chunk: { ...chunk, choices } as unknown as ChatChunk, ending, is_as_written };
}

/** Reads a plain answer. Throws ApiError `runtime_failed` for a body that is no answer, or that reports a failure. */
export function readCompletion(value: unknown): ChatCompletion {
  const completion = fieldsOf(value);
  if (!Array.isArray(completion["choices"]) || completion["choices"].length === 0)
    throw failed("The model runtime's answer is not a chat completion.");
  const choice = firstChoice(completion["choices"]);
  const ending = endingOf(choice["finish_reason"]);
  if (ending === "broken" || completion["error"]) throw failed("The model runtime failed in the middle of its answer.");
  const { tool_calls: called, ...said } = withTexts(fieldsOf(choice["message"] ?? {}));
  const tool_calls = called == null ? [] : listOf(called).map(wholeCall);
  if (tool_calls.length > TOOL_CALLS_MAX) throw failed(TOO_MANY_CALLS);
  const read = {
    ...choice,
    index: 0,
    // The answer came whole, so an unknown finish reason still means that the answer has ended.
    finish_reason: ending === "unknown" ? "stop" : ending,
    message: { ...wellFormed(said), role: "assistant", ...(tool_calls.length === 0 ? {} : { tool_calls }) },
  };
  return { ...completion, choices: [read] } as unknown as ChatCompletion;
}

/**
 * Numbers the calls of one stream in the order in which they begin. A runtime's own `index` is a key here and never a
 * place in an array, since it may be any number or none. A second id under one index is a second call, and so is a
 * second name in one event.
 */
function callNumbers(): (pieces: unknown) => ToolCallDelta[] {
  const open = new Map<string, { index: number; id: string }>();
  let begun = 0;
  return (pieces) => {
    const named = new Set<number>();
    return listOf(pieces).map((value) => {
      const { id: given, index: foreign, function: called } = fieldsOf(value);
      const part = calledOf(called);
      const id = typeof given === "string" ? given : "";
      const key = JSON.stringify(foreign) ?? "";
      const known = open.get(key);
      const given_name = part.name !== undefined;
      const is_more =
        known !== undefined &&
        (id === "" || known.id === "" || known.id === id) &&
        !(given_name && named.has(known.index));
      const call = is_more ? known : { index: begun++, id };
      if (begun > TOOL_CALLS_MAX) throw failed(TOO_MANY_CALLS);
      if (given_name) named.add(call.index);
      if (call.id === "") call.id = id;
      open.set(key, call);
      const piece = { index: call.index, function: part };
      return is_more ? piece : { ...piece, id: id || `call_${call.index}`, type: "function" };
    });
  };
}

/** A tool call with exactly the fields that are signed. */
function wholeCall(value: unknown, place: number): ChatToolCall {
  const { id, function: called } = fieldsOf(value);
  const { name = "", arguments: given = "" } = calledOf(called);
  const own = typeof id === "string" && id !== "" ? id.toWellFormed() : `call_${place}`;
  return { id: own, type: "function", function: { name: name.toWellFormed(), arguments: given.toWellFormed() } };
}

/** Arguments are JSON text; some runtimes send the object. */
function calledOf(value: unknown): { name?: string; arguments?: string } {
  const { name, arguments: given } = fieldsOf(value ?? {});
  return {
    ...(typeof name === "string" ? { name } : {}),
    ...(given == null ? {} : { arguments: typeof given === "string" ? given : JSON.stringify(given) }),
  };
}

/** Whether a delta has nothing but texts, as most have. */
function isPlain(delta: unknown): boolean {
  if (typeof delta !== "object" || delta === null || (delta as Fields)["tool_calls"] != null) return false;
  return TEXTS.every((name) => (delta as Fields)[name] == null || typeof (delta as Fields)[name] === "string");
}

/** A delta with its texts as strings: some runtimes send content as an array of parts. */
function withTexts(said: Fields): Fields {
  const read = { ...said };
  for (const name of TEXTS) if (said[name] != null && typeof said[name] !== "string") read[name] = textOf(said[name]);
  return read;
}

function textOf(value: unknown): string {
  const texts = Array.isArray(value) ? value.map((part) => (part as { text?: unknown } | null)?.text) : [];
  return texts.filter((text) => typeof text === "string").join("");
}

/** Replaces halves of surrogate pairs: they have no canonical JSON form, so an answer with one could not be signed. */
function wellFormed(said: Fields): Fields {
  const read = { ...said };
  for (const name of TEXTS) if (typeof said[name] === "string") read[name] = said[name].toWellFormed();
  return read;
}

function firstChoice(choices: unknown[]): Fields {
  return fieldsOf(choices.find((one) => (one as Fields | null)?.["index"] === 0) ?? choices[0]);
}

function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw failed("The model runtime's tool calls are no list.");
}

function fieldsOf(value: unknown): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw failed("The model runtime's answer does not have the form of a chat completion.");
}

/** A runtime's failure as an error of the agent, without any of the runtime's own text. */
export function failed(message: string): ApiError {
  return new ApiError("runtime_failed", message);
}
