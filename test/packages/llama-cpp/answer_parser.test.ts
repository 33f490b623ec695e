import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createAnswerParser,
  type AnswerPart,
  type AnswerParserOptions,
} from "../../../packages/llama-cpp/answer_parser.ts";

const OPTIONS: AnswerParserOptions = {
  reasoning_marks: { start: "<think>", end: "</think>" },
  starts_in_reasoning: false,
  tools: true,
  stop: [],
};

/** Neighbouring pieces of one kind as one. */
function joined(parts: AnswerPart[]): AnswerPart[] {
  const result: AnswerPart[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (last && "text" in last && "text" in part && last.type === part.type) last.text += part.text;
    else result.push({ ...part });
  }
  return result;
}

function parse(pieces: string[], options: Partial<AnswerParserOptions> = {}): AnswerPart[] {
  const parser = createAnswerParser({ ...OPTIONS, ...options });
  return joined([...pieces.flatMap((piece) => parser.push(piece)), ...parser.finish()]);
}

function cutAt(text: string, at: number[]): string[] {
  const cuts = [...new Set(at.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...cuts].map((from, i) => text.slice(from, cuts[i] ?? text.length));
}

const CALL = '<tool_call>\n{"name": "weather", "arguments": {"city": "a}\\"{b", "days": [1, {"x": 2}]}}\n</tool_call>';

describe("an answer", () => {
  test("is split into reasoning, content and calls", () => {
    expect(parse([`<think>\nhm </think>\n\nHere: ${CALL}\n${CALL}`])).toEqual([
      { type: "reasoning", text: "hm " },
      { type: "content", text: "Here: " },
      { type: "tool_call_start", name: "weather" },
      { type: "tool_call_arguments", text: '{"city": "a}\\"{b", "days": [1, {"x": 2}]}' },
      { type: "tool_call_end" },
      { type: "tool_call_start", name: "weather" },
      { type: "tool_call_arguments", text: '{"city": "a}\\"{b", "days": [1, {"x": 2}]}' },
      { type: "tool_call_end" },
    ]);
  });

  test("is the same however its text is cut into tokens", () => {
    const text = fc.array(
      fc.constantFrom(CALL, "<think>a</think>", "<", "<tool", "x", " ", "</think>", "stop here", "é"),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(text, fc.array(fc.nat()), (words, cuts) => {
        const whole = words.join("");
        expect(parse(cutAt(whole, cuts))).toEqual(parse([whole]));
      }),
    );
  });

  test("ends before a stop sequence, and what follows is ignored", () => {
    expect(parse(["one t", "wo th", "ree"], { stop: ["two"] })).toEqual([{ type: "content", text: "one " }]);
    expect(parse(["one tw"], { stop: ["two"] })).toEqual([{ type: "content", text: "one tw" }]);
  });

  test("starts in reasoning when the template opened the mark", () => {
    expect(parse(["let me", " see</think>", " Yes"], { starts_in_reasoning: true })).toEqual([
      { type: "reasoning", text: "let me see" },
      { type: "content", text: "Yes" },
    ]);
  });

  test("keeps marks as text where they mean nothing", () => {
    const text = "<think> and <tool_call> are words";
    expect(parse([text], { tools: false, reasoning_marks: null })).toEqual([{ type: "content", text }]);
  });

  test("gives a call that never became one as text", () => {
    expect(parse(["<tool_call>not json"])).toEqual([{ type: "content", text: "<tool_call>not json" }]);
  });
});
