/** Makes the runtime's request of a chat request. A field that the runtime does not support is refused by name, never dropped. */
import type { ChatContentPart, ChatMessage, LocalChatCompletionRequest } from "../../../../generated/local.ts";
import { PARAMETERS } from "../../../../generated/parameters.ts";
import { checkChatContent, imageRefused, messageForRuntime, toolForRuntime } from "../../chat_content.ts";
import { asksNothing, parameterRefused } from "../../chat_parameters.ts";
import { ApiError } from "../../errors.ts";
import type { ChatRequest } from "../runtimes/runtime.ts";

export type Limits = {
  context_length: number;
  supported_parameters: readonly string[];
  /** The most output tokens where the request names none. */
  default_max_tokens: number;
  /** The most output tokens of the dispatch; null for a local chat. */
  completion_bound: number | null;
};

/** Fields that the agent reads itself and sets anew for the runtime. */
const OWN = new Set(["stream", "stream_options", "max_tokens", "max_completion_tokens", "b3iq"]);

/**
 * Applies the rules of openapi/chat_parameters.yaml and of the content to a body. The result has no URL that a runtime
 * would fetch, whether the gateway or a local caller sent the body. Throws ApiError with `param`.
 */
export function runtimeRequest(body: LocalChatCompletionRequest, limits: Limits): ChatRequest {
  const request: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    if (value === null || value === undefined) continue;
    const rule = PARAMETERS.get(name);
    if (rule === undefined) throw unsupported(name);
    if (rule.rule === "accepted" || (name === "n" && value === 1)) continue;
    if (rule.rule === "refused") throw parameterRefused(name, rule);
    if (name === "b3iq" && Object.keys(value).length > 0) throw routed();
    if (OWN.has(name)) continue;
    if (asksNothing(name, value) || (name === "tool_choice" && value === "auto")) continue;
    if (rule.rule === "capability" && !limits.supported_parameters.includes(rule.capability ?? name))
      throw unsupported(name);
    request[name] = value;
  }
  const { image } = checkChatContent(body);
  if (image !== null && !limits.supported_parameters.includes("images")) throw imageRefused(image);
  request["messages"] = body.messages.map(forRuntime);
  if (Array.isArray(request["tools"])) request["tools"] = request["tools"].map(toolForRuntime);
  const bounds = [body.max_completion_tokens, body.max_tokens, limits.completion_bound].filter(
    (bound) => typeof bound === "number",
  );
  const bound = bounds.length > 0 ? Math.min(...bounds) : limits.default_max_tokens;
  request["max_tokens"] = bound;
  request["max_completion_tokens"] = bound;
  request["stream"] = body.stream === true;
  return request as ChatRequest;
}

/**
 * Copies a message and its parts with the members that the documents list, and no others. A refusal part becomes a text
 * part, since few runtimes know refusals.
 */
function forRuntime(message: ChatMessage): ChatMessage {
  const listed = messageForRuntime(message);
  if (!Array.isArray(listed.content)) return listed;
  const content = listed.content.map(({ type, text, refusal, image_url }): ChatContentPart =>
    type === "image_url" ? { type, image_url } : { type: "text", text: text ?? refusal },
  );
  return { ...listed, content };
}

function routed(): ApiError {
  const message =
    "b3iq says how a gateway routes a chat. This one runs where it is, and nothing of it would count; leave it out.";
  return new ApiError("unsupported_parameter", message, { param: "b3iq" });
}

function unsupported(name: string): ApiError {
  const param = name.slice(0, 64);
  return new ApiError(
    "unsupported_parameter",
    `This model's runtime does not support ${param}. The model's supported_parameters say what it does.`,
    { param },
  );
}
