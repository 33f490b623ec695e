/** Redocly's runner over the Arazzo workflows of a surface. */
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { CACHE, packageTool, ROOT, runTool } from "./tool.ts";
import type { Outcome } from "./tool.ts";

type Check = { passed: boolean; severity: string };
type Workflow = { workflowId: string; executedSteps: { stepId: string; checks?: Check[] }[] };
type Report = { files: Record<string, { executedWorkflows: Workflow[] }> };

/**
 * The runner holds a whole stream against the schema, which describes one event; events are looked at by the other
 * steps.
 */
const STREAMS: readonly string[] = ["stream"];

/**
 * Runs all workflows of a surface; `inputs` go by the environment, as they are secrets. `others` are further servers by
 * their source's name.
 */
export async function respect(
  surface: "hosted" | "local",
  url: string,
  inputs: Record<string, unknown>,
  others: Record<string, string> = {},
): Promise<Outcome> {
  fs.mkdirSync(CACHE, { recursive: true });
  const servers = Object.entries({ [surface]: url, ...others }).flatMap(([name, address]) => [
    "--server",
    `${name}=${address}`,
  ]);
  const whole = await run(surface, inputs, "answers", [...servers, ...STREAMS.map((workflow) => `--skip=${workflow}`)]);
  const flags = [...servers, ...STREAMS.map((workflow) => `--workflow=${workflow}`), "--severity=SCHEMA_CHECK=off"];
  return outcomeOf(surface, [whole, await run(surface, inputs, "streams", flags)]);
}

type Run = { code: number | null; output: string; report: Report };

async function run(surface: string, inputs: Record<string, unknown>, name: string, flags: string[]): Promise<Run> {
  const file = path.join(CACHE, `respect-${surface}-${name}.json`);
  fs.rmSync(file, { force: true });
  const args = ["respect", `openapi/workflows/${surface}.arazzo.yaml`, "--json-output", file, ...flags];
  const { code, output } = await runTool(packageTool("redocly"), args, {
    REDOCLY_CLI_RESPECT_INPUT: JSON.stringify(inputs),
  });
  return {
    code,
    output,
    report: fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as Report) : { files: {} },
  };
}

function outcomeOf(surface: string, runs: Run[]): Outcome {
  const files = runs.flatMap(({ report }) => Object.values(report.files));
  const workflows = files.flatMap((file) => file.executedWorkflows).filter((one) => one.executedSteps.length > 0);
  // Only the last try of a repeated step counts.
  const steps = workflows.flatMap(({ executedSteps }) => [
    ...new Map(executedSteps.map((step) => [step.stepId, step])).values(),
  ]);
  const checks = steps.flatMap((step) => step.checks ?? []).filter(({ severity }) => severity !== "off");
  const names = workflows.map(({ workflowId }) => workflowId);
  const missing = workflowsOf(surface).filter((name) => !names.includes(name));
  const ran = `${names.join(", ")}: ${steps.length} steps, ${checks.filter(({ passed }) => passed).length} of ${checks.length} checks`;
  return {
    passed: runs.every(({ code }) => code === 0) && missing.length === 0,
    summary: missing.length === 0 ? ran : `${ran}; did not run: ${missing.join(", ")}`,
    details: runs
      .filter(({ code }) => code !== 0)
      .map(({ output }) => output)
      .join("\n"),
  };
}

function workflowsOf(surface: string): string[] {
  const file = path.join(ROOT, "openapi", "workflows", `${surface}.arazzo.yaml`);
  return (parse(fs.readFileSync(file, "utf8")) as { workflows: { workflowId: string }[] }).workflows.map(
    ({ workflowId }) => workflowId,
  );
}
