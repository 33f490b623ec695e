/** `ci_summary.ts REPORT FAILED_STEPS STATUS`: the failures of a test run, and the line "N passed, N failed" of .ci/run. */
import { readFileSync } from "node:fs";

type TestResult = { status: string; fullName: string; failureMessages: string[] };
type FileResult = { name: string; status: string; assertionResults: TestResult[] };
/** The parts of vitest's JSON report that are read here. */
export type Report = { numPassedTests: number; numFailedTests: number; testResults: FileResult[] };

/**
 * The lines to print; the last one has the counts. One failure each: a file that failed without a failed test, a run
 * without a report, a status for which the report gives no reason. @param failed_steps steps before the tests that
 * failed.
 */
export function ciSummary(report: Report | null, failed_steps: number, status: number): string[] {
  const lines: string[] = [];
  let failed = failed_steps + (report?.numFailedTests ?? 1);
  for (const file of report?.testResults ?? []) {
    const failures = file.assertionResults.filter((test) => test.status === "failed");
    if (file.status === "failed" && failures.length === 0) failed++;
    for (const test of failures) {
      lines.push(`failed: ${file.name}: ${test.fullName}`, ...test.failureMessages);
    }
  }
  if (status !== 0 && failed === 0) failed = 1;
  return [...lines, `${report?.numPassedTests ?? 0} passed, ${failed} failed`];
}

function readReport(file: string): Report | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Report;
  } catch {
    return null; // the run broke off
  }
}

if (import.meta.main) {
  const [report, failed_steps, status] = process.argv.slice(2);
  console.log(ciSummary(readReport(report!), Number(failed_steps), Number(status)).join("\n"));
}
