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
/** Members of a message by which one server or another takes media or files beside the content. */
const MEDIA_MEMBER =
  /^(?:input_)?(?:image|video|audio|file|media|attachment|document)s?(?:_(?:url|urls|data|id|ids|embeds|base64))?$/;

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
    checkMembers(message, at);
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

function checkMembers(message: Json, at: string): void {
  for (const [name, value] of Object.entries(message)) {
    const empty = value === null || value === undefined || (Array.isArray(value) && value.length === 0);
    if (!empty && MEDIA_MEMBER.test(name))
      throw invalid(`${at}.${name}`, "is not allowed: images go into the content, as parts of type image_url");
  }
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

/** An unlisted member may be the one that a server fetches: vLLM reads `image_url` of a text part that has a `uuid`. */
function checkNames(value: Json, allowed: readonly string[], at: string): void {
  const unknown = Object.keys(value).find((name) => !allowed.includes(name));
  if (unknown === undefined) return;
  const place = /^[A-Za-z0-9_]{1,64}$/.test(unknown) ? `${at}.${unknown}` : at;
  throw new ApiError("invalid_request", `${place} is not known. Allowed: ${allowed.join(", ")}.`, { param: place });
}

/** A schema's `$ref` is followed by some servers wherever it points. */
function checkSchemas(body: Json): void {
  const format = body["response_format"];
  const format_schema =
    isObject(format) && isObject(format["json_schema"]) ? format["json_schema"]["schema"] : undefined;
  checkReferences(format_schema, "response_format.json_schema.schema");
  if (!Array.isArray(body["tools"])) return;
  for (const [i, tool] of body["tools"].entries())
    if (isObject(tool) && isObject(tool["function"]))
      checkReferences(tool["function"]["parameters"], `tools[${i}].function.parameters`);
}

function checkReferences(schema: unknown, at: string): void {
  if (typeof schema !== "object" || schema === null) return;
  for (const [name, value] of Object.entries(schema)) {
    if ((name === "$ref" || name === "$dynamicRef") && typeof value === "string" && !value.startsWith("#"))
      throw new ApiError(
        "unsupported_parameter",
        `A ${name} in ${at} must point into the schema itself (#/...); nothing is fetched.`,
        { param: at },
      );
    checkReferences(value, at);
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(place: string, problem: string): ApiError {
  return new ApiError("invalid_request", `${place} ${problem}.`, { param: place });
}
