/** Splits the text that a model writes into content, reasoning and tool calls, piece by piece, as it comes. */
import { createToolCallReader, readToolCall, TOOL_CALL_START, type ToolCallPart } from "./tool_call_reader.ts";

export type AnswerPart = { type: "content" | "reasoning"; text: string } | ToolCallPart;

export type AnswerMode = "content" | "reasoning" | "tool_call";

export type AnswerParserOptions = {
  /** The template's marks around reasoning, or null where it has none. */
  reasoning_marks: { start: string; end: string } | null;
  /** True when the prompt ends inside a reasoning mark. */
  starts_in_reasoning: boolean;
  tools: boolean;
  stop: readonly string[];
};

export type AnswerParser = {
  /** Takes the next piece of text; after a stop sequence was met, `stopped` is true and later pieces are ignored. */
  push(text: string): AnswerPart[];
  /** Gives out what was held back as a possible beginning of a mark. */
  finish(): AnswerPart[];
  readonly mode: AnswerMode;
  readonly stopped: boolean;
  /** Text behind the last tool call mark that was met: a grammar can start only when there is none. */
  readonly pending: string;
};

type ParserState = {
  options: AnswerParserOptions;
  mode: AnswerMode;
  /** Text that was not given out yet: it may begin a mark. */
  buffer: string;
  /** True until the first text behind a mark was given out. */
  atStart: boolean;
  stopped: boolean;
  call: ReturnType<typeof createToolCallReader>;
};

/** Where the parser is, by mode: content, until a mark begins reasoning or a tool call, each of which its end mark ends. */
export function createAnswerParser(options: AnswerParserOptions): AnswerParser {
  const state: ParserState = {
    options,
    mode: options.starts_in_reasoning ? "reasoning" : "content",
    buffer: "",
    atStart: options.starts_in_reasoning,
    stopped: false,
    call: createToolCallReader(),
  };
  return {
    push(text) {
      if (state.stopped) return [];
      state.buffer += text;
      const parts: AnswerPart[] = [];
      while (step(state, parts));
      return parts;
    },
    finish: () => finish(state),
    get mode() {
      return state.mode;
    },
    get stopped() {
      return state.stopped;
    },
    get pending() {
      return state.mode === "tool_call" ? state.call.seen : state.buffer;
    },
  };
}

/** Reads the buffer up to the next mark; false when there is none in it, or a stop sequence was met. */
function step(state: ParserState, parts: AnswerPart[]): boolean {
  if (state.mode === "tool_call") {
    const behind = readToolCall(state.call, state.buffer, parts);
    state.buffer = behind ?? "";
    if (behind === null) return false;
    state.mode = "content";
    state.atStart = true;
    return true;
  }
  const marks = marksOf(state);
  const found = earliest(state.buffer, marks);
  const end = found?.at ?? state.buffer.length - lengthHeldBack(state.buffer, marks);
  emit(state, parts, state.buffer.slice(0, end));
  state.buffer = state.buffer.slice(end + (found?.mark.length ?? 0));
  if (found === null) return false;
  enter(state, found.mark);
  return !state.stopped;
}

function marksOf({ mode, options }: ParserState): string[] {
  if (mode === "reasoning") return [options.reasoning_marks!.end];
  const marks = [...options.stop];
  if (options.reasoning_marks) marks.push(options.reasoning_marks.start);
  if (options.tools) marks.push(TOOL_CALL_START);
  return marks;
}

/** Templates put white space between reasoning, tool calls and content, which belongs to none of them. */
function emit(state: ParserState, parts: AnswerPart[], text: string): void {
  const shown = state.atStart ? text.trimStart() : text;
  if (shown === "") return;
  state.atStart = false;
  parts.push({ type: state.mode === "reasoning" ? "reasoning" : "content", text: shown });
}

function enter(state: ParserState, mark: string): void {
  const { reasoning_marks, tools } = state.options;
  state.atStart = true;
  if (reasoning_marks && mark === reasoning_marks.start) state.mode = "reasoning";
  else if (state.mode === "reasoning") state.mode = "content";
  else if (tools && mark === TOOL_CALL_START) {
    state.mode = "tool_call";
    state.call = createToolCallReader();
  } else state.stopped = true;
}

function finish(state: ParserState): AnswerPart[] {
  const parts: AnswerPart[] = [];
  if (state.mode === "tool_call" && state.call.stage === "head") {
    state.mode = "content";
    state.buffer = TOOL_CALL_START + state.call.seen;
  }
  if (!state.stopped && state.mode !== "tool_call") emit(state, parts, state.buffer);
  state.buffer = "";
  return parts;
}

function earliest(text: string, marks: string[]): { at: number; mark: string } | null {
  let best: { at: number; mark: string } | null = null;
  for (const mark of marks) {
    const at = text.indexOf(mark);
    if (at !== -1 && (best === null || at < best.at)) best = { at, mark };
  }
  return best;
}

/** Length of the longest ending of `text` that begins one of the marks. */
function lengthHeldBack(text: string, marks: string[]): number {
  let longest = 0;
  for (const mark of marks) {
    for (let length = Math.min(mark.length - 1, text.length); length > longest; length--) {
      if (mark.startsWith(text.slice(text.length - length))) longest = length;
    }
  }
  return longest;
}
