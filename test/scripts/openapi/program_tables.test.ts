import { expect, test } from "vitest";
import { routesOf, tunnelSchemas } from "../../../scripts/openapi/program_tables.ts";

const json = (name: string) => ({
  content: { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } },
});
const DOCUMENT = {
  paths: {
    "/v1/things/{id}": {
      get: { operationId: "getThing", responses: { 200: json("thing") } },
      post: { operationId: "moveThing", requestBody: json("move"), responses: { 204: {} } },
    },
  },
  components: { schemas: { thing: { type: "object" }, move: { type: "object" } } },
};

test("a document's routes are its operations by id, with method and path template", () => {
  expect(routesOf({ things: DOCUMENT }).replaceAll(/\s+/g, " ")).toBe(
    'export const THINGS_ROUTES = { "getThing": { "method": "GET", "path": "/v1/things/{id}" }, ' +
      '"moveThing": { "method": "POST", "path": "/v1/things/{id}" } } as const; ',
  );
});

test("the tunnel's table names the schemas of each body, and null where there is none", () => {
  const text = tunnelSchemas(DOCUMENT);
  expect(text).toContain('"thing": {\n    "type": "object"');
  expect(text.replaceAll(/\s+/g, " ")).toContain(
    '"getThing": { "request": null, "answer": "thing" }, "moveThing": { "request": "move", "answer": null }',
  );
});
