import { expect, test } from "vitest";
import { bodyProblem } from "../../src/core/tunnel_contract.ts";

const job_id = "job_0c2f8h5j7k1m3n9p4q6r8s2t5v";

test.each([
  ["cancelJob", { job_id, fence: 1 }],
  ["cancelJob", { job_id, fence: 1, added_by: "a newer gateway" }],
  ["countPrompt", { model: "m", messages: [{ role: "user" }], tools: [] }],
  ["acknowledgeReceipts", { receipt_hashes: ["ab".repeat(32)] }],
  ["refetchReceipts", { acknowledged_since: "2026-11-21T10:15:30.123Z", after: 0, limit: 200 }],
] as const)("%s takes %j", (operation_id, body) => expect(bodyProblem(operation_id, "request", body)).toBeNull());

test.each([
  ["cancelJob", null, ""],
  ["cancelJob", [], ""],
  ["cancelJob", { job_id }, "fence"],
  ["cancelJob", { job_id, fence: 1.5 }, "fence"],
  ["cancelJob", { job_id, fence: 2 ** 60 }, "fence"],
  ["getJob", { job_id: 7 }, "job_id"],
  ["countPrompt", { model: "m", messages: "hi" }, "messages"],
  ["countPrompt", { model: "m", messages: [7] }, "messages.0"],
  ["acknowledgeReceipts", { receipt_hashes: ["x"] }, "receipt_hashes.0"],
  ["acknowledgeReceipts", { receipt_hashes: Array.from({ length: 1_001 }, () => "ab".repeat(32)) }, "receipt_hashes"],
  ["refetchReceipts", { acknowledged_since: "yesterday", after: 0, limit: 1 }, "acknowledged_since"],
  ["refetchReceipts", { acknowledged_since: "2026-11-21T10:15:30Z", after: -1, limit: 1 }, "after"],
] as const)("%s refuses %j and names the member", (operation_id, body, param) => {
  expect(bodyProblem(operation_id, "request", body)).toMatchObject({ param });
});

test("an answer is held against the answer's schema; the drain and the dispatch have none here", () => {
  expect(bodyProblem("countPrompt", "answer", { prompt_tokens: 9 })).toBeNull();
  expect(bodyProblem("countPrompt", "answer", { prompt_tokens: "9" })).toMatchObject({ param: "prompt_tokens" });
  expect(bodyProblem("getJob", "answer", { state: "gone", receipts: [] })).toMatchObject({ param: "state" });
  expect(bodyProblem("drainTunnel", "request", undefined)).toBeNull();
  expect(bodyProblem("dispatchChat", "answer", "data: [DONE]")).toBeNull();
});
