import { describe, expect, test } from "vitest";
import { acceptable } from "../../../src/surface/http/accept.ts";
import { eventData } from "../../../src/core/event_stream.ts";
import { envelopeOf } from "../../../src/surface/unknown_path.ts";
import { ApiError } from "../../../src/core/errors.ts";
import { errorHeaders } from "../../../src/core/error_envelope.ts";
import { describeThrown } from "../../../src/surface/error_answer.ts";

describe("Accept", () => {
  const offered = ["application/json", "text/csv"];
  test.each([
    [undefined, "application/json"],
    ["", "application/json"],
    ["*/*", "application/json"],
    ["text/*", "text/csv"],
    ["text/csv;q=0.5, application/json;q=0.4", "text/csv"],
    ["text/csv;q=0, */*", "application/json"],
    ["TEXT/CSV", "text/csv"],
    ["image/png", undefined],
    ["application/json;q=0", undefined],
  ])("%s", (header, expected) => {
    expect(acceptable(header, offered)).toBe(expected);
  });
});

test("events are read as clients read them", () => {
  expect(eventData(`: note\n\ndata: {"a":1}\n\nevent: x\ndata: 1\ndata:2\n\n\r\ndata: [DONE]\r\n\r\n`)).toEqual([
    `{"a":1}`,
    "1\n2",
    "[DONE]",
  ]);
});

test.each([
  ["/v1/chat/completions", "openai"],
  ["/v1/models/a/b", "openai"],
  ["/v1/batches/x/cancel", "openai"],
  ["/v1/responses", "openai"],
  ["/v1/responsesx", "native"],
  ["/v1/billing/account", "native"],
  ["/", "native"],
])("%s answers in the %s envelope", (path, envelope) => {
  expect(envelopeOf(path)).toBe(envelope);
});

test("waits are told in whole seconds, upwards, and exactly", () => {
  const headers = (retry_after_ms: number) => errorHeaders(new ApiError("rate_limited", "x", { retry_after_ms }));
  expect(headers(1)).toMatchObject({ "retry-after": "1", "retry-after-ms": "1", "x-should-retry": "true" });
  expect(headers(1001)).toMatchObject({ "retry-after": "2" });
  expect(errorHeaders(new ApiError("rate_limited", "x"))).not.toHaveProperty("retry-after");
  expect(
    errorHeaders(new ApiError("rate_limited", "x", { headers: { "X-Should-Retry": "false" } }))["x-should-retry"],
  ).toBe("false");
});

test("a thrown thing is described without its text, even when the text looks like a stack", () => {
  const error = new Error("PROMPT\n    at PROMPT (x:1:2)\nmore PROMPT");
  expect(JSON.stringify(describeThrown(error))).not.toContain("PROMPT");
  expect(describeThrown("PROMPT")).toEqual({ error_name: "string", frames: [] });
});
