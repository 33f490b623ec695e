/** Dredd over the 3.0 view of a document: every success example that can be asked for with ids that exist. */
import * as fs from "node:fs";
import * as path from "node:path";
import { callsOf } from "./calls.ts";
import type { Seeds } from "./seeds.ts";
import { CACHE, packageTool, ROOT, runTool } from "./tool.ts";
import type { Outcome } from "./tool.ts";

type Report = { ran: string[]; skipped: Record<string, number>; failed: string[] };

/** Runs Dredd; test/contract/hooks.cjs reads the requests from a file and writes the results beside it. */
export async function dredd(surface: "hosted" | "local", url: string, seeds: Seeds): Promise<Outcome> {
  fs.mkdirSync(CACHE, { recursive: true });
  const [plan, report] = [path.join(CACHE, `dredd-${surface}-plan.json`), path.join(CACHE, `dredd-${surface}.json`)];
  const document: unknown = JSON.parse(fs.readFileSync(path.join(ROOT, "generated", `${surface}.json`), "utf8"));
  fs.writeFileSync(plan, JSON.stringify({ operations: callsOf(document, seeds), report }), { mode: 0o600 });
  fs.rmSync(report, { force: true });
  const args = [
    `generated/${surface}.oas30.json`,
    url,
    "--hookfiles=test/contract/hooks.cjs",
    "--loglevel=error",
    "--config=none.yml",
  ];
  const { code, output } = await runTool(packageTool("dredd"), args, { CONTRACT_DREDD: plan });
  fs.rmSync(plan);
  if (!fs.existsSync(report)) return { passed: false, summary: "did not run to its end", details: output };
  const { ran, skipped, failed } = JSON.parse(fs.readFileSync(report, "utf8")) as Report;
  const reasons = Object.entries(skipped).map(([why, count]) => `      ${count} skipped: ${why}`);
  return {
    passed: code === 0 && failed.length === 0 && ran.length > 0,
    summary: [
      `${ran.length} ran, ${failed.length} failed, ${Object.values(skipped).reduce((sum, count) => sum + count, 0)} skipped`,
      ...reasons,
    ].join("\n"),
    details: [...failed, output].join("\n"),
  };
}
