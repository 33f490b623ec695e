import type { ErrorObject } from "ajv";
import { ERRORS } from "../../../generated/errors.ts";
import { ApiError, type ErrorCode } from "../../core/errors.ts";

type Failure = ErrorObject & { also?: unknown[] };

const SAFE_NAME = /^[A-Za-z0-9_.$-]{1,64}$/;

/** The caller's field name if it is a plain word, else nothing: an unknown key may hold any text. */
function safeName(name: string): string | undefined {
  return SAFE_NAME.test(name) ? name : undefined;
}

/** `/requestBody/messages/0/role` as `messages[0].role`; a part that is no plain name ends the path. */
function readPointer(pointer: string): { place: string; name: string } {
  const parts = pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const place = parts.shift() ?? "";
  let name = "";
  for (const part of parts) {
    if (/^\d+$/.test(part)) name += `[${part}]`;
    else if (safeName(part)) name += name ? `.${part}` : part;
    else break;
  }
  return { place, name };
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "an object";
  return Number.isInteger(value) ? "an integer" : `a ${typeof value}`;
}

function article(type: string): string {
  if (type === "null") return "null";
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function oneOf(words: string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

function listed(values: unknown[]): string {
  const words = values.slice(0, 24).map((value) => JSON.stringify(value));
  return oneOf(words) + (values.length > 24 ? " and others" : "");
}

type Bounds = [least: unknown, most: unknown];

const bounds = (schema: Record<string, unknown>, low: string, high: string): Bounds => [schema[low], schema[high]];

function range([least, most]: Bounds, between = ""): string {
  if (least !== undefined && most !== undefined) return `${between}${least} to ${most}`;
  return least !== undefined ? `at least ${least}` : `at most ${most}`;
}

/** `1 to 64 characters`, `at least 1 item`, `exactly 4 characters`. */
function quantity([least, most]: Bounds, unit: string): string {
  const units = (most ?? least) === 1 ? unit : `${unit}s`;
  return least === most ? `exactly ${least} ${units}` : `${range([least, most])} ${units}`;
}

/**
 * The allowed values, as the end of a sentence that begins with the value's name. The sentence may quote a number or a
 * length from the body, never a text.
 */
function rule(failure: Failure): string {
  const { keyword, params } = failure;
  const schema = (failure.parentSchema ?? {}) as Record<string, unknown>;
  const data = failure.data as { length?: number };
  switch (keyword) {
    case "type": {
      const types = [...new Set([params["type"], ...(failure.also ?? [])].flat() as string[])];
      return `must be ${oneOf(types.map(article))}; found ${typeOf(failure.data)}`;
    }
    case "enum":
      return `must be ${listed([...(params["allowedValues"] as unknown[]), ...(failure.also ?? [])])}`;
    case "const":
      return `must be ${listed([params["allowedValue"], ...(failure.also ?? [])])}`;
    case "minimum":
    case "maximum":
      return `must be ${range(bounds(schema, "minimum", "maximum"), "from ")}; found ${String(failure.data)}`;
    case "exclusiveMinimum":
      return `must be above ${String(params["limit"])}; found ${String(failure.data)}`;
    case "exclusiveMaximum":
      return `must be below ${String(params["limit"])}; found ${String(failure.data)}`;
    case "multipleOf":
      return `must be a multiple of ${String(params["multipleOf"])}`;
    case "minLength":
    case "maxLength":
      return `must have ${quantity(bounds(schema, "minLength", "maxLength"), "character")}; found ${[...String(failure.data)].length}`;
    case "minItems":
    case "maxItems":
      return `must have ${quantity(bounds(schema, "minItems", "maxItems"), "item")}; found ${data.length}`;
    case "minProperties":
    case "maxProperties":
      return `must have ${quantity(bounds(schema, "minProperties", "maxProperties"), "member")}`;
    case "uniqueItems":
      return "must not hold the same item twice";
    case "pattern":
      if (typeof schema["x-b3iq-form"] === "string") return `must be ${schema["x-b3iq-form"]}`;
      return `does not have the required form (${String(params["pattern"]).slice(0, 160)})`;
    case "format":
      return `must be a valid ${String(params["format"])}`;
    case "not":
    case "false schema":
      return "is not allowed here";
    default:
      return "does not have one of the documented forms";
  }
}

const UNKNOWN = new Set(["additionalProperties", "unevaluatedProperties"]);
const PLACES: Record<string, string> = {
  query: "The query parameter ",
  path: "The path parameter ",
  header: "The header ",
  cookie: "The cookie ",
};

/**
 * A name in quotes: a bare one could read as a word of the sentence. Names of body members have no word before them.
 */
const named = (place: string, name: string): string => `${PLACES[place] ?? ""}"${name}"`;

type Branch = { type?: string; properties?: Record<string, { const?: unknown; enum?: unknown[] }> };

/**
 * The member by which a branch says that it is another kind (`type: { const: "text" }`), when the data names a
 * different one.
 */
function otherKind(branch: Branch | undefined, data: unknown): { name: string; allowed: unknown[] } | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  for (const [name, schema] of Object.entries(branch?.properties ?? {})) {
    const allowed = schema.enum ?? ("const" in schema ? [schema.const] : undefined);
    if (allowed && Object.hasOwn(data, name) && !allowed.includes((data as Record<string, unknown>)[name]))
      return { name, allowed };
  }
  return undefined;
}

/** The branch of an `anyOf`/`oneOf` that the caller most likely meant; merged types or words where none stands out. */
function pick(failures: Failure[]): Failure {
  const top = failures.at(-1)!;
  if (top.keyword === "if") return failures.length > 1 ? pick(failures.slice(0, -1)) : top;
  if (top.keyword !== "anyOf" && top.keyword !== "oneOf") return top;
  const branches = new Map<number, Failure[]>();
  for (const failure of failures.slice(0, -1)) {
    if (!failure.schemaPath.startsWith(`${top.schemaPath}/`)) continue;
    const index = Number(failure.schemaPath.slice(top.schemaPath.length + 1).split("/")[0]);
    branches.set(index, [...(branches.get(index) ?? []), failure]);
  }
  const schemas = top.schema as Branch[];
  const depth = (failure: Failure) => failure.instancePath.split("/").length;
  const candidates = [...branches].map(([index, of]) => ({
    failure: pick(of),
    other: otherKind(schemas[index], top.data),
  }));
  const right = candidates.filter(
    ({ failure, other }) => !other && !(failure.keyword === "type" && failure.instancePath === top.instancePath),
  );
  const meant = right.map(({ failure }) => failure).sort((a, b) => depth(b) - depth(a))[0];
  const orNull = meant?.keyword === "enum" && schemas.some((branch) => branch.type === "null");
  if (meant) return orNull && meant.instancePath === top.instancePath ? { ...meant, also: [null] } : meant;
  const kinds = candidates.flatMap(({ other }) => (other ? [other] : []));
  if (kinds[0] && kinds.every(({ name }) => name === kinds[0]!.name)) {
    const allowedValues = [...new Set(kinds.flatMap(({ allowed }) => allowed))];
    return { ...top, keyword: "enum", instancePath: `${top.instancePath}/${kinds[0].name}`, params: { allowedValues } };
  }
  return merge(candidates.map(({ failure }) => failure)) ?? top;
}

function merge(candidates: Failure[]): Failure | undefined {
  const deepest = candidates.filter((failure) => failure.keyword !== "type");
  const [first, ...rest] = deepest.length > 0 ? deepest : candidates;
  if (!first || rest.some((other) => other.instancePath !== first.instancePath)) return undefined;
  const words = (failure: Failure): unknown[] =>
    [failure.params["type"] ?? failure.params["allowedValues"] ?? failure.params["allowedValue"]].flat();
  const also = rest.flatMap((failure) => [...words(failure), ...(failure.also ?? [])]);
  return { ...first, also: [...(first.also ?? []), ...also] };
}

/**
 * The sentence and `param` for failed validation: the field, the found type or number, the allowed values. `codes`: by
 * the path of a body's field, or the name of the whole field, the code where it is not `invalid_request`; the sentence
 * then ends with what that code asks the caller to do.
 */
export function validationError(errors: ErrorObject[], codes: Record<string, ErrorCode> = {}): ApiError {
  const error = describe(errors);
  const path = error.param ?? "";
  const field = [path, /^[^.[]+/.exec(path)?.[0] ?? ""].find((name) => Object.hasOwn(codes, name));
  if (field === undefined) return error;
  const code = codes[field]!;
  return new ApiError(code, `${error.message} ${ERRORS[code].what_to_do}`, { param: error.param });
}

function describe(errors: ErrorObject[]): ApiError {
  // Body errors come first; each schema reports its own failing keyword last.
  const body = errors.filter((error) => error.instancePath.startsWith("/requestBody") || isBodyItself(error));
  const failure = pick(body.length > 0 ? body : errors);
  const { place, name } = readPointer(failure.instancePath);
  const join = (field: string) => (name ? `${name}.${field}` : field);
  if (failure.keyword === "required" || failure.keyword === "dependentRequired") {
    const missing = String(failure.params["missingProperty"]);
    if (isBodyItself(failure)) return new ApiError("invalid_request", "A JSON body is required.");
    return new ApiError("invalid_request", `${named(place, join(missing))} is required.`, { param: join(missing) });
  }
  if (UNKNOWN.has(failure.keyword)) {
    const given = safeName(String(failure.params["additionalProperty"] ?? failure.params["unevaluatedProperty"]));
    const known = Object.keys((failure.parentSchema as { properties?: object } | undefined)?.properties ?? {}).slice(
      0,
      40,
    );
    const allowed = known.length > 0 ? ` Allowed: ${known.join(", ")}.` : "";
    const field = given ? join(given) : name || null;
    const subject = given ? named(place, join(given)) : `A member of ${name ? `"${name}"` : "the request"}`;
    return new ApiError("invalid_request", `${subject} is not known.${allowed}`, { param: field });
  }
  const subject = name ? named(place, name) : "The body";
  return new ApiError("invalid_request", `${subject} ${rule(failure)}.`, { param: name || null });
}

function isBodyItself(error: ErrorObject): boolean {
  return error.keyword === "required" && error.instancePath === "" && error.params["missingProperty"] === "requestBody";
}
