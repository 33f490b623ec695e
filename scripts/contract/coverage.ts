/** Which documented statuses the run produced: the gateway counts each answer by operation and status. */
import * as fs from "node:fs";
import * as path from "node:path";
import { CACHE, packageTool, ROOT, runTool } from "./tool.ts";
import type { Outcome } from "./tool.ts";

type Document = {
  paths: Record<string, Record<string, { operationId?: string; responses?: Record<string, unknown> }>>;
};
export type Row = { operation: string; produced: number[]; missing: number[]; undocumented: number[] };

/** One row an operation of the document; `metrics` is the text of /metrics. */
export function coverageOf(document: unknown, metrics: string): Row[] {
  const seen = new Map<string, Set<number>>();
  for (const [, labels] of metrics.matchAll(/^b3iq_http_requests_total\{([^}]*)\} [1-9]/gm)) {
    const [operation, status] = ["operation", "status"].map(
      (name) => new RegExp(`${name}="([^"]*)"`).exec(labels!)?.[1],
    );
    if (operation !== undefined && status !== undefined)
      seen.set(operation, (seen.get(operation) ?? new Set()).add(Number(status)));
  }
  const operations = Object.values((document as Document).paths)
    .flatMap((item) => Object.values(item))
    .filter((one) => one.operationId !== undefined);
  return operations.map(({ operationId, responses }) => {
    const documented = Object.keys(responses ?? {}).map(Number);
    const produced = [...(seen.get(operationId!) ?? [])].sort();
    return {
      operation: operationId!,
      produced: produced.filter((status) => documented.includes(status)),
      missing: documented.filter((status) => !produced.includes(status)),
      undocumented: produced.filter((status) => !documented.includes(status)),
    };
  });
}

type Surface = "hosted" | "local";
const reportOf = (surface: Surface) => path.join(CACHE, `answers-${surface}.md`);
const documentOf = (surface: Surface) => path.join(ROOT, "generated", `${surface}.json`);

/** True when the tests of statuses reported after the document was made. */
function isFresh(surface: Surface): boolean {
  return (
    fs.existsSync(reportOf(surface)) &&
    fs.statSync(reportOf(surface)).mtimeMs > fs.statSync(documentOf(surface)).mtimeMs
  );
}

/** The number of produced answers in a report, and the rows that were not produced. */
export function readAnswers(report: string): { produced: number; missing: string[] } {
  const rows = [...report.matchAll(/^\| (\w+) \| (\d{3}) \| (\S+) \| (yes|NO) \|$/gm)];
  return {
    produced: rows.filter(([, , , , produced]) => produced === "yes").length,
    missing: rows.filter(([, , , , produced]) => produced === "NO").map(([, ...row]) => row.slice(0, 3).join(" ")),
  };
}

/**
 * Every documented answer (operation, status, media type) as the tests of statuses produced it; runs them when there is
 * no fresh report.
 */
export async function everyAnswer(surface: Surface): Promise<Outcome> {
  const ran = isFresh(surface)
    ? undefined
    : await runTool(packageTool("vitest"), ["run", `test/contract/${surface}_statuses.test.ts`]);
  if (!isFresh(surface))
    return { passed: false, summary: "the tests of statuses made no report", details: ran?.output ?? "" };
  const { produced, missing } = readAnswers(fs.readFileSync(reportOf(surface), "utf8"));
  return {
    passed: missing.length === 0 && produced > 0 && (ran === undefined || ran.code === 0),
    summary: `${produced} of ${produced + missing.length} documented answers produced over HTTP (operation x status x media type); table in ${path.relative(ROOT, reportOf(surface))}`,
    details: [...missing, ran?.output ?? ""].join("\n"),
  };
}

/** Statuses of the router, which answers before there is an operation that could document them. */
const OF_ROUTING: readonly number[] = [204, 404, 405, 431];

/** Writes the table; fails when an operation gave a status that its document does not have, or was never asked. */
export async function coverage(metrics_url: string): Promise<Outcome> {
  const document: unknown = JSON.parse(fs.readFileSync(path.join(ROOT, "generated", "hosted.json"), "utf8"));
  const rows = coverageOf(document, await (await fetch(metrics_url)).text());
  const file = path.join(CACHE, "coverage-hosted.md");
  const lines = rows.map(
    ({ operation, produced, missing }) => `| ${operation} | ${produced.join(" ")} | ${missing.join(" ")} |`,
  );
  fs.writeFileSync(
    file,
    ["| operation | produced | not in this run |", "| --- | --- | --- |", ...lines, ""].join("\n"),
  );
  const sum = (name: "produced" | "missing") => rows.reduce((total, row) => total + row[name].length, 0);
  const wrong = rows.filter(({ undocumented }) => undocumented.some((status) => !OF_ROUTING.includes(status)));
  const succeeded = rows.filter(({ produced }) => produced.some((status) => status < 300)).length;
  return {
    passed: wrong.length === 0,
    summary: `${sum("produced")} of ${sum("produced") + sum("missing")} documented answers of ${rows.length} operations produced, ${succeeded} operations with a success; table in ${path.relative(ROOT, file)}`,
    details: wrong.map(({ operation, undocumented }) => `${operation}: ${undocumented.join(" ")}`).join("\n"),
  };
}
