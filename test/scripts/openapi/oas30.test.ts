import { describe, expect, it } from "vitest";
import { toOpenApi30 } from "../../../scripts/openapi/oas30.ts";

const view = (schema: unknown): unknown => {
  const document = {
    openapi: "3.1.0",
    info: { title: "t", version: "1", summary: "s" },
    paths: {},
    components: { schemas: { it: schema } },
  };
  return (toOpenApi30(document) as { components: { schemas: { it: unknown } } }).components.schemas.it;
};

describe("the 3.0 view", () => {
  it.each([
    [
      { type: ["string", "null"], maxLength: 3 },
      { type: "string", nullable: true, maxLength: 3 },
    ],
    [{ type: ["string", "integer", "null"] }, { nullable: true, anyOf: [{ type: "string" }, { type: "integer" }] }],
    [{ const: "[DONE]" }, { type: "string", enum: ["[DONE]"] }],
    [
      { anyOf: [{ type: "string" }, { type: "null" }] },
      { anyOf: [{ type: "string" }, { type: "string", nullable: true, enum: [null] }] },
    ],
    [
      { type: "number", exclusiveMinimum: 0 },
      { type: "number", minimum: 0, exclusiveMinimum: true },
    ],
    [
      { type: "string", contentMediaType: "application/octet-stream" },
      { type: "string", format: "binary" },
    ],
    [{ $ref: "#/components/schemas/other", description: "said here" }, { $ref: "#/components/schemas/other" }],
    [
      { type: "object", properties: { a: { const: 1 } } },
      { type: "object", properties: { a: { enum: [1] } } },
    ],
    [
      { type: "object", properties: { type: { type: ["string", "null"] } } },
      { type: "object", properties: { type: { type: "string", nullable: true } } },
    ],
  ])("writes %j as 3.0 has it", (schema, expected) => {
    expect(view(schema)).toEqual(expected);
  });

  it("leaves examples as they are", () => {
    expect(view({ type: "object", example: { const: 1, type: ["a", "null"] } })).toEqual({
      type: "object",
      example: { const: 1, type: ["a", "null"] },
    });
  });

  it("says its version and drops what 3.0 has no place for", () => {
    expect(
      toOpenApi30({
        openapi: "3.1.0",
        info: { title: "t", version: "1", summary: "s", license: { name: "L", identifier: "L" } },
        paths: {},
      }),
    ).toEqual({
      openapi: "3.0.3",
      info: { title: "t", version: "1", license: { name: "L", url: "https://spdx.org/licenses/L.html" } },
      paths: {},
    });
  });
});
