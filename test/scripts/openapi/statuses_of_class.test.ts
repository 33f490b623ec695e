import { describe, expect, it } from "vitest";
import { followingStatuses, sharedResponse, withoutStatuses } from "../../../scripts/openapi/statuses_of_class.ts";
import plugin from "../../../scripts/openapi/redocly_plugin.ts";
import type { Dict } from "../../../scripts/openapi/document_walk.ts";

const operation = (change: Dict = {}): Dict => ({
  operationId: "getThing",
  "x-b3iq-envelope": "native",
  "x-b3iq-class": ["keyed", "id"],
  responses: { 200: { description: "It." } },
  ...change,
});

describe("the statuses of a class", () => {
  it("are those of each of its words, and those of every operation, once", () => {
    expect(followingStatuses(operation(), new Set())).toEqual([400, 500, 401, 403, 429, 404]);
  });

  it("have 304 where the answer is cached", () => {
    expect(followingStatuses(operation({ "x-b3iq-cache-seconds": 5 }), new Set())).toContain(304);
  });

  it("lack what a decision took away from this operation", () => {
    const without = withoutStatuses("| 403 | `listKeys`, `getThing` | why |\n| 404 | `putThing` | why |\n");
    expect([...without]).toEqual(["listKeys 403", "getThing 403", "putThing 404"]);
    expect(followingStatuses(operation(), without)).toEqual([400, 500, 401, 429, 404]);
  });

  it("are answered in the operation's envelope", () => {
    expect(sharedResponse(operation({ "x-b3iq-envelope": "openai" }), 404)).toBe("openai_404");
    expect(sharedResponse(operation(), 304)).toBe("not_modified");
  });
});

describe("what Redocly adds", () => {
  const visit = (one: Dict): Dict => {
    plugin().preprocessors.oas3["failures-of-class"]().Operation.enter(one);
    return one["responses"] as Dict;
  };

  it("is every failure of the class, beside what is typed", () => {
    const responses = visit(operation({ responses: { 200: { description: "It." }, 404: { description: "Own." } } }));
    expect(Object.keys(responses)).toEqual(["200", "400", "401", "403", "404", "429", "500"]);
    expect(responses["401"]).toEqual({ $ref: "../common/responses.yaml#/native_401" });
    expect(responses["404"]).toEqual({ description: "Own." });
  });

  it("is nothing for an operation of no class, such as one of another document", () => {
    expect(Object.keys(visit(operation({ "x-b3iq-class": undefined })))).toEqual(["200"]);
  });

  it("leaves out what docs/decisions/0004-statuses.md takes away", () => {
    expect(Object.keys(visit(operation({ operationId: "getPublicNode" })))).not.toContain("500");
  });
});
