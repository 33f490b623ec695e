import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { openDocument } from "../../src/surface/binding/bind.ts";
import type { Document, Operation } from "../../src/surface/binding/document.ts";
import { responseChecker } from "../../src/surface/binding/response_check.ts";

/** Ten ways in which an answer can part from its document, seeded one at a time into answers that are as documented. */

type Json = Record<string, unknown>;
type Answer = { method: string; status: number; headers: Record<string, string>; body: string };

const document = JSON.parse(
  readFileSync(new URL("../../generated/hosted.json", import.meta.url), "utf8"),
) as Document & {
  components: { examples: Record<string, { value: Json }> };
};
const example = (name: string): Json => structuredClone(document.components.examples[name]!.value);
/** Public reads have closed bodies: what they show is decided, not found. */
const CLOSED = { id: "getNetworkStatus", example: "network_status" };
const checker = responseChecker();
let operations: Map<string, Operation>;

beforeAll(async () => {
  const { router } = await openDocument(document);
  operations = new Map(router.getOperations().map((one) => [one.operationId!, one as unknown as Operation]));
});

/** The headers that an operation must send with a status, and the media type. */
function headersOf(id: string, status: number): Record<string, string> {
  const response = operations.get(id)!.responses[String(status)]!;
  const named = Object.entries(response.headers ?? {}).filter(
    ([, header]) => (header as { required?: boolean }).required,
  );
  return {
    ...Object.fromEntries(named.map(([name]) => [name.toLowerCase(), "1"])),
    "content-type": "application/json; charset=utf-8",
  };
}

function answerOf(id: string, body: Json, status = 200): Answer {
  return {
    method: operations.get(id)!.method.toUpperCase(),
    status,
    headers: headersOf(id, status),
    body: JSON.stringify(body),
  };
}

const problemsOf = (id: string, answer: Answer): string[] => checker.check(operations.get(id)!, answer)?.problems ?? [];

/** What the checker says of a stream of these frames. */
function problemsOfStream(frames: (Json | string)[], asked: { usage: boolean } = { usage: true }): string[] {
  const problems: string[] = [];
  const check = checker.checkStream(
    operations.get("createChatCompletion")!,
    (violation) => problems.push(...violation.problems),
    asked,
  );
  for (const frame of frames) check.push(`data: ${typeof frame === "string" ? frame : JSON.stringify(frame)}\n\n`);
  check.end();
  return problems;
}

const COMPLETION = () => example("chat_completion");
const usage = (): Json => COMPLETION()["usage"] as Json;

test("what is as documented passes", () => {
  expect(problemsOf("createChatCompletion", answerOf("createChatCompletion", COMPLETION()))).toEqual([]);
  expect(problemsOf("getBillingJob", answerOf("getBillingJob", example("billing_job")))).toEqual([]);
  expect(problemsOf("openIncident", answerOf("openIncident", example("incident"), 201))).toEqual([]);
  expect(
    problemsOfStream([example("chat_chunk"), example("chat_chunk_finish"), example("chat_chunk_usage"), "[DONE]"]),
  ).toEqual([]);
});

test("wrong type", () => {
  const body = { ...COMPLETION(), created: "1795256130" };
  expect(problemsOf("createChatCompletion", answerOf("createChatCompletion", body)).join()).toMatch(
    /\/created must be integer/,
  );
});

test("missing required key", () => {
  const { total_tokens, ...rest } = usage();
  const body = { ...COMPLETION(), usage: rest };
  expect(total_tokens).toBeDefined();
  expect(problemsOf("createChatCompletion", answerOf("createChatCompletion", body)).join()).toMatch(
    /required property 'total_tokens'/,
  );
});

test("extra key in a closed body", () => {
  const closed = example(CLOSED.example);
  const body = { ...closed, surprise: 1 };
  expect(problemsOf(CLOSED.id, answerOf(CLOSED.id, closed))).toEqual([]);
  expect(problemsOf(CLOSED.id, answerOf(CLOSED.id, body)).join()).toMatch(/additional|unevaluated/);
});

test("wrong enum", () => {
  const body = { ...example("billing_job"), billing_status: "paid" };
  expect(problemsOf("getBillingJob", answerOf("getBillingJob", body)).join()).toMatch(
    /\/billing_status must be equal to one of/,
  );
});

test("wrong status", () => {
  const answer = { ...answerOf("createChatCompletion", COMPLETION()), status: 202 };
  expect(problemsOf("createChatCompletion", answer)).toEqual(["the status is not documented"]);
});

test("wrong media type", () => {
  const answer = answerOf("createChatCompletion", COMPLETION());
  answer.headers["content-type"] = "text/html";
  expect(problemsOf("createChatCompletion", answer)).toEqual(["the media type is not documented"]);
});

test("missing header", () => {
  const answer = answerOf("createChatCompletion", COMPLETION());
  delete answer.headers["x-request-id"];
  expect(problemsOf("createChatCompletion", answer)).toEqual(["the header x-request-id is missing"]);
});

test("null for string", () => {
  const body = { ...example("incident"), reason: null };
  expect(problemsOf("openIncident", answerOf("openIncident", body, 201)).join()).toMatch(/\/reason must be string/);
});

test("usage frame unasked", () => {
  const frames = [example("chat_chunk"), example("chat_chunk_finish"), example("chat_chunk_usage"), "[DONE]"];
  expect(problemsOfStream(frames, { usage: false }).join()).toMatch(/usage, which was not asked for/);
});

test("second finish_reason", () => {
  const frames = [example("chat_chunk"), example("chat_chunk_finish"), example("chat_chunk_finish"), "[DONE]"];
  expect(problemsOfStream(frames).join()).toMatch(/second finish_reason/);
});
