/** Prints every breach of our rules in the generated bundles; part of `npm run check`. */
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { documentProblems, tableProblems, withoutStatuses } from "./document_rules.ts";
import { shapeProblems } from "./document_shapes.ts";
import { operationsOf, type Dict } from "./document_walk.ts";

const readJson = async (path: string): Promise<Dict> => JSON.parse(await readFile(path, "utf8")) as Dict;
const readYaml = async (path: string): Promise<Record<string, Dict>> =>
  parse(await readFile(path, "utf8")) as Record<string, Dict>;

const [hosted, local, tunnel, errors, parameters] = await Promise.all([
  readJson("generated/hosted.json"),
  readJson("generated/local.json"),
  readJson("generated/tunnel.json"),
  readYaml("openapi/errors.yaml"),
  readYaml("openapi/parameters.yaml"),
]);
const without = withoutStatuses(await readFile("docs/decisions/0004-statuses.md", "utf8"));
const problems = [
  ...documentProblems(hosted, without),
  ...documentProblems(local, without),
  // Only our own programs call over the tunnel: what belongs to credentials, pages and caches has no place there.
  ...shapeProblems(tunnel),
  ...tableProblems(hosted, errors, parameters),
];
for (const problem of problems) console.log(problem);
console.log(
  `${operationsOf(hosted).length} hosted and ${operationsOf(local).length} local operations, ${operationsOf(tunnel).length} of the tunnel, ${problems.length} problems`,
);
if (problems.length > 0) process.exitCode = 1;
