/**
 * Translates JSON Schema into GBNF, the grammar language of llama.cpp, so that what the model writes is valid by
 * construction.
 */

type Schema = Record<string, unknown>;

/** A keyword that the grammar cannot guarantee. */
export class UnsupportedSchema extends Error {
  readonly path: string;

  constructor(path: string, reason: string) {
    super(`${path}: ${reason}`);
    this.name = "UnsupportedSchema";
    this.path = path;
  }
}

const PRIMITIVES: Record<string, string> = {
  ws: '( | " " | "\\n" [ \\t]{0,20})',
  char: '[^"\\\\\\x7F\\x00-\\x1F] | "\\\\" (["\\\\/bfnrt] | "u" [0-9a-fA-F]{4})',
  string: '"\\"" char* "\\""',
  integer: '"-"? ("0" | [1-9] [0-9]{0,14})',
  number: 'integer ("." [0-9]{1,15})? ([eE] [-+]? [0-9]{1,2})?',
  boolean: '"true" | "false"',
  null: '"null"',
  value: "object | array | string | number | boolean | null",
  object: '"{" ws (string ":" ws value ws ("," ws string ":" ws value ws)*)? "}"',
  array: '"[" ws (value ws ("," ws value ws)*)? "]"',
};
/**
 * Keywords that say nothing about which values are valid. `format` is an annotation by default (JSON Schema 2020-12,
 * 7.2.1).
 */
const ANNOTATIONS = new Set([
  "title",
  "description",
  "default",
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
  "format",
  "$schema",
  "$id",
  "$comment",
  "$defs",
  "definitions",
  "contentMediaType",
  "contentEncoding",
  "nullable",
]);
const KEYWORDS: Record<string, string[]> = {
  object: ["properties", "required", "additionalProperties"],
  array: ["items", "minItems", "maxItems"],
  string: ["minLength", "maxLength"],
  integer: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
  number: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
  boolean: [],
  null: [],
};
const LARGEST_INTEGER = 999_999_999_999_999;
const MAX_RULES = 4_000;
const MAX_ENUMERATED = 1_000;
const MAX_REPETITION = 1_000;

export type GrammarBuilder = {
  /** Adds the rules of a schema and returns the name that stands for it. Throws UnsupportedSchema. */
  schema(schema: unknown, path: string): string;
  /** Adds a named rule. */
  rule(name: string, body: string): string;
  /** The grammar text; the rule `root` must exist. */
  text(): string;
};

/** A GBNF literal. */
export function literal(text: string): string {
  return `"${text.replace(/[\\"\n\r\t]/g, (c) => ({ "\n": "\\n", "\r": "\\r", "\t": "\\t" })[c] ?? `\\${c}`)}"`;
}

/** @param relaxed leaves out value constraints that GBNF cannot express, instead of throwing. */
export function createGrammarBuilder(options: { relaxed: boolean }): GrammarBuilder {
  const rules = new Map(Object.entries(PRIMITIVES));
  const rule = (name: string, body: string) => {
    if (rules.size >= MAX_RULES) throw new UnsupportedSchema("$", `more than ${MAX_RULES} grammar rules`);
    rules.set(name, body);
    return name;
  };
  const fresh = (body: string) => rule(`r${rules.size}`, body);
  return {
    rule,
    schema(schema, path) {
      return visit(schema, path, {
        root: schema,
        references: new Map(),
        relaxed: options.relaxed,
        fresh,
        rule,
        size: () => rules.size,
      });
    },
    text: () => [...rules].map(([name, body]) => `${name} ::= ${body}`).join("\n"),
  };
}

type Context = {
  root: unknown;
  references: Map<string, string>;
  relaxed: boolean;
  fresh(body: string): string;
  rule(name: string, body: string): string;
  size(): number;
};

function visit(schema: unknown, path: string, context: Context): string {
  if (schema === true || schema === undefined) return "value";
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) {
    throw new UnsupportedSchema(path, "is not a schema object");
  }
  const node = schema as Schema;
  if (typeof node["$ref"] === "string") return reference(node["$ref"], path, context);
  if ("const" in node) return context.fresh(literal(JSON.stringify(node["const"])));
  if (Array.isArray(node["enum"])) {
    return context.fresh(node["enum"].map((value) => literal(JSON.stringify(value))).join(" | "));
  }
  for (const keyword of ["anyOf", "oneOf"]) {
    const options = node[keyword];
    if (Array.isArray(options)) {
      return context.fresh(options.map((option, i) => visit(option, `${path}.${keyword}[${i}]`, context)).join(" | "));
    }
  }
  const all = node["allOf"];
  if (Array.isArray(all) && all.length === 1) return visit(all[0], `${path}.allOf[0]`, context);
  const types = Array.isArray(node["type"]) ? node["type"] : [node["type"] ?? impliedType(node)];
  const names = types.map((type) => typed(String(type), node, path, context, types.length > 1));
  return names.length === 1 ? names[0]! : context.fresh(names.join(" | "));
}

function impliedType(node: Schema): string {
  if ("properties" in node || "required" in node || "additionalProperties" in node) return "object";
  return "items" in node ? "array" : "value";
}

function reference(pointer: string, path: string, context: Context): string {
  const known = context.references.get(pointer);
  if (known !== undefined) return known;
  if (!pointer.startsWith("#")) throw new UnsupportedSchema(path, "$ref must point into the schema itself");
  let target: unknown = context.root;
  for (const step of pointer.slice(1).split("/").filter(Boolean)) {
    const key = decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
    target =
      typeof target === "object" && target !== null && Object.hasOwn(target, key) ? (target as Schema)[key] : undefined;
  }
  if (target === undefined) throw new UnsupportedSchema(path, `$ref ${pointer} points nowhere`);
  const name = context.rule(`ref${context.size()}`, "value");
  context.references.set(pointer, name);
  context.rule(name, visit(target, pointer, context));
  return name;
}

