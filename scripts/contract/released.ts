/** The changes since the last release, and the version that they require. */
import * as fs from "node:fs";
import * as path from "node:path";
import { CACHE, packageTool, ROOT, runTool } from "./tool.ts";
import type { Outcome } from "./tool.ts";

const CONFIG = "extends: [diff-recommended]\n";

/** Fails for a breaking change unless `info.version` rose as semver asks. */
export async function releasedDocument(surface: "hosted" | "local"): Promise<Outcome> {
  const config = path.join(CACHE, "diff.yaml");
  fs.mkdirSync(CACHE, { recursive: true });
  fs.writeFileSync(config, CONFIG);
  const [base, revision] = [
    path.join("openapi", "released", `${surface}.json`),
    path.join("generated", `${surface}.json`),
  ];
  const { code, output } = await runTool(packageTool("redocly"), [
    "diff",
    base,
    revision,
    `--config=${config}`,
    "--fail-on=none",
    "--check-version",
  ]);
  const verdict = /\d+ major, \d+ minor, \d+ patch/.exec(output)?.[0] ?? "no verdict";
  const version = (file: string) =>
    (JSON.parse(fs.readFileSync(path.join(ROOT, file), "utf8")) as { info: { version: string } }).info.version;
  return { passed: code === 0, summary: `${version(base)} to ${version(revision)}: ${verdict}`, details: output };
}
