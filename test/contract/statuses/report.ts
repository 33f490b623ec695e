/** What the tests of statuses leave for `make contract` to print. */
import * as fs from "node:fs";
import * as path from "node:path";
import { CACHE } from "../../../scripts/contract/tool.ts";
import { documentedPairs } from "./wire.ts";
import type { Wire } from "./wire.ts";

/** Writes a table, one line an answer, and returns those that are documented and were not produced. */
export function writeAnswers(surface: "hosted" | "local", { operations, seen }: Wire): string[] {
  const missing = documentedPairs(operations).filter((pair) => !seen.has(pair));
  const lines = documentedPairs(operations).map((pair) => {
    const [operation, status, media] = pair.split(" ");
    return `| ${operation} | ${status} | ${media} | ${seen.has(pair) ? "yes" : "NO"} |`;
  });
  fs.mkdirSync(CACHE, { recursive: true });
  fs.writeFileSync(
    path.join(CACHE, `answers-${surface}.md`),
    ["| operation | status | media type | produced |", "| --- | --- | --- | --- |", ...lines, ""].join("\n"),
  );
  return missing;
}