function typed(type: string, node: Schema, path: string, context: Context, oneOfSeveral: boolean): string {
  if (type === "value" && Object.keys(node).every((key) => ANNOTATIONS.has(key))) return "value";
  const keywords = Object.hasOwn(KEYWORDS, type) ? KEYWORDS[type] : undefined;
  if (keywords === undefined) throw new UnsupportedSchema(path, `the type ${type} is not supported`);
  if (!context.relaxed) {
    const understood = oneOfSeveral ? Object.values(KEYWORDS).flat() : keywords;
    for (const key of Object.keys(node)) {
      if (key !== "type" && !ANNOTATIONS.has(key) && !understood.includes(key)) {
        throw new UnsupportedSchema(`${path}.${key}`, `the keyword ${key} is not supported`);
      }
    }
  }
  switch (type) {
    case "object":
      return objectRule(node, path, context);
    case "array":
      return arrayRule(node, path, context);
    case "string":
      return stringRule(node, path, context);
    case "integer":
    case "number":
      return numberRule(type, node, path, context);
    default:
      return type;
  }
}

/**
 * Properties come in the schema's order; `first_i` continues an empty object, `next_i` one that needs a comma. Further
 * properties are written only where none are named: among named ones, an invented key could repeat a name with a value
 * of another type.
 */
function objectRule(node: Schema, path: string, context: Context): string {
  const properties = Object.entries((node["properties"] ?? {}) as Schema);
  const required = new Set((node["required"] ?? []) as string[]);
  const additional = node["additionalProperties"] ?? true;
  for (const name of required) {
    if (!properties.some(([key]) => key === name)) properties.push([name, additional === false ? true : additional]);
  }
  if (properties.length === 0) {
    if (additional === true) return "object";
    if (additional === false) return context.fresh('"{" ws "}"');
    const member = `string ":" ws ${visit(additional, `${path}.additionalProperties`, context)} ws`;
    return context.fresh(`"{" ws (${member} ("," ws ${member})*)? "}"`);
  }
  let [first, next] = ['""', '""'];
  for (const [name, schema] of properties.reverse()) {
    const member = `${literal(`${JSON.stringify(name)}:`)} ws ${visit(schema, `${path}.properties.${name}`, context)} ws`;
    const optional = !required.has(name);
    const [firstRest, nextRest] = [first, next];
    first = context.fresh(`${member} ${nextRest}${optional ? ` | ${firstRest}` : ""}`);
    next = context.fresh(`"," ws ${member} ${nextRest}${optional ? ` | ${nextRest}` : ""}`);
  }
  return context.fresh(`"{" ws ${first} "}"`);
}

function arrayRule(node: Schema, path: string, context: Context): string {
  const item = visit(node["items"], `${path}.items`, context);
  const [least = 0, most] = repetition(node, "minItems", "maxItems", path);
  if (most === 0) return context.fresh('"[" ws "]"');
  const repeat = `{${Math.max(0, least - 1)},${most === undefined ? "" : most - 1}}`;
  const items = `${item} ws ("," ws ${item} ws)${repeat}`;
  return context.fresh(`"[" ws ${least === 0 ? `(${items})?` : items} "]"`);
}

/** llama.cpp unrolls repetitions. */
function repetition(node: Schema, least: string, most: string, path: string): [number | undefined, number | undefined] {
  const counts = [node[least] as number | undefined, node[most] as number | undefined] as [
    number | undefined,
    number | undefined,
  ];
  for (const count of counts) {
    if (count !== undefined && count > MAX_REPETITION) {
      throw new UnsupportedSchema(path, `counts above ${MAX_REPETITION} are not supported`);
    }
  }
  return counts;
}

function stringRule(node: Schema, path: string, context: Context): string {
  const [least, most] = repetition(node, "minLength", "maxLength", path);
  return least === undefined && most === undefined
    ? "string"
    : context.fresh(`"\\"" char{${least ?? 0},${most ?? ""}} "\\""`);
}

function numberRule(type: "integer" | "number", node: Schema, path: string, context: Context): string {
  const bound = (key: string) => node[key] as number | undefined;
  const step = type === "integer" ? 1 : 0;
  const low =
    bound("minimum") ?? (bound("exclusiveMinimum") === undefined ? undefined : bound("exclusiveMinimum")! + step);
  const high =
    bound("maximum") ?? (bound("exclusiveMaximum") === undefined ? undefined : bound("exclusiveMaximum")! - step);
  const openAbove = high === undefined || high >= LARGEST_INTEGER;
  if (openAbove && (low === undefined || low <= -LARGEST_INTEGER)) return type;
  if (openAbove && (low === 0 || (low === 1 && step === 1))) {
    const digits = low === 0 ? '("0" | [1-9] [0-9]{0,14})' : "[1-9] [0-9]{0,14}";
    const strictlyAbove = step === 0 && bound("exclusiveMinimum") !== undefined;
    if (step === 1) return context.fresh(digits);
    if (!strictlyAbove) return context.fresh(`${digits} ("." [0-9]{1,15})?`);
  }
  if (step === 1 && low !== undefined && high !== undefined && high >= low && high - low < MAX_ENUMERATED) {
    const values = Array.from({ length: Math.floor(high) - Math.ceil(low) + 1 }, (_, i) => Math.ceil(low) + i);
    return context.fresh(values.map((value) => literal(String(value))).join(" | "));
  }
  if (context.relaxed) return type;
  throw new UnsupportedSchema(
    path,
    "this range of numbers is not supported; integers may have any range of up to 1,000 values",
  );
}
