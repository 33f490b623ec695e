/** Renders OpenAI messages with the chat template of a GGUF file and turns the text into tokens. */
import { Template } from "@huggingface/jinja";
import type { LlamaModel, Token } from "node-llama-cpp";
import type { ChatMessage, ChatTool } from "../../generated/local.ts";
import type { ChatRequest } from "../../src/core/host/runtimes/runtime.ts";
import { EngineError } from "./engine_error.ts";
import { TOOL_CALL_END, TOOL_CALL_START } from "./tool_call_reader.ts";

export type TemplateFacts = {
  /** The template writes tools and calls between tool_call marks by itself. */
  native_tools: boolean;
  /** The template can be told to think or not. */
  thinking_switch: boolean;
  reasoning_marks: { start: string; end: string } | null;
};

export type RenderedPrompt = { tokens: Token[]; starts_in_reasoning: boolean };

export type ChatTemplate = { facts: TemplateFacts; render(request: ChatRequest): RenderedPrompt };

/** ChatML: what most models without a template were trained on. */
const CHATML = `{%- for message in messages %}<|im_start|>{{ message.role }}
{{ message.content }}<|im_end|>
{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}`;
const REASONING_MARKS = [
  ["<think>", "</think>"],
  ["<seed:think>", "</seed:think>"],
  ["[THINK]", "[/THINK]"],
  ["<|START_THINKING|>", "<|END_THINKING|>"],
] as const;
const TOKEN_TYPE_CONTROL = 3;
const TOKEN_TYPE_USER_DEFINED = 4;

/** Reads the template and the special tokens of a loaded model. */
export function createChatTemplate(model: LlamaModel): ChatTemplate {
  const tokenizer = model.fileInfo.metadata.tokenizer as unknown as {
    chat_template?: string;
    ggml: { tokens: string[]; token_type?: number[] };
  };
  const source = tokenizer.chat_template ?? CHATML;
  const template = new Template(source);
  const marks = REASONING_MARKS.find(([start, end]) => source.includes(start) || source.includes(end));
  const facts: TemplateFacts = {
    native_tools: source.includes(TOOL_CALL_START) && /\btools\b/.test(source),
    thinking_switch: source.includes("enable_thinking"),
    reasoning_marks: marks ? { start: marks[0], end: marks[1] } : null,
  };
  const types = tokenizer.ggml.token_type ?? [];
  const special = tokenizer.ggml.tokens.filter(
    (text, id) => text.length > 1 && (types[id] === TOKEN_TYPE_CONTROL || types[id] === TOKEN_TYPE_USER_DEFINED),
  );
  return { facts, render: (request) => renderPrompt(request, { model, template, source, facts, special }) };
}

type Context = { model: LlamaModel; template: Template; source: string; facts: TemplateFacts; special: string[] };

function renderPrompt(request: ChatRequest, context: Context): RenderedPrompt {
  const tools = request.tools?.length && request.tool_choice !== "none" ? request.tools : undefined;
  const seam = unusedCharacter(request);
  const messages = request.messages.map((message, i) => forTemplate(message, i, request, context.facts));
  if (tools && !context.facts.native_tools) describeTools(messages, tools);
  const disarmed = disarm({ messages, tools: context.facts.native_tools ? tools : undefined }, seam, context.special);
  const text = renderText(disarmed, request, context);
  const tokens = text.split(seam).flatMap((part) => (part === "" ? [] : context.model.tokenize(part, true)));
  const bos = context.model.tokens.bos;
  if (context.model.tokens.shouldPrependBosToken && bos !== null && tokens[0] !== bos) tokens.unshift(bos);
  const start = context.facts.reasoning_marks?.start;
  return { tokens, starts_in_reasoning: start !== undefined && text.trimEnd().endsWith(start) };
}

type TemplateInput = { messages: Record<string, unknown>[]; tools: ChatTool[] | undefined };

function renderText(input: TemplateInput, request: ChatRequest, context: Context): string {
  const tokens = context.model.tokens;
  const variables = {
    add_generation_prompt: true,
    bos_token: tokens.bosString ?? "",
    eos_token: tokens.eosString ?? "",
    ...(input.tools ? { tools: input.tools } : {}),
    ...(request.reasoning_effort ? { enable_thinking: request.reasoning_effort !== "none" } : {}),
  };
  try {
    return context.template.render({ ...variables, messages: input.messages });
  } catch (error) {
    const folded = foldSystemMessages(input.messages);
    if (folded === null) throw refused(error);
    try {
      return context.template.render({ ...variables, messages: folded });
    } catch {
      throw refused(error);
    }
  }
}

