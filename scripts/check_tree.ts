/** Holds the tree of files against its rules (tree_rules.ts); prints each break. */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { duplicateNames, misplacedTests } from "./tree_rules.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: ROOT });
const tracked = listed
  .toString()
  .split("\n")
  .filter((file) => file !== "" && fs.existsSync(path.join(ROOT, file)));

const problems = [...duplicateNames(tracked), ...misplacedTests(tracked)];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
