import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { ANSWER_MUTANTS } from "./answers.ts";
import { CLAIMS_MUTANTS } from "./claims.ts";
import { CONTENT_MUTANTS } from "./content.ts";
import { EVIDENCE_MUTANTS } from "./evidence.ts";
import { LEDGER_MUTANTS } from "./ledger.ts";
import { LOG_MUTANTS } from "./log.ts";

/**
 * A known bug: a text of one file and what stands there instead. The named test must fail with it and pass without. Run
 * as
 * `node test/mutants/run.ts [words of the names]`; works on a copy of the tree.
 */
export type Mutant = {
  name: string;
  file: string;
  find: string;
  replace: string;
  also?: { find: string; replace: string }[];
  test: string;
  /** Part of the test's name. */
  named: string;
};

const ROOT = path.resolve(import.meta.dirname, "../..");
const COPIED = [
  "src",
  "test",
  "generated",
  "bench",
  "openapi",
  "packages",
  "bin",
  "web",
  "package.json",
  "tsconfig.json",
  "vitest.config.ts",
];

type Outcome = "fails" | "passes" | "did not run";

function copyTree(): string {
  const tree = fs.mkdtempSync(path.join(os.tmpdir(), "b3iq-mutants-"));
  for (const name of COPIED)
    if (fs.existsSync(path.join(ROOT, name)))
      fs.cpSync(path.join(ROOT, name), path.join(tree, name), { recursive: true });
  fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(tree, "node_modules"));
  return tree;
}

/** Whether the named test fails; a file that cannot be loaded is no failing test. */
function runTest(tree: string, { test, named }: Mutant): Outcome {
  const report = path.join(tree, "report.json");
  fs.rmSync(report, { force: true });
  const pattern = named.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  spawnSync(
    process.execPath,
    ["node_modules/vitest/vitest.mjs", "run", test, "-t", pattern, "--reporter=json", `--outputFile=${report}`],
    {
      cwd: tree,
      stdio: "ignore",
      timeout: 180_000,
    },
  );
  if (!fs.existsSync(report)) return "did not run";
  const { numFailedTests, numPassedTests } = JSON.parse(fs.readFileSync(report, "utf8")) as {
    numFailedTests: number;
    numPassedTests: number;
  };
  if (numFailedTests > 0) return "fails";
  return numPassedTests > 0 ? "passes" : "did not run";
}

function mutate(tree: string, mutant: Mutant): () => void {
  const file = path.join(tree, mutant.file);
  const original = fs.readFileSync(file, "utf8");
  fs.writeFileSync(file, withBug(mutant, original));
  return () => fs.writeFileSync(file, original);
}

export const MUTANTS: readonly Mutant[] = [
  ...LEDGER_MUTANTS,
  ...LOG_MUTANTS,
  ...EVIDENCE_MUTANTS,
  ...CLAIMS_MUTANTS,
  ...CONTENT_MUTANTS,
  ...ANSWER_MUTANTS,
];

/** The text of a mutant's file with its bug in it. Throws where a line that it changes is not there exactly once. */
export function withBug({ name, file, find, replace, also = [] }: Mutant, original: string): string {
  let text = original;
  for (const change of [{ find, replace }, ...also]) {
    if (text.split(change.find).length !== 2)
      throw new Error(`${name}: ${file} has not exactly one ${JSON.stringify(change.find)}`);
    text = text.replace(change.find, () => change.replace);
  }
  return text;
}

function main(): void {
  const words = process.argv.slice(2);
  const mutants = MUTANTS.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  const tree = copyTree();
  const sound = new Map<string, Outcome>();
  let wrong = 0;
  try {
    for (const mutant of mutants) {
      const key = `${mutant.test} ${mutant.named}`;
      if (!sound.has(key)) sound.set(key, runTest(tree, mutant));
      const restore = mutate(tree, mutant);
      const outcome = runTest(tree, mutant);
      restore();
      const caught = sound.get(key) === "passes" && outcome === "fails";
      if (!caught) wrong += 1;
      process.stdout.write(
        `${caught ? "caught" : "MISSED"}  ${mutant.name}: without it "${mutant.named}" ${sound.get(key)}, with it ${outcome}\n`,
      );
    }
  } finally {
    fs.rmSync(tree, { recursive: true, force: true });
  }
  process.stdout.write(`${mutants.length - wrong} of ${mutants.length} mutants were caught\n`);
  process.exitCode = wrong === 0 ? 0 : 1;
}

if (import.meta.main) main();