function refused(error: unknown): EngineError {
  // Jinja's own messages quote no content; a template's raise_exception is a fixed sentence of the model's author.
  const reason = error instanceof Error ? error.message.slice(0, 200) : "unknown reason";
  return new EngineError("invalid_request", `The model's chat template does not accept these messages: ${reason}`, {
    param: "messages",
  });
}

/** Templates without a system role get its text in front of the next user message. */
function foldSystemMessages(messages: Record<string, unknown>[]): Record<string, unknown>[] | null {
  if (!messages.some((message) => message["role"] === "system")) return null;
  const folded: Record<string, unknown>[] = [];
  let waiting = "";
  for (const message of messages) {
    if (message["role"] === "system") waiting += `${String(message["content"])}\n\n`;
    else if (message["role"] === "user") {
      folded.push({ ...message, content: waiting + String(message["content"]) });
      waiting = "";
    } else folded.push(message);
  }
  if (waiting !== "") folded.push({ role: "user", content: waiting.trimEnd() });
  return folded;
}

function forTemplate(
  message: ChatMessage,
  index: number,
  request: ChatRequest,
  facts: TemplateFacts,
): Record<string, unknown> {
  const content = textOf(message, index);
  if (message.role === "developer") return { role: "system", content };
  if (message.role === "tool" || message.role === "function") {
    const name = message.name ?? callNamed(request.messages, message.tool_call_id);
    if (facts.native_tools) {
      return { role: "tool", content, ...(name ? { name } : {}), tool_call_id: message.tool_call_id };
    }
    return { role: "user", content: `<tool_response>\n${content}\n</tool_response>` };
  }
  const calls = (message.tool_calls ?? []).map((call) => ({
    id: call.id,
    type: "function",
    function: { name: call.function.name, arguments: parsed(call.function.arguments) },
  }));
  if (calls.length === 0) return { role: message.role, content };
  if (facts.native_tools) return { role: message.role, content, tool_calls: calls };
  const written = calls.map((call) => `${TOOL_CALL_START}\n${JSON.stringify(call.function)}\n${TOOL_CALL_END}`);
  return { role: message.role, content: [content, ...written].filter((part) => part !== "").join("\n") };
}

function textOf(message: ChatMessage, index: number): string {
  if (typeof message.content === "string") return message.content;
  return (message.content ?? [])
    .map((part, i) => {
      if (part.type === "text") return part.text ?? "";
      throw new EngineError(
        "unsupported_parameter",
        `This model reads text only; the content part has the type ${part.type}.`,
        { param: `messages[${index}].content[${i}].type` },
      );
    })
    .join("\n");
}

function callNamed(messages: ChatMessage[], id: string | undefined): string | undefined {
  return messages.flatMap((message) => message.tool_calls ?? []).find((call) => call.id === id)?.function.name;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** For templates that know no tools: the same words and marks that models with tools are trained on. */
function describeTools(messages: Record<string, unknown>[], tools: ChatTool[]): void {
  const signatures = tools.map((tool) => JSON.stringify({ type: "function", function: tool.function })).join("\n");
  const text =
    "You may call one or more functions to assist with the user query.\n\nYou are provided with function signatures " +
    `within <tools></tools> XML tags:\n<tools>\n${signatures}\n</tools>\n\nFor each function call, return a json object with ` +
    `function name and arguments within ${TOOL_CALL_START}${TOOL_CALL_END} XML tags:\n${TOOL_CALL_START}\n` +
    `{"name": <function-name>, "arguments": <args-json-object>}\n${TOOL_CALL_END}`;
  const first = messages[0];
  if (first?.["role"] === "system") first["content"] = `${String(first["content"])}\n\n${text}`;
  else messages.unshift({ role: "system", content: text });
}

/**
 * Text of a message must not become a control token: a seam in the middle of each special token's text, at which the
 * rendered prompt is cut before it is tokenised, keeps the words and takes their power.
 */
function disarm<T>(value: T, seam: string, special: string[]): T {
  if (typeof value === "string") {
    let text: string = value;
    for (const token of special) {
      if (text.includes(token)) text = text.replaceAll(token, token.slice(0, 1) + seam + token.slice(1));
    }
    return text as T;
  }
  if (Array.isArray(value)) return value.map((item) => disarm(item, seam, special)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, disarm(item, seam, special)])) as T;
}

/** A private-use character that occurs nowhere in the request. */
function unusedCharacter(request: ChatRequest): string {
  const text = JSON.stringify([request.messages, request.tools ?? []]);
  for (let code = 0xe000; code <= 0xf8ff; code++) {
    const character = String.fromCharCode(code);
    if (!text.includes(character)) return character;
  }
  throw new EngineError("invalid_request", "The messages use every private-use character of Unicode.", {
    param: "messages",
  });
}
