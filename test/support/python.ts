/** A Python with one package of PyPI in a folder of its own, made once and kept in the user's cache. */
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { lacking, tool } from "./tools.ts";

const run = promisify(execFile);
const INSTALL_MS = 150_000;

/** `missing` gives the reason why `file` is not a Python; else null. */
export type PythonWith = { file: string; missing: null } | { file: undefined; missing: string };

/** A `python3` that can import this package; its folder also holds `python3` for a PATH. */
export async function pythonWith(name: string): Promise<PythonWith> {
  const missing = lacking("python3");
  if (missing !== null) return { file: undefined, missing };
  const cache = process.env["XDG_CACHE_HOME"] ?? path.join(os.homedir(), ".cache");
  const folder = path.join(cache, `b3iq-tests-python-${name}`);
  const file = path.join(folder, "bin", "python3");
  const works = (): Promise<boolean> =>
    run(file, ["-c", `import ${name}`]).then(
      () => true,
      () => false,
    );
  if (await works()) return { file, missing: null };
  // Test files run in parallel: each makes its own folder, and the first complete one is renamed into place.
  const made = `${folder}.${process.pid}`;
  try {
    fs.mkdirSync(cache, { recursive: true });
    await run(tool("python3")!, ["-m", "venv", made], { timeout: INSTALL_MS });
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", name];
    await run(path.join(made, "bin", "python3"), pip, { timeout: INSTALL_MS });
    fs.rmSync(folder, { recursive: true, force: true });
    fs.renameSync(made, folder);
  } catch {
    fs.rmSync(made, { recursive: true, force: true });
  }
  return (await works()) ? { file, missing: null } : { file: undefined, missing: `pip cannot install ${name} here` };
}
