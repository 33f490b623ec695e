import { expect, test } from "vitest";
import { coverageOf, readAnswers } from "../../scripts/contract/coverage.ts";

const document = {
  paths: {
    "/a": {
      parameters: [],
      get: { operationId: "getA", responses: { 200: {}, 404: {} } },
      post: { operationId: "makeA", responses: { 201: {} } },
    },
  },
};

test("answers that were counted are set against those that are documented", () => {
  const metrics = [
    "# TYPE b3iq_http_requests_total counter",
    'b3iq_http_requests_total{operation="getA",status="200"} 3',
    'b3iq_http_requests_total{operation="getA",status="418"} 1',
    'b3iq_http_requests_total{operation="makeA",status="201"} 0',
    'b3iq_http_requests_total{operation="none",status="404"} 7',
  ].join("\n");
  expect(coverageOf(document, metrics)).toEqual([
    { operation: "getA", produced: [200], missing: [404], undocumented: [418] },
    { operation: "makeA", produced: [], missing: [201], undocumented: [] },
  ]);
});

test("a report of answers says what was not produced", () => {
  const head = "| operation | status | media type | produced |\n| --- | --- | --- | --- |\n";
  expect(
    readAnswers(
      `${head}| getA | 200 | application/json | yes |\n| getA | 404 | application/json | NO |\n| makeA | 204 | - | yes |\n`,
    ),
  ).toEqual({ produced: 2, missing: ["getA 404 application/json"] });
});
