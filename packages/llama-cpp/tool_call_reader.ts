/** Reads the text behind a tool call's mark: `{"name": "f", "arguments": {…}}</tool_call>`. */

export const TOOL_CALL_START = "<tool_call>";
export const TOOL_CALL_END = "</tool_call>";

export type ToolCallPart =
  { type: "tool_call_start"; name: string } | { type: "tool_call_arguments"; text: string } | { type: "tool_call_end" };

export type ToolCallReader = {
  /** What is read: the text up to the arguments, the arguments, or the text between them and the end mark. */
  stage: "head" | "arguments" | "tail";
  /** The text behind the mark; behind the arguments once these have ended. */
  seen: string;
  /** Brackets of the arguments that are open. */
  depth: number;
  inString: boolean;
  /** The character before was a backslash within a string. */
  escaped: boolean;
};

const HEAD = /^\s*\{\s*"name"\s*:\s*"([^"\\]+)"\s*,\s*"(?:arguments|parameters)"\s*:\s*(?=[^\s])/;

export function createToolCallReader(): ToolCallReader {
  return { stage: "head", seen: "", depth: 0, inString: false, escaped: false };
}

type Parts = { push(part: ToolCallPart): unknown };

/** Reads the next text, whose parts it adds to `parts`; returns the text behind the end mark, or null before it. */
export function readToolCall(reader: ToolCallReader, text: string, parts: Parts): string | null {
  reader.seen += text;
  if (reader.stage === "head") {
    const head = HEAD.exec(reader.seen);
    if (head === null) return null;
    parts.push({ type: "tool_call_start", name: head[1]! });
    text = reader.seen.slice(head[0].length);
    reader.stage = "arguments";
  }
  if (reader.stage === "arguments") {
    const end = endOfArguments(reader, text);
    const written = end === -1 ? text : text.slice(0, end);
    if (written !== "") parts.push({ type: "tool_call_arguments", text: written });
    if (end === -1) return null;
    reader.stage = "tail";
    parts.push({ type: "tool_call_end" });
    reader.seen = text.slice(end);
  }
  const end = reader.seen.indexOf(TOOL_CALL_END);
  return end === -1 ? null : reader.seen.slice(end + TOOL_CALL_END.length);
}

/** The place behind the bracket that closes the arguments; -1 when the text ends before it. */
function endOfArguments(reader: ToolCallReader, text: string): number {
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (reader.escaped) reader.escaped = false;
    else if (reader.inString) {
      if (character === "\\") reader.escaped = true;
      else if (character === '"') reader.inString = false;
    } else if (character === '"') reader.inString = true;
    else if (character === "{" || character === "[") reader.depth++;
    else if ((character === "}" || character === "]") && --reader.depth === 0) return i + 1;
  }
  return -1;
}
