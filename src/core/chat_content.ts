/**
 * What the messages of a chat may hold beside text (design: chat.md, Request). Gateway and agent both ask here, so that
 * no runtime is handed what it would fetch: servers load the URLs of parts and members that they know, and each knows
 * others.
 */
import { ApiError } from "./errors.ts";

/** The parts that openapi/schemas/chat_content_part.yaml lists, with all that each may have. */
const PARTS: ReadonlyMap<string, readonly string[]> = new Map([
  ["text", ["type", "text", "cache_control"]],
  ["image_url", ["type", "image_url", "cache_control"]],
  ["refusal", ["type", "refusal", "cache_control"]],
]);
const IMAGE_MEMBERS = ["url", "detail"];
const DETAILS: readonly unknown[] = [undefined, "auto", "low", "high"];
const DATA_URL = /^data:image\/(?:png|jpeg|webp|gif);base64,/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Members that clients add to an answer and send back with it, or carry over from other services: the official clients
 * parse what they got (`parsed`), LiteLLM keeps what a provider sent. They are taken, and no runtime gets them.
 */
const NOT_PASSED = [
  "cache_control",
  "annotations",
  "parsed",
  "parsed_arguments",
  "thinking_blocks",
  "reasoning_details",
  "provider_specific_fields",
  "extra_content",
];
/** Members of a message that a runtime gets. */
const MESSAGE_MEMBERS = [
  "role",
  "content",
  "name",
  "tool_calls",
  "tool_call_id",
  "function_call",
  "refusal",
  "reasoning",
  "reasoning_content",
];
const CALL_MEMBERS = ["id", "type", "function", "index"];
const CALLED_MEMBERS = ["name", "arguments"];
const TOOL_MEMBERS = ["type", "function"];
const FUNCTION_MEMBERS = ["name", "description", "parameters", "strict"];
const SCHEMA_MEMBERS = ["name", "description", "schema", "strict"];
const REFERENCES = ["$ref", "$dynamicRef", "$recursiveRef"];

type Json = Record<string, unknown>;

/**
 * Checks the messages of a chat, and that its schemas refer to nothing outside themselves. Throws ApiError that names
 * the place (`messages[3].content[1].image_url.url`) and what is allowed.
 *
 * @returns the place of the first image (`messages[3].content[1].type`); null when there is none.
 */
export function checkChatContent(body: Json): { image: string | null } {
  let image: string | null = null;
  if (!Array.isArray(body["messages"])) throw invalid("messages", "must be an array");
  for (const [i, message] of body["messages"].entries()) {
    const at = `messages[${i}]`;
    if (!isObject(message)) throw invalid(at, "must be an object");
    checkNames(message, MESSAGE_MEMBERS, at, NOT_PASSED);
    checkCalls(message, at);
    const { content } = message;
    if (content === undefined || content === null || typeof content === "string") continue;
    if (!Array.isArray(content)) throw invalid(`${at}.content`, "must be a string, an array of parts or null");
    for (const [j, part] of content.entries()) {
      checkPart(part, `${at}.content[${j}]`, message["role"]);
      if ((part as Json)["type"] === "image_url") image ??= `${at}.content[${j}].type`;
    }
  }
  checkSchemas(body);
  return { image };
}

/** The refusal of an image at `place` by a model, or by all that serve it, that reads text only. */
export function imageRefused(place: string): ApiError {
  return new ApiError(
    "unsupported_parameter",
    "This model reads no images; a model that does has images among its supported_parameters in GET /v1/models.",
    { param: place },
  );
}

function checkCalls({ tool_calls, function_call }: Json, at: string): void {
  if (Array.isArray(tool_calls))
    for (const [i, call] of tool_calls.entries()) {
      checkObject(call, CALL_MEMBERS, `${at}.tool_calls[${i}]`);
      checkObject((call as Json)["function"], CALLED_MEMBERS, `${at}.tool_calls[${i}].function`);
    }
  if (function_call !== undefined && function_call !== null)
    checkObject(function_call, CALLED_MEMBERS, `${at}.function_call`);
}

function checkPart(part: unknown, at: string, role: unknown): void {
  if (!isObject(part)) throw invalid(at, "must be an object");
  const type = part["type"];
  const members = typeof type === "string" ? PARTS.get(type) : undefined;
  if (members === undefined) throw invalid(`${at}.type`, 'must be "text", "image_url" or "refusal"');
  checkNames(part, members, at);
  if (type === "image_url") return checkImage(part["image_url"], `${at}.image_url`);
  if (type === "refusal" && role !== "assistant")
    throw invalid(`${at}.type`, 'may be "refusal" only where the role is assistant');
  if (typeof part[type as string] !== "string") throw invalid(`${at}.${type as string}`, "must be a string");
}

