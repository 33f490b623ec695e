/** Which documented statuses the run produced: the gateway counts each answer by operation and status. */
import * as fs from "node:fs";
import * as path from "node:path";
import { CACHE, ROOT } from "./tool.ts";
import type { Outcome } from "./tool.ts";

type Document = { paths: Record<string, Record<string, { operationId?: string; responses?: Record<string, unknown> }>> };
export type Row = { operation: string; produced: number[]; missing: number[]; undocumented: number[] };

/** One row an operation of the document; `metrics` is the text of /metrics. */
export function coverageOf(document: unknown, metrics: string): Row[] {
  const seen = new Map<string, Set<number>>();
  for (const [, labels] of metrics.matchAll(/^b3iq_http_requests_total\{([^}]*)\} [1-9]/gm)) {
    const [operation, status] = ["operation", "status"].map((name) => new RegExp(`${name}="([^"]*)"`).exec(labels!)?.[1]);
    if (operation !== undefined && status !== undefined) seen.set(operation, (seen.get(operation) ?? new Set()).add(Number(status)));
  }
  const operations = Object.values((document as Document).paths).flatMap((item) => Object.values(item)).filter((one) => one.operationId !== undefined);
  return operations.map(({ operationId, responses }) => {
    const documented = Object.keys(responses ?? {}).map(Number);
    const produced = [...(seen.get(operationId!) ?? [])].sort();
    return {
      operation: operationId!, produced: produced.filter((status) => documented.includes(status)),
      missing: documented.filter((status) => !produced.includes(status)), undocumented: produced.filter((status) => !documented.includes(status)),
    };
  });
}

/** Statuses that routing answers for every path, before there is an operation to document them. */
const OF_ROUTING: readonly number[] = [204, 404, 405, 431];

/** Writes the table; fails when an operation gave a status that its document does not have, or was never asked. */
export async function coverage(metrics_url: string): Promise<Outcome> {
  const document: unknown = JSON.parse(fs.readFileSync(path.join(ROOT, "generated", "hosted.json"), "utf8"));
  const rows = coverageOf(document, await (await fetch(metrics_url)).text());
  const file = path.join(CACHE, "coverage-hosted.md");
  const lines = rows.map(({ operation, produced, missing }) => `| ${operation} | ${produced.join(" ")} | ${missing.join(" ")} |`);
  fs.writeFileSync(file, ["| operation | produced | not in this run |", "| --- | --- | --- |", ...lines, ""].join("\n"));
  const sum = (name: "produced" | "missing") => rows.reduce((total, row) => total + row[name].length, 0);
  const wrong = rows.filter(({ undocumented }) => undocumented.some((status) => !OF_ROUTING.includes(status)));
  const succeeded = rows.filter(({ produced }) => produced.some((status) => status < 300)).length;
  return {
    passed: wrong.length === 0,
    summary: `${sum("produced")} of ${sum("produced") + sum("missing")} documented answers of ${rows.length} operations produced, ${succeeded} operations with a success; table in ${path.relative(ROOT, file)}`,
    details: wrong.map(({ operation, undocumented }) => `${operation}: ${undocumented.join(" ")}`).join("\n"),
  };
}
