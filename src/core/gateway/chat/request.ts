import { type ParameterRule, PARAMETERS } from "../../../../generated/parameters.ts";
import { checkChatContent } from "../../chat_content.ts";
import { parameterRefused } from "../../chat_parameters.ts";
import { ApiError } from "../../errors.ts";

/**
 * A chat request as the rest of the core sees it: checked, with what goes to the node told apart from what stays here.
 */
export type ChatRequest = {
  model: string;
  messages: unknown[];
  stream: boolean;
  /** The client asked for the usage frame; the node is always asked. */
  include_usage: boolean;
  /** What a node receives, before the bounds are written into it. */
  forwarded: Record<string, unknown>;
  /** Names that a profile must list in `supported_parameters`. */
  needs: string[];
  /** The smaller of `max_completion_tokens` and `max_tokens`; null when neither was given. */
  max_tokens_asked: number | null;
  size: PromptSize;
  /** Where the first image stands, as `param` of a refusal. */
  first_image: string | null;
  /** Text that ties requests of one conversation to one node; only ever kept as a keyed hash. */
  sticky_text: string | null;
  model_profile_id: string | null;
  client_job_id: string | null;
  max_price_wei: bigint | null;
};

/** What the prompt bound is computed from (docs/design/chat.md, Bounds). */
export type PromptSize = { text_bytes: number; messages: number; tools: number; images: number };

type Body = Record<string, unknown> & { model: string; messages: Record<string, unknown>[] };

/**
 * Applies the parameter rules of `openapi/chat_parameters.yaml` to a body that the document accepted.
 * Nothing is dropped in silence: a parameter is used, needs a capability, is accepted and kept here, or is refused by
 * name.
 */
export function readChatRequest(body: Body): ChatRequest {
  const forwarded: Record<string, unknown> = {};
  const needs = new Set<string>();
  for (const [name, value] of Object.entries(body)) {
    if (name === "b3iq" || value === null || value === undefined) continue;
    const rule = ruleOf(name, value);
    if (rule === "accepted") continue;
    if (rule === "capability") {
      if (isDefault(name, value)) continue;
      needs.add(name);
    }
    forwarded[name] = value;
  }
  if (forwarded["tools"] === undefined) {
    for (const name of ["tool_choice", "parallel_tool_calls"]) {
      if (forwarded[name] === undefined) continue;
      if (name === "tool_choice" && forwarded[name] !== "none" && forwarded[name] !== "auto")
        throw new ApiError("invalid_request", "tool_choice names a tool, but the request has no tools.", {
          param: "tool_choice",
        });
      delete forwarded[name];
      needs.delete(name);
    }
  }
  if (forwarded["n"] !== undefined) delete forwarded["n"];
  const stream = body["stream"] === true;
  const streamOptions = body["stream_options"] as { include_usage?: boolean } | null | undefined;
  if (streamOptions && !stream)
    throw new ApiError("invalid_request", "stream_options is only allowed when stream is true.", {
      param: "stream_options",
    });
  const { image } = checkChatContent(body);
  if (image !== null) needs.add("images");
  return {
    model: body.model,
    messages: body.messages,
    stream,
    include_usage: stream && streamOptions?.include_usage === true,
    forwarded,
    needs: [...needs],
    max_tokens_asked: smaller(body["max_completion_tokens"], body["max_tokens"]),
    size: promptSize(body),
    first_image: image,
    sticky_text: typeof body["prompt_cache_key"] === "string" ? body["prompt_cache_key"] : null,
    ...readRoutingHints(body["b3iq"] as Record<string, unknown> | null | undefined),
  };
}

function ruleOf(name: string, value: unknown): ParameterRule["rule"] {
  const parameter = PARAMETERS.get(name);
  if (!parameter)
    throw new ApiError(
      "unsupported_parameter",
      "This parameter is not known here; the accepted parameters are listed in the reference of createChatCompletion.",
      { param: name.slice(0, 64) },
    );
  if (parameter.rule === "refused" && !(name === "n" && value === 1)) throw parameterRefused(name, parameter);
  return parameter.rule;
}

/** Values that ask for nothing beyond what every node does. */
function isDefault(name: string, value: unknown): boolean {
  switch (name) {
    case "logprobs":
      return value === false;
    case "logit_bias":
      return typeof value === "object" && value !== null && Object.keys(value).length === 0;
    case "tools":
      return Array.isArray(value) && value.length === 0;
    case "response_format":
      return (value as { type?: string }).type === "text";
    default:
      return false;
  }
}

function readRoutingHints(hints: Record<string, unknown> | null | undefined) {
  const mode = hints?.["dispatch_mode"] ?? "pooled_sync";
  if (mode !== "pooled_sync")
    throw new ApiError(
      "dispatch_mode_rejected",
      "Hosted chat is always pooled_sync; private jobs go to POST /v1/private-inference/jobs.",
      { param: "b3iq.dispatch_mode" },
    );
  const maxPrice = hints?.["max_price_wei"];
  return {
    model_profile_id: (hints?.["model_profile_id"] as string | undefined) ?? null,
    client_job_id: (hints?.["job_id"] as string | undefined) ?? null,
    max_price_wei: typeof maxPrice === "string" ? BigInt(maxPrice) : null,
  };
}

function smaller(one: unknown, other: unknown): number | null {
  const given = [one, other].filter((value): value is number => typeof value === "number");
  return given.length > 0 ? Math.min(...given) : null;
}

/** Counts the UTF-8 bytes of every string that a template could put before the model. */
export function promptSize(body: Record<string, unknown>): PromptSize {
  const size: PromptSize = { text_bytes: 0, messages: 0, tools: 0, images: 0 };
  for (const message of body["messages"] as Record<string, unknown>[]) {
    size.messages += 1;
    const { content, ...rest } = message;
    if (typeof content === "string") size.text_bytes += Buffer.byteLength(content);
    else if (Array.isArray(content)) for (const part of content as Record<string, unknown>[]) addPart(part, size);
    // Tool calls, names and reasoning are rendered as text or JSON by templates.
    if (Object.keys(rest).length > 1) size.text_bytes += Buffer.byteLength(JSON.stringify(rest));
  }
  if (Array.isArray(body["tools"])) {
    size.tools = body["tools"].length;
    size.text_bytes += Buffer.byteLength(JSON.stringify(body["tools"]));
  }
  const format = body["response_format"] as { type?: string } | null | undefined;
  if (format && format.type !== "text") size.text_bytes += Buffer.byteLength(JSON.stringify(format));
  return size;
}

function addPart(part: Record<string, unknown>, size: PromptSize): void {
  if (part["type"] === "image_url") size.images += 1;
  else size.text_bytes += Buffer.byteLength(JSON.stringify(part));
}
