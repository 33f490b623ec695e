/**
 * What of a chat request goes to the runtime; what it cannot do is refused by name, and nothing is dropped in silence.
 */
import { PARAMETERS } from "../../../../generated/parameters.ts";
import { checkChatContent, imageRefused, messageForRuntime, toolForRuntime } from "../../chat_content.ts";
import { asksNothing, parameterRefused } from "../../chat_parameters.ts";
import { ApiError } from "../../errors.ts";
import type { ChatMessage, ChatRequest } from "../runtimes/runtime.ts";

export type Limits = {
  context_length: number;
  supported_parameters: readonly string[];
  /** Output bound where the request names none. */
  default_max_tokens: number;
  /** Output bound of the dispatch; null for a local chat. */
  completion_bound: number | null;
};

/** Fields that the agent reads itself and sets anew for the runtime. */
const OWN = new Set(["stream", "stream_options", "max_tokens", "max_completion_tokens", "b3iq"]);

/**
 * Applies the rules of openapi/chat_parameters.yaml and of the content to a body. Whoever sent it, a runtime gets nothing from
 * here that it would fetch. Throws ApiError with `param`.
 */
export function runtimeRequest(body: Record<string, unknown>, limits: Limits): ChatRequest {
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
  request["messages"] = (body["messages"] as ChatMessage[]).map(forRuntime);
  if (Array.isArray(request["tools"])) request["tools"] = request["tools"].map(toolForRuntime);
  const bounds = [body["max_completion_tokens"], body["max_tokens"], limits.completion_bound].filter(
    (bound) => typeof bound === "number",
  );
  const bound = bounds.length > 0 ? Math.min(...bounds) : limits.default_max_tokens;
  request["max_tokens"] = bound;
  request["max_completion_tokens"] = bound;
  request["stream"] = body["stream"] === true;
  return request as ChatRequest;
}

/**
 * A message as a runtime gets it: itself and its parts anew, with what the documents list and no more. A refusal is text
 * there, since few runtimes know such a part.
 */
function forRuntime(message: ChatMessage): ChatMessage {
  const listed = messageForRuntime(message);
  if (!Array.isArray(listed.content)) return listed;
  const content = listed.content.map(({ type, text, refusal, image_url }) =>
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
