/** One answer while it grows: its tokens become deltas, and decide which grammar holds for the next token. */
import { randomBytes } from "node:crypto";
import { LlamaGrammarEvaluationState, type LlamaGrammar, type Token } from "node-llama-cpp";
import type { ChatDelta } from "../../src/core/host/runtimes/runtime.ts";
import { createAnswerParser, type AnswerMode, type AnswerPart } from "./answer_parser.ts";
import { createDetokenizer } from "./detokenizer.ts";
import type { LoadedModel, Plan } from "./plan.ts";

export type Answer = {
  /** The answer's tokens so far. */
  readonly tokens: Token[];
  push(token: Token): void;
  /** Gives out what was held back as a possible beginning of a mark or a character. */
  finish(): void;
  /** The grammar for the next token; undefined where the model writes freely. */
  readonly grammar: LlamaGrammarEvaluationState | undefined;
  readonly reasoning_tokens: number;
  /** Calls that were begun. */
  readonly tool_calls: number;
  /** True after a stop sequence, or the last call that the request allows. */
  readonly done: boolean;
};

/** Which grammar holds; changed when a token changes the parser's mode. */
type GrammarState = {
  model: LoadedModel["model"];
  grammars: Plan["grammars"];
  current: LlamaGrammarEvaluationState | undefined;
  /** True when the current grammar is that of a tool call, and ends with the call. */
  endsWithCall: boolean;
};

/** @param onDelta is called within `push` and `finish`. */
export function createAnswer(plan: Plan, loaded: LoadedModel, onDelta: (delta: ChatDelta) => void): Answer {
  const { constraints, grammars, prompt } = plan;
  const { model, template } = loaded;
  const parser = createAnswerParser({
    reasoning_marks: template.facts.reasoning_marks,
    starts_in_reasoning: prompt.starts_in_reasoning,
    tools: constraints.tools.length > 0,
    stop: [plan.request.stop ?? []].flat(),
  });
  const detokenizer = createDetokenizer(model, template.facts.reasoning_marks);
  const state: GrammarState = { model, grammars, current: undefined, endsWithCall: false };
  if (!prompt.starts_in_reasoning) state.current = begin(state, grammars.answer);
  const tokens: Token[] = [];
  const calls = { begun: 0, ended: 0 };
  let reasoningTokens = 0;
  const write = (parts: AnswerPart[]) => parts.forEach((part) => writePart(part, calls, onDelta));
  return {
    tokens,
    push(token) {
      tokens.push(token);
      const before = parser.mode;
      if (before === "reasoning") reasoningTokens++;
      write(parser.push(detokenizer.push(token)));
      changeGrammar(state, before, parser);
    },
    finish() {
      write(parser.push(detokenizer.finish()));
      write(parser.finish());
    },
    get grammar() {
      return state.current;
    },
    get reasoning_tokens() {
      return reasoningTokens;
    },
    get tool_calls() {
      return calls.begun;
    },
    get done() {
      const lastCallEnded = calls.ended > 0 && calls.ended >= constraints.max_tool_calls;
      return parser.stopped || (lastCallEnded && parser.mode !== "tool_call");
    },
  };
}

function begin(state: GrammarState, grammar: LlamaGrammar | null): LlamaGrammarEvaluationState | undefined {
  return grammar === null ? undefined : new LlamaGrammarEvaluationState({ model: state.model, grammar });
}

/** The answer's grammar begins behind the reasoning; a call's grammar behind its mark, where no other holds. */
function changeGrammar(state: GrammarState, before: AnswerMode, after: { mode: AnswerMode; pending: string }): void {
  if (before === "reasoning" && after.mode === "content") state.current = begin(state, state.grammars.answer);
  if (before === "tool_call" && after.mode === "content" && state.endsWithCall) state.current = undefined;
  if (before !== "tool_call" && after.mode === "tool_call" && state.current === undefined) {
    // A grammar must see the call from its first character: a token that holds the mark and more of it leaves it free.
    state.current = after.pending.trim() === "" ? begin(state, state.grammars.tool_call) : undefined;
    state.endsWithCall = true;
  }
}

function writePart(part: AnswerPart, calls: { begun: number; ended: number }, onDelta: (delta: ChatDelta) => void) {
  switch (part.type) {
    case "content":
      return onDelta({ content: part.text });
    case "reasoning":
      return onDelta({ reasoning_content: part.text });
    case "tool_call_start": {
      const id = `call_${randomBytes(12).toString("hex")}`;
      const called = { name: part.name, arguments: "" };
      return onDelta({ tool_calls: [{ index: calls.begun++, id, type: "function", function: called }] });
    }
    case "tool_call_arguments":
      return onDelta({ tool_calls: [{ index: calls.begun - 1, function: { arguments: part.text } }] });
    case "tool_call_end":
      calls.ended++;
  }
}
