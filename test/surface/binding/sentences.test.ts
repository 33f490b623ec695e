import { readFileSync } from "node:fs";
import type { ValidateFunction } from "ajv";
import { beforeAll, expect, test } from "vitest";
import { openDocument } from "../../../src/surface/binding/bind.ts";
import type { Document } from "../../../src/surface/binding/document.ts";
import { validationError } from "../../../src/surface/binding/validation_errors.ts";
import { newAjv } from "../../../src/surface/binding/validators.ts";

/** What a caller reads about a value of the hosted document that is a choice between shapes, names and null. */

type Bodies = { components: { schemas: Record<string, unknown> } };

const validators: Record<string, ValidateFunction> = {};

beforeAll(async () => {
  const { api } = await openDocument(JSON.parse(readFileSync("generated/hosted.json", "utf8")) as Document);
  const { schemas } = (api.definition as unknown as Bodies).components;
  for (const name of ["chat_completion_request", "customer_policy_request"])
    validators[name] = newAjv({ verbose: true }).compile({
      type: "object",
      properties: { requestBody: schemas[name] },
    });
});

function refusal(schema: string, requestBody: unknown): { says: string; param: string | null } {
  const validate = validators[schema]!;
  expect(validate({ requestBody })).toBe(false);
  const { message, param } = validationError(validate.errors!);
  return { says: message, param: param ?? null };
}

/** The sentence about a value that a schema of this shape refuses. */
function saysOf(properties: object, value: object): string {
  const validate = newAjv({ verbose: true }).compile({ type: "object", properties });
  expect(validate(value)).toBe(false);
  return validationError(validate.errors!).message;
}

test.each<[string, object, string]>([
  ["stop", { stop: 5 }, '"stop" must be a string, an array or null; found an integer.'],
  ["stop[0]", { stop: [""] }, '"stop[0]" must have 1 to 4096 characters; found 0.'],
  ["tool_choice", { tool_choice: "maybe" }, '"tool_choice" must be "none", "auto", "required" or null.'],
  [
    "tool_choice.function.name",
    { tool_choice: { type: "function", function: {} } },
    '"tool_choice.function.name" is required.',
  ],
  [
    "response_format.type",
    { response_format: { type: "xml" } },
    '"response_format.type" must be "text", "json_object" or "json_schema".',
  ],
  [
    "response_format.json_schema.name",
    { response_format: { type: "json_schema", json_schema: {} } },
    '"response_format.json_schema.name" is required.',
  ],
  [
    "reasoning_effort",
    { reasoning_effort: "extreme" },
    '"reasoning_effort" must be "none", "minimal", "low", "medium", "high", "xhigh" or null.',
  ],
  [
    "stream_options.a",
    { stream_options: { a: 1 } },
    '"stream_options.a" is not known. Allowed: include_usage, include_obfuscation.',
  ],
  [
    "messages[0].content",
    { messages: [{ role: "user", content: 5 }] },
    '"messages[0].content" must be a string, an array or null; found an integer.',
  ],
  ["messages[0].content", { messages: [{ role: "user" }] }, '"messages[0].content" is required.'],
  [
    "messages[0].tool_call_id",
    { messages: [{ role: "tool", content: "1" }] },
    '"messages[0].tool_call_id" is required.',
  ],
])("%s of a chat: %j", (param, body, says) => {
  const chat = { model: "m", messages: [{ role: "user", content: "Hello" }], ...body };
  expect(refusal("chat_completion_request", chat)).toEqual({ says, param });
});

test.each<[unknown, string]>([
  ["0", '"max_price_wei" does not have the required form (^[1-9][0-9]{0,77}$).'],
  [5, '"max_price_wei" must be a string or null; found an integer.'],
])("a ceiling of %j in a policy", (max_price_wei, says) => {
  const others = [
    "model_allowlist",
    "route_tiers",
    "requests_per_minute",
    "tokens_per_minute",
    "max_concurrent_requests",
  ];
  const policy = {
    ...Object.fromEntries(others.map((name) => [name, null])),
    spend_caps: [],
    expose_node: false,
    low_balance_threshold_wei: null,
    max_price_wei,
  };
  expect(refusal("customer_policy_request", policy)).toEqual({ says, param: "max_price_wei" });
});

test.each<[object, unknown, string]>([
  [{ type: "string", minLength: 4, maxLength: 4 }, "abc", '"field" must have exactly 4 characters; found 3.'],
  [{ type: "string", maxLength: 1 }, "ab", '"field" must have at most 1 character; found 2.'],
  [{ type: "array", minItems: 2 }, [1], '"field" must have at least 2 items; found 1.'],
  [{ type: "object", minProperties: 1 }, {}, '"field" must have at least 1 member.'],
  [{ type: "integer", minimum: 1 }, 0, '"field" must be at least 1; found 0.'],
  [{ type: "integer", maximum: 9 }, 10, '"field" must be at most 9; found 10.'],
  [{ type: "integer", minimum: 1, maximum: 9 }, 10, '"field" must be from 1 to 9; found 10.'],
  [{ not: {} }, 1, '"field" is not allowed here.'],
  [{ type: "object", additionalProperties: false }, { "two words": 1 }, 'A member of "field" is not known.'],
])("%j refuses %j", (schema, value, says) => {
  expect(
    saysOf({ requestBody: { type: "object", properties: { field: schema } } }, { requestBody: { field: value } }),
  ).toBe(says);
});

test.each<[string, string]>([
  ["query", 'The query parameter "limit" must be at most 9; found 10.'],
  ["path", 'The path parameter "limit" must be at most 9; found 10.'],
  ["header", 'The header "limit" must be at most 9; found 10.'],
  ["cookie", 'The cookie "limit" must be at most 9; found 10.'],
])("a parameter in the %s is named as one", (place, says) => {
  const schema = {
    [place]: { type: "object", required: ["limit"], properties: { limit: { type: "integer", maximum: 9 } } },
  };
  expect(saysOf(schema, { [place]: { limit: 10 } })).toBe(says);
  expect(saysOf(schema, { [place]: {} })).toBe(says.replace(/ must .*/, " is required."));
});

test("the body itself is named as the body", () => {
  expect(saysOf({ requestBody: { type: "object" } }, { requestBody: [] })).toBe(
    "The body must be an object; found an array.",
  );
});
