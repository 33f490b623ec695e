/**
 * Checks what the messages of a chat hold beside text (docs/design/chat.md, Request). Gateway and agent both call it,
 * so that no runtime gets a URL to fetch: each server loads URLs from other parts and members.
 */
import { ApiError } from "./errors.ts";

/** The parts that chat_content_part in openapi/chat/schemas.yaml lists, with the members that each may have. */
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
 * parse answers (`parsed`), LiteLLM keeps members of providers. These are accepted, and no runtime gets them.
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

type Kind = "string" | "integer" | "boolean" | "object" | "array" | "content";
type Members = Readonly<Record<string, Kind>>;

/** Members of a message that a runtime gets. */
const MESSAGE: Members = {
  role: "string",
  content: "content",
  name: "string",
  tool_calls: "array",
  tool_call_id: "string",
  function_call: "object",
  refusal: "string",
  reasoning: "string",
  reasoning_content: "string",
};
const CALL: Members = { id: "string", type: "string", function: "object", index: "integer" };
const CALLED: Members = { name: "string", arguments: "string" };
const TOOL: Members = { type: "string", function: "object" };
const FUNCTION: Members = { name: "string", description: "string", parameters: "object", strict: "boolean" };
const SCHEMA: Members = { name: "string", description: "string", schema: "object", strict: "boolean" };
const CHOICE: Members = { name: "string" };

