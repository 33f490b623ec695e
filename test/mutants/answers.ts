import type { Mutant } from "./run.ts";

const RELAY = "src/core/gateway/chat/stream.ts";
const STREAM = "src/core/host/runtimes/openai_stream.ts";
const FORM = "src/core/host/runtimes/published_form.ts";

/** Known ways to get an answer's end wrong, and the test that must notice. */
export const ANSWER_MUTANTS: Mutant[] = [
  {
    name: "answers: content after the finish reason is counted though not passed",
    file: RELAY,
    find: "    seen.events += 1;\n    return true;\n",
    replace: "    seen.events += 1;\n    return !ended.finish;\n",
    test: "test/core/gateway/chat/stream.test.ts",
    named: "is delivered: four words",
  },
  {
    name: "answers: what comes after the client left is counted though not passed",
    file: RELAY,
    find: '  else if (relay.stopped || frame.kind === "done" || frame.kind === "error") return false;\n',
    replace:
      '  else if (frame.kind === "done" || frame.kind === "error") return false;\n  else if (relay.stopped) seen.content_bytes += frame.content_bytes;\n',
    test: "test/core/gateway/chat/stream.test.ts",
    named: "not what comes after the client left",
  },
  {
    name: "answers: any finish reason ends an answer",
    file: "src/core/chat_form.ts",
    find: "return FINISH_REASONS.includes(value as FinishReason);",
    replace: 'return typeof value === "string";',
    test: "test/core/gateway/node_calls/frames.test.ts",
    named: "have no finish reason where the node writes",
  },
  {
    name: "answers: a reset after the finish reason breaks an answer",
    file: STREAM,
    find: "if (!end.is_sure) throw error;",
    replace: "throw error;",
    test: "test/core/host/runtimes/openai_stream.test.ts",
    named: "a reset after finish and usage",
  },
  {
    name: "answers: a broken stream with a finish reason on every chunk is whole",
    file: STREAM,
    find: "end.is_doubtful ||= end.finish !== null || isFinishReason(ending);",
    replace: "",
    test: "test/core/host/runtimes/openai_stream.test.ts",
    named: "a reset after stop on every chunk",
  },
  {
    name: "answers: a runtime's index is a place in an array",
    file: FORM,
    find: "const piece = { index: call.index,",
    replace: "const piece = { index: foreign as number,",
    test: "test/core/host/runtimes/openai_stream.test.ts",
    named: "two tool calls under one index",
  },
  {
    name: "answers: an LF after a CR ends a line of its own",
    file: "src/core/event_stream.ts",
    find: "if (after_cr && byte !== LF) endLine",
    replace: "if (after_cr) endLine",
    test: "test/core/event_stream.test.ts",
    named: "are the same however its bytes are cut",
  },
  {
    name: "answers: an event is read again with each of its pieces",
    file: "src/core/event_stream.ts",
    find: "[used, at, start] = [used - start, at - start, 0];",
    replace: "[used, at, start, line_is_empty, after_cr] = [used - start, 0, 0, true, false];",
    test: "test/core/event_stream.test.ts",
    named: "take time by their bytes alone",
  },
];
