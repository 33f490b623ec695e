/** The Python tools, each set in an environment of its own that is made once below node_modules/.cache. */
import * as fs from "node:fs";
import * as path from "node:path";
import { CACHE, runTool } from "./tool.ts";

const TOOLS = ["schemathesis==4.32.5", "openai==3.54.0"];

export type Python = { python: string; schemathesis: string };
/** A folder of programs, and the Python among them. */
export type Environment = { python: string; bin: string };

/** An environment with these packages, or why there is none: no Python from 3.10 on, no venv, or no package index within reach. */
export async function pythonEnvironment(name: string, packages: string[]): Promise<Environment | { missing: string }> {
  const place = path.join(CACHE, name);
  const mark = path.join(place, "made");
  const bin = path.join(place, "bin");
  const environment = { python: path.join(bin, "python"), bin };
  const wanted = packages.join("\n");
  if (fs.existsSync(mark) && fs.readFileSync(mark, "utf8") === wanted) return environment;
  const version = await runTool("python3", ["-c", "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))"]);
  if (version.code !== 0) return { missing: "no Python 3.10 or newer with venv and pip" };
  const made = await runTool("python3", ["-m", "venv", "--clear", place]);
  if (made.code !== 0) return { missing: `no virtual environment: ${made.output.trim().split("\n").at(-1)}` };
  const pip = await runTool(environment.python, [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    ...packages,
  ]);
  if (pip.code !== 0)
    return { missing: `pip cannot install ${packages.join(", ")}: ${pip.output.trim().split("\n").at(-1)}` };
  fs.writeFileSync(mark, wanted);
  return environment;
}

/** The packages of the steps in Python. */
export async function pythonTools(): Promise<Python | { missing: string }> {
  const environment = await pythonEnvironment("python", TOOLS);
  if ("missing" in environment) return environment;
  return { python: environment.python, schemathesis: path.join(environment.bin, "st") };
}