/** Keywords by which a schema can refer to another document, with the values that stay within the schema. */
const REFERENCE = { inside: /^#/, be: "begin with #, as a reference within the schema" };
const REFERENCES: ReadonlyMap<string, { inside: RegExp; be: string }> = new Map([
  ["$ref", REFERENCE],
  ["$dynamicRef", REFERENCE],
  ["$recursiveRef", REFERENCE],
  ["$id", { inside: /^[A-Za-z0-9_.#-]*$/, be: "be a name without a scheme or a path, or be left out" }],
  ["$schema", { inside: /^https?:\/\/json-schema\.org\/[a-z0-9/-]+#?$/, be: "name a draft of json-schema.org" }],
]);

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
    checkMembers(message, MESSAGE, at, NOT_PASSED);
    checkCalls(message, at);
    const { content } = message;
    if (!Array.isArray(content)) continue;
    for (const [j, part] of content.entries()) {
      checkPart(part, `${at}.content[${j}]`, message["role"]);
      if ((part as Json)["type"] === "image_url") image ??= `${at}.content[${j}].type`;
    }
  }
  checkSchemas(body);
  return { image };
}

/** The error for an image at `place` where the model, or every node that serves the model, reads text only. */
export function imageRefused(place: string): ApiError {
  return new ApiError(
    "unsupported_parameter",
    "This model reads no images; a model that does has images among its supported_parameters in GET /v1/models.",
    { param: place },
  );
}

function checkCalls({ tool_calls, function_call }: Json, at: string): void {
  for (const [i, call] of ((tool_calls ?? []) as unknown[]).entries()) {
    checkMembers(call, CALL, `${at}.tool_calls[${i}]`, NOT_PASSED);
    checkMembers(call["function"], CALLED, `${at}.tool_calls[${i}].function`, NOT_PASSED);
  }
  if (function_call != null) checkMembers(function_call, CALLED, `${at}.function_call`, NOT_PASSED);
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

/**
 * Checks that a value has only these members, and members that are accepted but not passed on, each null or of its kind. A
 * member that the documents leave open could otherwise hold a part in disguise.
 */
function checkMembers(
  value: unknown,
  members: Members,
  at: string,
  taken: readonly string[] = [],
): asserts value is Json {
  if (!isObject(value)) throw invalid(at, "must be an object");
  checkNames(value, Object.keys(members), at, taken);
  for (const [name, kind] of Object.entries(members))
    if (value[name] != null && !isOfKind(value[name], kind)) throw invalid(`${at}.${name}`, `must be ${KINDS[kind]}`);
}

/** The kinds in the words of an error text. */
const KINDS: Readonly<Record<Kind, string>> = {
  string: "a string",
  integer: "a whole number",
  boolean: "true or false",
  object: "an object",
  array: "an array",
  content: "a string, an array of parts or null",
};

function isOfKind(value: unknown, kind: Kind): boolean {
  if (kind === "content") return typeof value === "string" || Array.isArray(value);
  if (kind === "array") return Array.isArray(value);
  if (kind === "object") return isObject(value);
  return kind === "integer" ? Number.isSafeInteger(value) : typeof value === kind;
}

/**
 * Refuses unlisted members, since a server may fetch one, as vLLM reads `image_url` of a text part that has a `uuid`. A
 * member that is null, false or empty is allowed: it means nothing, and clients send such members back from an answer.
 */
function checkNames(value: Json, allowed: readonly string[], at: string, taken: readonly string[] = []): void {
  const unknown = Object.keys(value).find(
    (name) => !allowed.includes(name) && !taken.includes(name) && !isEmpty(value[name]),
  );
  if (unknown === undefined) return;
  const list = `Allowed: ${allowed.join(", ")}`;
  if (!/^[A-Za-z0-9_]{1,64}$/.test(unknown)) throw invalid(at, `has a member that is not known. ${list}`);
  throw invalid(`${at}.${unknown}`, `is not known. ${list}`);
}

/** Copies a checked message with the members that a runtime gets; the caller copies its parts. */
export function messageForRuntime<Message extends object>(message: Message): Message {
  const passed = only(message as Json, MESSAGE);
  if (Array.isArray(passed["tool_calls"]))
    passed["tool_calls"] = passed["tool_calls"].map((call: Json) => ({
      ...only(call, CALL),
      function: only(call["function"] as Json, CALLED),
    }));
  if (isObject(passed["function_call"])) passed["function_call"] = only(passed["function_call"], CALLED);
  return passed as Message;
}

/** Copies a checked tool with the members that a runtime gets. */
export function toolForRuntime(tool: Json): Json {
  return { ...only(tool, TOOL), function: only(tool["function"] as Json, FUNCTION) };
}

const only = (value: Json, members: Members): Json =>
  Object.fromEntries(Object.entries(value).filter(([name]) => Object.hasOwn(members, name)));

/** Checks tools and response_format: they have the members that the documents list, and schemas without outside references. */
function checkSchemas({ tools, tool_choice, response_format }: Json): void {
  if (isObject(response_format)) {
    const { json_schema } = response_format;
    const with_schema = response_format["type"] === "json_schema";
    checkNames(response_format, with_schema ? ["type", "json_schema"] : ["type"], "response_format");
    if (with_schema) {
      checkMembers(json_schema, SCHEMA, "response_format.json_schema");
      checkReferences(json_schema["schema"], "response_format.json_schema.schema");
    }
  }
  if (isObject(tool_choice)) {
    checkMembers(tool_choice, TOOL, "tool_choice");
    checkMembers(tool_choice["function"], CHOICE, "tool_choice.function");
  }
  if (!Array.isArray(tools)) return;
  for (const [i, tool] of tools.entries()) {
    checkMembers(tool, TOOL, `tools[${i}]`, NOT_PASSED);
    const called = (tool as Json)["function"];
    checkMembers(called, FUNCTION, `tools[${i}].function`, NOT_PASSED);
    checkReferences(called["parameters"], `tools[${i}].function.parameters`);
  }
}

/**
 * Some servers follow a schema's `$ref` wherever it stands, in a `default` too, and wherever it points; `$id` changes where
 * it points, and `$schema` may be loaded. An object under such a name is no reference but the schema of a property.
 */
function checkReferences(schema: unknown, at: string): void {
  if (typeof schema !== "object" || schema === null) return;
  for (const [name, value] of Object.entries(schema)) {
    const rule = REFERENCES.get(name);
    const leads_out = typeof value === "string" ? !rule?.inside.test(value) : Array.isArray(value);
    if (rule !== undefined && leads_out)
      throw new ApiError("unsupported_parameter", `${name} in ${at} must ${rule.be}; nothing is fetched.`, {
        param: at,
      });
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
  return new ApiError("invalid_request", `"${place}" ${problem}.`, { param: place });
}
