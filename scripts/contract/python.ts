/** The Python tools, in an environment that is made once below node_modules/.cache. */
import * as fs from "node:fs";
import * as path from "node:path";
import { CACHE, runTool } from "./tool.ts";

const PACKAGES = ["schemathesis==4.32.5", "openai==3.54.0"];
const PLACE = path.join(CACHE, "python");
const MADE = path.join(PLACE, "made");

export type Python = { python: string; schemathesis: string };

/** The environment, or why there is none: no Python from 3.10 on, no venv, or no package index within reach. */
export async function pythonTools(): Promise<Python | { missing: string }> {
  const tools = { python: path.join(PLACE, "bin", "python"), schemathesis: path.join(PLACE, "bin", "st") };
  const wanted = PACKAGES.join("\n");
  if (fs.existsSync(MADE) && fs.readFileSync(MADE, "utf8") === wanted) return tools;
  const version = await runTool("python3", ["-c", "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))"]);
  if (version.code !== 0) return { missing: "no Python 3.10 or newer with venv and pip" };
  const made = await runTool("python3", ["-m", "venv", "--clear", PLACE]);
  if (made.code !== 0) return { missing: `no virtual environment: ${made.output.trim().split("\n").at(-1)}` };
  const pip = await runTool(tools.python, [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    ...PACKAGES,
  ]);
  if (pip.code !== 0)
    return { missing: `pip cannot install ${PACKAGES.join(", ")}: ${pip.output.trim().split("\n").at(-1)}` };
  fs.writeFileSync(MADE, wanted);
  return tools;
}
