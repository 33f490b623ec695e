/** Runs other people's programs and keeps their output for the report. */
import { spawn } from "node:child_process";
import * as path from "node:path";

export const ROOT = path.resolve(import.meta.dirname, "..", "..");
/** The folder for environments and reports of the steps, outside version control. */
export const CACHE = path.join(ROOT, "node_modules", ".cache", "contract");

export type Ran = { code: number | null; output: string };

/** The result of a step: one line for the report, and the whole output of a failure. */
export type Outcome = { passed: boolean; summary: string; details?: string };

/** Runs a program in the checkout, or in a folder `cwd`; credentials go in `env`, never in `args`. */
export function runTool(
  file: string,
  args: string[],
  env: Record<string, string> = {},
  cwd: string = ROOT,
): Promise<Ran> {
  const child = spawn(file, args, {
    cwd,
    env: {
      ...process.env,
      PATH: `${path.dirname(process.execPath)}:${process.env["PATH"] ?? ""}`,
      NO_COLOR: "1",
      REDOCLY_TELEMETRY: "off",
      REDOCLY_SUPPRESS_UPDATE_NOTICE: "true",
      PYTHONUNBUFFERED: "1",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: null, output: String(error) }));
    child.once("close", (code) => resolve({ code, output: Buffer.concat(chunks).toString() }));
  });
}

/** A command of the packages of this checkout, by name. */
export function packageTool(name: string): string {
  return path.join(ROOT, "node_modules", ".bin", name);
}
