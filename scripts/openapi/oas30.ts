/**
 * The 3.0 view of a 3.1 document, for tools that stopped at 3.0. Rules that 3.0 cannot express are left out, so the
 * view accepts more, never less.
 */

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Node = { [name: string]: Json };

const isNode = (value: Json | undefined): value is Node =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Keywords of JSON Schema 2020-12 that 3.0 does not know. */
const UNKNOWN_TO_30 = [
  "prefixItems",
  "contentEncoding",
  "contentMediaType",
  "unevaluatedProperties",
  "dependentRequired",
  "propertyNames",
  "if",
  "then",
  "else",
  "patternProperties",
];

function isNullSchema(value: Json): boolean {
  return isNode(value) && (value["type"] === "null" || value["const"] === null);
}

/** How 3.0 says null and nothing else. */
const ONLY_NULL: Node = { type: "string", nullable: true, enum: [null] };

/**
 * `type: [string, null]` becomes `nullable`, `const` an enum of one, exclusive bounds booleans, `examples` the first
 * example.
 */
function schema(node: Node): Node {
  const out: Node = { ...node };
  if (typeof out["$ref"] === "string") return { $ref: out["$ref"] };
  if (out["contentMediaType"] === "application/octet-stream") out["format"] = "binary";
  for (const name of UNKNOWN_TO_30) delete out[name];
  if (Array.isArray(out["type"])) {
    const names = out["type"].filter((name) => name !== "null");
    if (names.length < out["type"].length) out["nullable"] = true;
    if (names.length === 1) out["type"] = names[0] ?? "string";
    else {
      delete out["type"];
      out["anyOf"] = names.map((name) => ({ type: name }));
    }
  }
  if (out["const"] !== undefined) {
    out["enum"] = [out["const"]];
    if (out["type"] === undefined && typeof out["const"] === "string") out["type"] = "string";
    delete out["const"];
  }
  for (const name of ["anyOf", "oneOf"]) {
    const choices = out[name];
    if (!Array.isArray(choices) || !choices.some(isNullSchema)) continue;
    out[name] = choices.map((choice) => (isNullSchema(choice) ? ONLY_NULL : choice));
  }
  for (const [exclusive, bound] of [
    ["exclusiveMinimum", "minimum"],
    ["exclusiveMaximum", "maximum"],
  ] as const) {
    if (typeof out[exclusive] !== "number") continue;
    out[bound] = out[exclusive];
    out[exclusive] = true;
  }
  if (Array.isArray(out["examples"])) {
    out["example"] = out["examples"][0] ?? null;
    delete out["examples"];
  }
  return out;
}

/** Walks a schema and everything below it; `enum`, `example` and `default` are data and stay as they are. */
function walkSchema(value: Json): Json {
  if (Array.isArray(value)) return value.map(walkSchema);
  if (!isNode(value)) return value;
  const node = schema(value);
  for (const [name, child] of Object.entries(node)) {
    if (name === "properties" && isNode(child)) {
      node[name] = Object.fromEntries(Object.entries(child).map(([key, property]) => [key, walkSchema(property)]));
    } else if (["items", "additionalProperties", "not", "anyOf", "oneOf", "allOf"].includes(name)) {
      node[name] = walkSchema(child);
    }
  }
  return node;
}

/** Walks everything that is not a schema, down to the schemas. */
function walk(value: Json): Json {
  if (Array.isArray(value)) return value.map(walk);
  if (!isNode(value)) return value;
  const out: Node = {};
  for (const [name, child] of Object.entries(value)) {
    if (name === "schema") out[name] = walkSchema(child);
    else if (name === "schemas" && isNode(child)) {
      out[name] = Object.fromEntries(Object.entries(child).map(([key, component]) => [key, walkSchema(component)]));
    } else if (name === "example" || name === "examples") out[name] = child;
    else out[name] = walk(child);
  }
  return out;
}

/** Takes a bundled 3.1 document, returns its 3.0.3 view. */
export function toOpenApi30(document: Record<string, unknown>): Record<string, unknown> {
  const view = walk(document as Node) as Node;
  const info = { ...(view["info"] as Node) };
  delete info["summary"];
  if (isNode(info["license"])) {
    const { name, identifier } = info["license"];
    info["license"] = { name: name ?? "", url: `https://spdx.org/licenses/${String(identifier)}.html` };
  }
  return { ...view, openapi: "3.0.3", info };
}
