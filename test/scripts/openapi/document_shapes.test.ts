import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { documentProblems } from "../../../scripts/openapi/document_rules.ts";
import { shapeProblems } from "../../../scripts/openapi/document_shapes.ts";

type Dict = Record<string, unknown>;
type Schemas = Record<string, { required: string[]; properties: Dict }>;

const read = (surface: string): Dict & { components: { schemas: Schemas } } =>
  JSON.parse(readFileSync(`generated/${surface}.json`, "utf8")) as Dict & { components: { schemas: Schemas } };

/** What is said of one named schema. */
const of = (it: unknown): string[] => shapeProblems({ components: { schemas: { it } } });

const named = { $ref: "#/components/schemas/other" };
const nothing = { type: "null" };
const text = { type: "string" };
const object = { type: "object", properties: { a: { type: "string" } } };

describe("a shape that generators of clients get wrong", () => {
  it.each<[string, unknown, RegExp]>([
    ["null by oneOf under a name", { oneOf: [named, nothing] }, /^it is null by anyOf or oneOf under a name/],
    ["null by anyOf under a name", { anyOf: [{ type: "string" }, nothing] }, /^it is null by anyOf or oneOf/],
    ["null in an enum", { type: "object", properties: { a: { enum: ["low", null] } } }, /^it\/a has null in an enum/],
    [
      "an allOf that adds to a shape with null",
      { allOf: [named, { type: "object", properties: { a: { type: ["string", "null"] } } }] },
      /^it has an allOf/,
    ],
    ["an allOf of a name", { allOf: [named, object] }, /^it has an allOf/],
    [
      "an allOf of conditions beside null",
      { properties: { a: { anyOf: [named, nothing] } }, allOf: [{ if: {}, then: {} }] },
      /^it has an allOf/,
    ],
    ["a nameless object in a choice", { anyOf: [named, object] }, /^it holds an object without a name in a choice/],
    [
      "a nameless list of objects in a choice",
      { oneOf: [named, { type: "array", items: object }] },
      /^it holds an obj/,
    ],
    [
      "a nameless object beside null",
      { properties: { a: { oneOf: [object, nothing] } } },
      /^it\/a holds an object without a name/,
    ],
    [
      "nameless objects in a list that may be null",
      { type: ["object", "null"], properties: { a: { type: ["array", "null"], items: object } } },
      /^it holds .*\n?it\/a holds an object without a name/,
    ],
    ["an integer without format", { properties: { a: { type: ["integer", "null"] } } }, /^it\/a is an integer without/],
    ["int32 without a maximum", { type: "integer", format: "int32", minimum: 0 }, /^it is int32 without bounds/],
    ["int32 without a minimum", { type: "integer", format: "int32", maximum: 9 }, /^it is int32 without bounds/],
    [
      "int32 with a maximum that does not fit",
      { type: "integer", format: "int32", minimum: 0, maximum: 2 ** 31 },
      /^it is int32 without bounds/,
    ],
  ])("is found: %s", (_what, schema, sentence) => {
    expect(of(schema).join("\n")).toMatch(sentence);
  });

  it.each<[string, unknown]>([
    ["a type of two under a name", { type: ["string", "null"], pattern: "^a$" }],
    ["null beside a name, where it is used", { type: "object", properties: { a: { anyOf: [named, nothing] } } }],
    ["a choice of names, texts and lists of texts", { oneOf: [named, text, { type: "array", items: text }] }],
    ["conditions where nothing is null", { properties: { a: { type: "string" } }, allOf: [{ if: {}, then: {} }] }],
    ["an integer with its size", { type: "integer", format: "int32", minimum: -1, maximum: 2 ** 31 - 1 }],
    ["an example that looks like a schema", { type: "object", example: { type: "integer" } }],
    ["a property named like a keyword", { type: "object", properties: { type: { type: "string" }, enum: named } }],
  ])("is not %s", (_what, schema) => {
    expect(of(schema)).toEqual([]);
  });

  it("is found in parameters, headers and bodies too", () => {
    const schema = { type: "integer" };
    const body = { content: { "application/json": { schema } } };
    const operation = {
      parameters: [{ in: "query", schema }],
      responses: { 200: { ...body, headers: { a: { schema } } } },
    };
    expect(shapeProblems({ paths: { "/a": { get: { ...operation, requestBody: body } } } })).toHaveLength(4);
  });

  it.each(["hosted", "local"])("is part of the check of the %s document", (surface) => {
    const document = read(surface);
    expect(shapeProblems(document)).toEqual([]);
    delete (document.components.schemas["chat_completion"]!.properties["created"] as Dict)["format"];
    expect(documentProblems(document).join("\n")).toMatch(/^chat_completion\/created is an integer without/m);
  });
});

describe("an answer that shows a thing with more", () => {
  it.each([
    ["hosted", "gateway_key", "gateway_key_created"],
    ["hosted", "customer", "customer_created"],
    ["hosted", "admin_node_summary", "admin_node"],
    ["local", "local_key", "local_key_created"],
  ])("%s: %s is the whole of it in %s", (surface, less, more) => {
    const { [less]: short, [more]: long } = read(surface).components.schemas;
    expect(long!.properties).toMatchObject(short!.properties);
    expect(long!.required).toEqual(expect.arrayContaining(short!.required));
  });
});
