/** Splits the text that a model writes into content, reasoning and tool calls, piece by piece, as it comes. */

export const TOOL_CALL_START = "<tool_call>";
export const TOOL_CALL_END = "</tool_call>";

export type AnswerPart =
  | { type: "content" | "reasoning"; text: string }
  | { type: "tool_call_start"; name: string }
  | { type: "tool_call_arguments"; text: string }
  | { type: "tool_call_end" };

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

/** The state machine of one answer. */
export function createAnswerParser(options: AnswerParserOptions): AnswerParser {
  let mode: AnswerMode = options.starts_in_reasoning ? "reasoning" : "content";
  let buffer = "";
  let stopped = false;
  let atStart = options.starts_in_reasoning;
  let call = createCallReader();

  const marks = (): string[] => {
    if (mode === "reasoning") return [options.reasoning_marks!.end];
    const found = [...options.stop];
    if (options.reasoning_marks) found.push(options.reasoning_marks.start);
    if (options.tools) found.push(TOOL_CALL_START);
    return found;
  };
  const emit = (parts: AnswerPart[], text: string) => {
    // Templates put white space between reasoning, tool calls and content; it belongs to neither.
    const shown = atStart ? text.trimStart() : text;
    if (shown === "") return;
    atStart = false;
    parts.push({ type: mode === "reasoning" ? "reasoning" : "content", text: shown });
  };
  const enter = (mark: string) => {
    atStart = true;
    if (options.reasoning_marks && mark === options.reasoning_marks.start) mode = "reasoning";
    else if (mode === "reasoning") mode = "content";
    else if (options.tools && mark === TOOL_CALL_START) {
      mode = "tool_call";
      call = createCallReader();
    } else stopped = true;
  };
  const step = (parts: AnswerPart[]): boolean => {
    if (mode === "tool_call") {
      const end = call.take(buffer, parts);
      buffer = "";
      if (end === null) return false;
      buffer = end;
      mode = "content";
      atStart = true;
      return true;
    }
    const found = earliest(buffer, marks());
    if (found === null) {
      const held = heldBack(buffer, marks());
      emit(parts, buffer.slice(0, buffer.length - held));
      buffer = buffer.slice(buffer.length - held);
      return false;
    }
    emit(parts, buffer.slice(0, found.at));
    buffer = buffer.slice(found.at + found.mark.length);
    enter(found.mark);
    return !stopped;
  };

  return {
    push(text) {
      if (stopped) return [];
      buffer += text;
      const parts: AnswerPart[] = [];
      while (step(parts));
      return parts;
    },
    finish() {
      const parts: AnswerPart[] = [];
      if (mode === "tool_call" && !call.started) {
        mode = "content";
        buffer = TOOL_CALL_START + call.seen;
      }
      if (!stopped && mode !== "tool_call") emit(parts, buffer);
      buffer = "";
      return parts;
    },
    get mode() {
      return mode;
    },
    get stopped() {
      return stopped;
    },
    get pending() {
      return mode === "tool_call" ? call.seen : buffer;
    },
  };
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
function heldBack(text: string, marks: string[]): number {
  let longest = 0;
  for (const mark of marks) {
    for (let length = Math.min(mark.length - 1, text.length); length > longest; length--) {
      if (mark.startsWith(text.slice(text.length - length))) longest = length;
    }
  }
  return longest;
}

/** Reads `{"name": "f", "arguments": {…}}</tool_call>`; the arguments are given out as they grow. */
function createCallReader() {
  const HEAD = /^\s*\{\s*"name"\s*:\s*"([^"\\]+)"\s*,\s*"(?:arguments|parameters)"\s*:\s*(?=[^\s])/;
  let seen = "";
  let state: "head" | "arguments" | "tail" = "head";
  let depth = 0;
  let inString = false;
  let escaped = false;

  const argumentsLength = (text: string): number => {
    for (let i = 0; i < text.length; i++) {
      const c = text[i]!;
      if (escaped) escaped = false;
      else if (inString) {
        if (c === "\\") escaped = true;
        else if (c === '"') inString = false;
      } else if (c === '"') inString = true;
      else if (c === "{" || c === "[") depth++;
      else if ((c === "}" || c === "]") && --depth === 0) return i + 1;
    }
    return -1;
  };

  return {
    get seen() {
      return seen;
    },
    get started() {
      return state !== "head";
    },
    /** Returns the text behind the end mark, or null while the call goes on. */
    take(text: string, parts: AnswerPart[]): string | null {
      seen += text;
      if (state === "head") {
        const head = HEAD.exec(seen);
        if (head === null) return null;
        parts.push({ type: "tool_call_start", name: head[1]! });
        text = seen.slice(head[0].length);
        state = "arguments";
      }
      if (state === "arguments") {
        const end = argumentsLength(text);
        const written = end === -1 ? text : text.slice(0, end);
        if (written !== "") parts.push({ type: "tool_call_arguments", text: written });
        if (end === -1) return null;
        state = "tail";
        parts.push({ type: "tool_call_end" });
        seen = text.slice(end);
      }
      const end = seen.indexOf(TOOL_CALL_END);
      return end === -1 ? null : seen.slice(end + TOOL_CALL_END.length);
    },
  };
}
