/** `node scripts/check_references.ts` prints each missing page, section or file that a source or a page names. */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { conflictProblems, referenceProblems } from "./references.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const TEXT = /\.(ts|js|mjs|cjs|py|sh|sql|yaml|md|toml|conf)$|(^|\/)(Makefile|Caddyfile|Dockerfile|run)$/;
/** Left out: files made by programs or by others, and the changelog, which describes past releases. */
const NOT_OURS = /^(generated|openapi\/released|node_modules)\/|^test\/scripts\/references|^CHANGELOG\.md$/;

const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && fs.existsSync(path.join(ROOT, file)));

const texts = new Map(
  tracked
    .filter((file) => TEXT.test(file) && !NOT_OURS.test(file))
    .map((file) => [file, fs.readFileSync(path.join(ROOT, file), "utf8")]),
);
const problems = [...referenceProblems(texts, new Set(tracked)), ...conflictProblems(texts)];
for (const problem of problems) console.error(problem);
if (problems.length > 0) {
  console.error(`${problems.length} problems of references and merges`);
  process.exitCode = 1;
}
