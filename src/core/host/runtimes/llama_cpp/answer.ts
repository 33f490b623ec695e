/** One answer while it grows: tokens become deltas, and say which grammar holds next. */
import { randomBytes } from "node:crypto";
import { LlamaGrammarEvaluationState, type LlamaGrammar, type Token } from "node-llama-cpp";
import type { ChatDelta } from "../runtime.ts";
import { createAnswerParser, type AnswerParser, type AnswerPart } from "./answer_parser.ts";
import { createDetokenizer } from "./detokenizer.ts";
import type { Plan, Shared } from "./engine.ts";

/** Collects the tokens of one answer, turns them into deltas, and says which grammar holds next. */
export function createAnswer(plan: Plan, shared: Shared, onDelta: (delta: ChatDelta) => void) {
  const { constraints, grammars, prompt } = plan;
  const stop = plan.request.stop;
  const parser: AnswerParser = createAnswerParser({
    reasoning_marks: shared.template.facts.reasoning_marks,
    starts_in_reasoning: prompt.starts_in_reasoning,
    tools: constraints.tools.length > 0,
    stop: stop === null || stop === undefined ? [] : [stop].flat(),
  });
  const detokenizer = createDetokenizer(shared.model, shared.template.facts.reasoning_marks);
  const deltas = createDeltaWriter(onDelta);
  const tokens: Token[] = [];
  let reasoningTokens = 0;
  const begin = (grammar: LlamaGrammar | null) =>
    grammar === null ? undefined : new LlamaGrammarEvaluationState({ model: shared.model, grammar });
  let grammar = prompt.starts_in_reasoning ? undefined : begin(grammars.answer);
  let ofCall = false;
  const afterwards = (before: AnswerParser["mode"]) => {
    if (before === "reasoning" && parser.mode === "content") grammar = begin(grammars.answer);
    if (before === "tool_call" && parser.mode === "content" && ofCall) grammar = undefined;
    if (before !== "tool_call" && parser.mode === "tool_call" && grammar === undefined) {
      grammar = parser.pending.trim() === "" ? begin(grammars.tool_call) : undefined;
      ofCall = true;
    }
  };
  return {
    tokens,
    push(token: Token) {
      tokens.push(token);
      const before = parser.mode;
      if (before === "reasoning") reasoningTokens++;
      parser.push(detokenizer.push(token)).forEach(deltas.write);
      afterwards(before);
    },
    finish() {
      parser.push(detokenizer.finish()).forEach(deltas.write);
      parser.finish().forEach(deltas.write);
    },
    get grammar() {
      return grammar;
    },
    get reasoning_tokens() {
      return reasoningTokens;
    },
    get tool_calls() {
      return deltas.started;
    },
    get done() {
      return (
        parser.stopped ||
        (deltas.ended >= constraints.max_tool_calls && parser.mode !== "tool_call" && deltas.ended > 0)
      );
    },
  };
}

function createDeltaWriter(onDelta: (delta: ChatDelta) => void) {
  let started = 0;
  let ended = 0;
  return {
    get started() {
      return started;
    },
    get ended() {
      return ended;
    },
    write(part: AnswerPart) {
      switch (part.type) {
        case "content":
          return onDelta({ content: part.text });
        case "reasoning":
          return onDelta({ reasoning_content: part.text });
        case "tool_call_start":
          return onDelta({
            tool_calls: [
              {
                index: started++,
                id: `call_${randomBytes(12).toString("hex")}`,
                type: "function",
                function: { name: part.name, arguments: "" },
              },
            ],
          });
        case "tool_call_arguments":
          return onDelta({ tool_calls: [{ index: started - 1, function: { arguments: part.text } }] });
        case "tool_call_end":
          ended++;
      }
    },
  };
}
