/** The grammars of a request: one from the answer's start (response_format, a forced tool call), one behind a call's mark. */
import type { ChatResponseFormat, ChatTool } from "../../generated/local.ts";
import type { ChatRequest } from "../../src/core/host/runtimes/runtime.ts";
import { EngineError } from "./engine_error.ts";
import { createGrammarBuilder, literal, UnsupportedSchema, type GrammarBuilder } from "./json_grammar.ts";
import { TOOL_CALL_END, TOOL_CALL_START } from "./tool_call_reader.ts";

export type Constraints = {
  /** GBNF for the visible answer from its first token; null when the model writes freely. */
  answer: string | null;
  /** GBNF for what follows a tool call's start mark; null when the request has no tools. */
  tool_call: string | null;
  /** Tools that may be called, empty for none. */
  tools: ChatTool[];
  /** The answer ends behind this many calls. */
  max_tool_calls: number;
};

/** Builds the grammars of a request. Throws EngineError unsupported_parameter for a schema that they cannot guarantee. */
export function constraintsOf(request: ChatRequest): Constraints {
  const choice = request.tool_choice ?? "auto";
  const named = typeof choice === "object" ? choice.function.name : null;
  const offered = choice === "none" ? [] : (request.tools ?? []);
  const tools = named === null ? offered : offered.filter((tool) => tool.function.name === named);
  if (tools.length === 0 && (named !== null || choice === "required")) {
    throw new EngineError(
      "invalid_request",
      named === null
        ? "tool_choice is required, but no tools are given."
        : `tool_choice names the function ${named}, which is not among the tools.`,
      { param: "tool_choice" },
    );
  }
  const format = request.response_format;
  const structured = format && format.type !== "text" ? format : null;
  if (tools.length > 0) {
    if (structured && choice !== "auto") {
      throw new EngineError("invalid_request", "response_format cannot be combined with a forced tool call.", {
        param: "response_format",
      });
    }
    const forced = named !== null || choice === "required";
    return {
      answer: forced ? toolGrammar(tools, request, true) : structured ? answerOrCall(structured, tools, request) : null,
      tool_call: structured ? null : toolGrammar(tools, request, false),
      tools,
      max_tool_calls: named !== null || request.parallel_tool_calls === false ? 1 : Infinity,
    };
  }
  return { answer: structured ? formatGrammar(structured) : null, tool_call: null, tools: [], max_tool_calls: 0 };
}

function formatGrammar(format: ChatResponseFormat): string {
  const builder = createGrammarBuilder({ relaxed: false });
  builder.rule("root", formatRule(format, builder));
  return builder.text();
}

function formatRule(format: ChatResponseFormat, builder: GrammarBuilder): string {
  if (format.type !== "json_schema") return "object";
  return guarded("response_format.json_schema.schema", () =>
    builder.schema(format.json_schema.schema ?? { type: "object" }, "response_format.json_schema.schema"),
  );
}

/** A forced answer is one or more calls and nothing else; one that is not forced begins behind a mark that the model wrote. */
function toolGrammar(tools: ChatTool[], request: ChatRequest, forced: boolean): string {
  const builder = createGrammarBuilder({ relaxed: true });
  const call = `ws ${callRule(tools, request, builder)} ws ${literal(TOOL_CALL_END)}`;
  const marked = builder.rule("marked", `${literal(TOOL_CALL_START)} ${call}`);
  builder.rule("root", forced ? `${marked} (ws ${marked})*` : call);
  return builder.text();
}

function answerOrCall(format: ChatResponseFormat, tools: ChatTool[], request: ChatRequest): string {
  const builder = createGrammarBuilder({ relaxed: false });
  const call = `${literal(TOOL_CALL_START)} ws ${callRule(tools, request, builder)} ws ${literal(TOOL_CALL_END)}`;
  builder.rule("root", `${formatRule(format, builder)} | ${call}`);
  return builder.text();
}

/** Arguments of a strict function follow its schema in full; those of another as far as a grammar can express it. */
function callRule(tools: ChatTool[], request: ChatRequest, builder: GrammarBuilder): string {
  const calls = tools.map((tool) => {
    const path = `tools[${(request.tools ?? []).indexOf(tool)}].function.parameters`;
    const schema = tool.function.parameters ?? { type: "object", properties: {} };
    if (tool.function.strict) guarded(path, () => createGrammarBuilder({ relaxed: false }).schema(schema, path));
    const head = literal(`{"name": ${JSON.stringify(tool.function.name)}, "arguments": `);
    return `${head} ${guarded(path, () => builder.schema(schema, path))} "}"`;
  });
  return builder.rule("call", calls.join(" | "));
}

function guarded<T>(param: string, build: () => T): T {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof UnsupportedSchema)) throw error;
    throw new EngineError(
      "unsupported_parameter",
      `This schema cannot be guaranteed by the model's grammar: ${error.message}.`,
      { param: error.path.startsWith(param) ? error.path : param },
    );
  }
}