function checkImage(image: unknown, at: string): void {
  if (!isObject(image)) throw invalid(at, "must be an object with a url");
  checkNames(image, IMAGE_MEMBERS, at);
  const { url, detail } = image;
  if (typeof url !== "string" || !DATA_URL.test(url))
    throw invalid(
      `${at}.url`,
      "must be a data URL of a PNG, JPEG, WebP or GIF image in base64 (data:image/png;base64,...); nothing is fetched",
    );
  const data = url.slice(url.indexOf(",") + 1);
  if (data.length % 4 !== 0 || !BASE64.test(data))
    throw invalid(
      `${at}.url`,
      "must hold whole base64 behind its comma, padded with = and without blanks or line ends",
    );
  if (!DETAILS.includes(detail)) throw invalid(`${at}.detail`, 'must be "auto", "low" or "high"');
}

function checkObject(value: unknown, allowed: readonly string[], at: string): void {
  if (!isObject(value)) throw invalid(at, "must be an object");
  checkNames(value, allowed, at, NOT_PASSED);
}

/**
 * An unlisted member may be the one that a server fetches: vLLM reads `image_url` of a text part that has a `uuid`. One
 * that is null, false or empty says nothing, and clients send such back from an answer.
 */
function checkNames(value: Json, allowed: readonly string[], at: string, taken: readonly string[] = []): void {
  const unknown = Object.keys(value).find(
    (name) => !allowed.includes(name) && !taken.includes(name) && !isEmpty(value[name]),
  );
  if (unknown === undefined) return;
  const place = /^[A-Za-z0-9_]{1,64}$/.test(unknown) ? `${at}.${unknown}` : at;
  throw new ApiError("invalid_request", `${place} is not known. Allowed: ${allowed.join(", ")}.`, { param: place });
}

/** A message, whose calls were checked, with what a runtime gets of it and no more; its parts are left to the caller. */
export function messageForRuntime<Message extends object>(message: Message): Message {
  const passed = only(message as Json, MESSAGE_MEMBERS);
  if (Array.isArray(passed["tool_calls"]))
    passed["tool_calls"] = passed["tool_calls"].map((call: Json) => ({
      ...only(call, CALL_MEMBERS),
      function: only(call["function"] as Json, CALLED_MEMBERS),
    }));
  if (isObject(passed["function_call"])) passed["function_call"] = only(passed["function_call"], CALLED_MEMBERS);
  return passed as Message;
}

/** A tool, which was checked, with what a runtime gets of it and no more. */
export function toolForRuntime(tool: Json): Json {
  return { ...only(tool, TOOL_MEMBERS), function: only(tool["function"] as Json, FUNCTION_MEMBERS) };
}

const only = (value: Json, names: readonly string[]): Json =>
  Object.fromEntries(Object.entries(value).filter(([name]) => names.includes(name)));

/** Tools and the form of the answer: members that the documents list, and schemas that refer to themselves only. */
function checkSchemas({ tools, tool_choice, response_format }: Json): void {
  if (isObject(response_format)) {
    const with_schema = response_format["type"] === "json_schema";
    checkNames(response_format, with_schema ? ["type", "json_schema"] : ["type"], "response_format");
    if (with_schema) checkObject(response_format["json_schema"], SCHEMA_MEMBERS, "response_format.json_schema");
    checkReferences(response_format["json_schema"], "response_format.json_schema.schema");
  }
  if (isObject(tool_choice)) {
    checkNames(tool_choice, TOOL_MEMBERS, "tool_choice");
    checkObject(tool_choice["function"], ["name"], "tool_choice.function");
  }
  if (!Array.isArray(tools)) return;
  for (const [i, tool] of tools.entries()) {
    checkObject(tool, TOOL_MEMBERS, `tools[${i}]`);
    checkObject((tool as Json)["function"], FUNCTION_MEMBERS, `tools[${i}].function`);
    checkReferences((tool as Json)["function"], `tools[${i}].function.parameters`);
  }
}

/**
 * A schema's `$ref` is followed by some servers wherever it points, its `$id` changes where that is, and its `$schema`
 * may be loaded: only the drafts of json-schema.org are named by those who need no loading.
 */
function checkReferences(schema: unknown, at: string): void {
  if (typeof schema !== "object" || schema === null) return;
  for (const [name, value] of Object.entries(schema)) {
    const leadsOut =
      (REFERENCES.includes(name) && (Array.isArray(value) || (typeof value === "string" && !value.startsWith("#")))) ||
      (name === "$id" && typeof value === "string" && !/^[A-Za-z0-9_.#-]*$/.test(value)) ||
      (name === "$schema" && typeof value === "string" && !/^https?:\/\/json-schema\.org\/[a-z0-9/-]+#?$/.test(value));
    if (leadsOut)
      throw new ApiError(
        "unsupported_parameter",
        `${name} in ${at} must not lead out of the schema: a reference begins with #, and $schema names a draft of json-schema.org. Nothing is fetched.`,
        { param: at },
      );
    checkReferences(value, at);
  }
}

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === false ||
  value === "" ||
  (typeof value === "object" && Object.keys(value).length === 0);

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(place: string, problem: string): ApiError {
  return new ApiError("invalid_request", `${place} ${problem}.`, { param: place });
}
