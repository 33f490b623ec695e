import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { ciSummary, type Report } from "../../scripts/ci_summary.ts";

const passed = { status: "passed", fullName: "adds", failureMessages: [] };
const broken = { status: "failed", fullName: "divides", failureMessages: ["by zero"] };

function report(...testResults: Report["testResults"]): Report {
  const tests = testResults.flatMap((file) => file.assertionResults);
  const count = (status: string) => tests.filter((one) => one.status === status).length;
  return { numPassedTests: count("passed"), numFailedTests: count("failed"), testResults };
}

test("counts passed and failed tests, and prints each failure", () => {
  const file = { name: "sum.test.ts", status: "failed", assertionResults: [passed, broken] };
  expect(ciSummary(report(file), 0, 1)).toEqual(["failed: sum.test.ts: divides", "by zero", "1 passed, 1 failed"]);
});

test("steps before the tests count as failures", () => {
  expect(ciSummary(report({ name: "a", status: "passed", assertionResults: [passed] }), 2, 0)).toEqual([
    "1 passed, 2 failed",
  ]);
});

test("a file that could not be loaded counts as one failure", () => {
  expect(ciSummary(report({ name: "a", status: "failed", assertionResults: [] }), 0, 1)).toEqual([
    "0 passed, 1 failed",
  ]);
});

test("a run that left no report, or failed without a failed test, has failed", () => {
  expect(ciSummary(null, 0, 0)).toEqual(["0 passed, 1 failed"]);
  expect(ciSummary(report({ name: "a", status: "passed", assertionResults: [passed] }), 0, 1)).toEqual([
    "1 passed, 1 failed",
  ]);
});

test("the program reads a report that is not there as none", () => {
  const words = ["scripts/ci_summary.ts", "/nonexistent/report.json", "3", "1"];
  expect(execFileSync(process.execPath, words, { encoding: "utf8" }).trim().split("\n").at(-1)).toBe(
    "0 passed, 4 failed",
  );
});
