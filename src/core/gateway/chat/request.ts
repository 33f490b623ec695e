import { type ParameterRule, PARAMETERS } from "../../../../generated/parameters.ts";
import { checkChatContent } from "../../chat_content.ts";
import { asksNothing, parameterRefused } from "../../chat_parameters.ts";
import { ApiError } from "../../errors.ts";
import type { ChatBody } from "../chat_call.ts";

/** A checked chat request; the fields for the node are apart from those that the gateway keeps. */
export type ChatRequest = {
  model: string;
  stream: boolean;
  /** Whether the client asked for the usage frame; the node always sends one. */
  include_usage: boolean;
  /** The body that a node receives, before the bounds are written into it. */
  forwarded: Partial<ChatBody>;
  /** Capabilities that a profile must list in `supported_parameters`. */
  needs: string[];
  /** The smaller of `max_completion_tokens` and `max_tokens`; null when neither was given. */
  max_tokens_asked: number | null;
  size: PromptSize;
  /** The place of the first image, for the `param` of a refusal. */
  first_image: string | null;
  /** Text that ties requests of one conversation to one node; only ever kept as a keyed hash. */
  sticky_text: string | null;
  model_profile_id: string | null;
  client_job_id: string | null;
  max_price_wei: bigint | null;
};

/** The sizes from which the prompt bound is computed (docs/design/chat.md, Bounds). */
export type PromptSize = { text_bytes: number; messages: number; tools: number; images: number };

/**
 * Applies the parameter rules of `openapi/chat_parameters.yaml` to a body that the document accepted. No parameter is
 * silently dropped: each is used, needs a capability, is accepted and kept here, or is refused by name.
 */
export function readChatRequest(body: ChatBody): ChatRequest {
  const { forwarded, needs } = applyRules(body);
  const stream = body.stream === true;
  if (body.stream_options && !stream)
    throw new ApiError("invalid_request", "stream_options is only allowed when stream is true.", {
      param: "stream_options",
    });
  const { image } = checkChatContent(body);
  if (image !== null) needs.add("images");
  return {
    model: body.model,
    stream,
    include_usage: stream && body.stream_options?.include_usage === true,
    forwarded,
    needs: [...needs],
    max_tokens_asked: smaller(body.max_completion_tokens, body.max_tokens),
    size: promptSize(body),
    first_image: image,
    sticky_text: body.prompt_cache_key ?? null,
    ...readRoutingHints(body.b3iq),
  };
}

/** The fields that go to the node, and the capabilities that they need. */
function applyRules(body: ChatBody): { forwarded: Partial<ChatBody>; needs: Set<string> } {
  const forwarded: Record<string, unknown> = {};
  const needs = new Set<string>();
  for (const [name, value] of Object.entries(body)) {
    if (name === "b3iq" || value === null || value === undefined) continue;
    const { rule, capability } = ruleOf(name, value);
    if (rule === "accepted" || rule === "refused") continue;
    if (capability !== undefined) {
      if (asksNothing(name, value)) continue;
      needs.add(capability);
    }
    forwarded[name] = value;
  }
  if (forwarded["tools"] === undefined) dropToolOptions(forwarded, needs);
  return { forwarded, needs };
}

/** The rule of a name and its value; throws for a name that is refused. */
function ruleOf(name: string, value: unknown): ParameterRule {
  const parameter = PARAMETERS.get(name);
  if (!parameter)
    throw new ApiError(
      "unsupported_parameter",
      "This parameter is not known here; the accepted parameters are listed in the reference of createChatCompletion.",
      { param: name.slice(0, 64) },
    );
  if (parameter.rule === "refused" && !(name === "n" && value === 1)) throw parameterRefused(name, parameter);
  return parameter;
}

/** Without tools, options about tools have no effect, but a choice that demands a tool is an error. */
function dropToolOptions(forwarded: Record<string, unknown>, needs: Set<string>): void {
  const { tool_choice } = forwarded;
  if (tool_choice !== undefined && tool_choice !== "none" && tool_choice !== "auto")
    throw new ApiError("invalid_request", "tool_choice names a tool, but the request has no tools.", {
      param: "tool_choice",
    });
  for (const name of ["tool_choice", "parallel_tool_calls"]) {
    delete forwarded[name];
    needs.delete(name);
  }
}

/** The document lets other values of `dispatch_mode` through, so that they are refused with their own code. */
function readRoutingHints(hints: ChatBody["b3iq"]) {
  const mode: string = hints?.dispatch_mode ?? "pooled_sync";
  if (mode !== "pooled_sync")
    throw new ApiError(
      "dispatch_mode_rejected",
      "Hosted chat is always pooled_sync; private jobs go to POST /v1/private-inference/jobs.",
      { param: "b3iq.dispatch_mode" },
    );
  return {
    model_profile_id: hints?.model_profile_id ?? null,
    client_job_id: hints?.job_id ?? null,
    max_price_wei: hints?.max_price_wei === undefined ? null : BigInt(hints.max_price_wei),
  };
}

function smaller(...bounds: (number | null | undefined)[]): number | null {
  const given = bounds.filter((bound) => typeof bound === "number");
  return given.length > 0 ? Math.min(...given) : null;
}

/** Counts the UTF-8 bytes of every string that a template could put before the model. */
function promptSize({ messages, tools, response_format }: ChatBody): PromptSize {
  const size: PromptSize = { text_bytes: 0, messages: messages.length, tools: 0, images: 0 };
  for (const { content, ...rest } of messages) {
    if (typeof content === "string") size.text_bytes += Buffer.byteLength(content);
    else for (const part of content ?? []) addPart(part, size);
    // Templates render tool calls, names and reasoning as text or JSON.
    if (Object.keys(rest).length > 1) size.text_bytes += jsonBytes(rest);
  }
  if (tools) {
    size.tools = tools.length;
    size.text_bytes += jsonBytes(tools);
  }
  if (response_format && response_format.type !== "text") size.text_bytes += jsonBytes(response_format);
  return size;
}

function addPart(part: { type: string }, size: PromptSize): void {
  if (part.type === "image_url") size.images += 1;
  else size.text_bytes += jsonBytes(part);
}

const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
