/** Redocly's runner over the Arazzo workflows of a surface. */
import * as fs from "node:fs";
import * as path from "node:path";
import { CACHE, packageTool, runTool } from "./tool.ts";
import type { Outcome } from "./tool.ts";

type Check = { passed: boolean };
type Workflow = { executedSteps: { checks?: Check[] }[] };
type Report = { files: Record<string, { executedWorkflows: Workflow[] }> };

/** The runner holds a whole stream against the schema, which describes one event; events are looked at by the other steps. */
const STREAMS: readonly string[] = ["stream"];

/** Runs all workflows of a surface; `inputs` go by the environment, as they are secrets. */
export async function respect(surface: "hosted" | "local", url: string, inputs: Record<string, string>): Promise<Outcome> {
  fs.mkdirSync(CACHE, { recursive: true });
  const whole = await run(surface, url, inputs, "answers", STREAMS.map((workflow) => `--skip=${workflow}`));
  if (surface === "local") return outcomeOf([whole]);
  const flags = [...STREAMS.map((workflow) => `--workflow=${workflow}`), "--severity=SCHEMA_CHECK=off"];
  return outcomeOf([whole, await run(surface, url, inputs, "streams", flags)]);
}

type Run = { code: number | null; output: string; report: Report };

async function run(surface: string, url: string, inputs: Record<string, string>, name: string, flags: string[]): Promise<Run> {
  const file = path.join(CACHE, `respect-${surface}-${name}.json`);
  fs.rmSync(file, { force: true });
  const args = ["respect", `openapi/workflows/${surface}.arazzo.yaml`, "--server", `${surface}=${url}`, "--json-output", file, ...flags];
  const { code, output } = await runTool(packageTool("redocly"), args, { REDOCLY_CLI_RESPECT_INPUT: JSON.stringify(inputs) });
  return { code, output, report: fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as Report) : { files: {} } };
}

function outcomeOf(runs: Run[]): Outcome {
  const files = runs.flatMap(({ report }) => Object.values(report.files));
  const workflows = files.flatMap((file) => file.executedWorkflows).filter((one) => one.executedSteps.length > 0);
  const steps = workflows.flatMap((one) => one.executedSteps);
  const checks = steps.flatMap((step) => step.checks ?? []);
  return {
    passed: runs.every(({ code }) => code === 0) && steps.length > 0,
    summary: `${workflows.length} workflows, ${steps.length} steps, ${checks.filter(({ passed }) => passed).length} of ${checks.length} checks`,
    details: runs.filter(({ code }) => code !== 0).map(({ output }) => output).join("\n"),
  };
}
