/** Prints every breach of our rules in the generated bundles; part of `npm run check`. */
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { documentProblems, tableProblems, withoutStatuses } from "./document_rules.ts";
import { operationsOf, type Dict } from "./document_walk.ts";

const readJson = async (path: string): Promise<Dict> => JSON.parse(await readFile(path, "utf8")) as Dict;
const readYaml = async (path: string): Promise<Record<string, Dict>> =>
  parse(await readFile(path, "utf8")) as Record<string, Dict>;

const [hosted, local, errors, parameters] = await Promise.all([
  readJson("generated/hosted.json"),
  readJson("generated/local.json"),
  readYaml("openapi/errors.yaml"),
  readYaml("openapi/parameters.yaml"),
]);
const without = withoutStatuses(await readFile("docs/decisions/0004-statuses.md", "utf8"));
const problems = [
  ...documentProblems(hosted, without),
  ...documentProblems(local, without),
  ...tableProblems(hosted, errors, parameters),
];
for (const problem of problems) console.log(problem);
console.log(
  `${operationsOf(hosted).length} hosted and ${operationsOf(local).length} local operations, ${problems.length} problems`,
);
if (problems.length > 0) process.exitCode = 1;
