import * as fs from "node:fs";
import * as path from "node:path";
import { expect, it } from "vitest";
import { MUTANTS, withBug } from "../mutants/run.ts";

const ROOT = path.resolve(import.meta.dirname, "..", "..");
const read = (file: string) => fs.readFileSync(path.join(ROOT, file), "utf8");

// What fails here would else fail only after all other checks, in `npm run mutants`.
it.each(MUTANTS)("a known bug can still be put in, and its test is there: $name", (mutant) => {
  const original = read(mutant.file);
  expect(withBug(mutant, original)).not.toBe(original);
  expect(fs.existsSync(path.join(ROOT, mutant.test))).toBe(true);
});
