/** Regenerates into a folder of its own and compares; exits 4 when generated/ is not what openapi/ says. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const STALE = 4;
const fresh = await mkdtemp(join(tmpdir(), "b3iq-generated-"));
try {
  await promisify(execFile)(process.execPath, ["scripts/generate.ts", "--out", fresh], { maxBuffer: 64 * 1024 * 1024 });
  const names = new Set([...(await readdir(fresh)), ...(await readdir("generated"))]);
  const stale: string[] = [];
  for (const name of [...names].sort()) {
    const [made, kept] = await Promise.all(
      [fresh, "generated"].map((folder) => readFile(join(folder, name)).catch(() => undefined)),
    );
    if (!made || !kept || !made.equals(kept)) stale.push(name);
  }
  for (const name of stale) console.log(`generated/${name} is not what openapi/ says; run npm run generate`);
  if (stale.length > 0) process.exitCode = STALE;
} catch (error) {
  console.log((error as { stderr?: string }).stderr?.slice(0, 4000) ?? String(error));
  process.exitCode = 1;
} finally {
  await rm(fresh, { recursive: true, force: true });
}
