/** Tokens to text, one at a time: bytes of an unfinished character wait, marks of the template stay visible. */
import type { LlamaModel, Token } from "node-llama-cpp";
import { TOOL_CALL_END, TOOL_CALL_START } from "./tool_call_reader.ts";

const UNFINISHED = "\ufffd";
/** A UTF-8 character has at most four bytes, and each may be a token. */
const MAX_WAITING = 4;
const REMEMBERED = 8;

export type Detokenizer = { push(token: Token): string; finish(): string };

/** One for each answer. The words around a token decide its spaces, so the last few are remembered. */
export function createDetokenizer(model: LlamaModel, reasoning: { start: string; end: string } | null): Detokenizer {
  const marks = new Set([TOOL_CALL_START, TOOL_CALL_END, ...(reasoning ? [reasoning.start, reasoning.end] : [])]);
  const texts = model.fileInfo.metadata.tokenizer.ggml.tokens as readonly string[];
  let waiting: Token[] = [];
  let before: Token[] = [];
  const take = () => {
    const text = model.detokenize(waiting, false, before);
    before = [...before, ...waiting].slice(-REMEMBERED);
    waiting = [];
    return text;
  };
  return {
    push(token) {
      if (marks.has(texts[token] ?? "")) {
        const text = waiting.length > 0 ? take() : "";
        before = [...before, token].slice(-REMEMBERED);
        return text + texts[token]!;
      }
      waiting.push(token);
      if (waiting.length < MAX_WAITING && model.detokenize(waiting, false, before).endsWith(UNFINISHED)) return "";
      return take();
    },
    finish: () => (waiting.length > 0 ? take() : ""),
  };
}
